/** @file A base model to plan with: a folder in the diffusers layout that may hold configurations alone. */
import { bundledTokenizer } from '../../data/bundled-tokenizer.ts';
import { parseSchedulerConfig } from '../../diffusion/scheduler-config.ts';
import type { Value } from '../../graph/index.ts';
import { absentWeights, type Precision } from '../../models/absent-weights.ts';
import { parseClipTextConfig } from '../../models/clip/clip-config.ts';
import { traceUNet } from '../../models/unet/sites.ts';
import { parseUNetConfig } from '../../models/unet/unet-config.ts';
import { parseVaeConfig } from '../../models/vae/vae-config.ts';
import { textClaims, vaeClaims } from '../../models/weight-claims.ts';
import { join } from '../../platform/paths.ts';
import { readJson, readJsonIfPresent } from '../../storage/files/json-file.ts';
import { type BaseModel, requireFitting } from './base-model.ts';
import { readRecommendation } from './recommendation.ts';

/**
 * The model that a folder's configurations describe: nothing can be computed with it, but everything planned.
 *
 * Tokenizers are the bundled one.
 *
 * @param dtype what its weights would be stored as. @default 'f16', as checkpoints are mostly published
 * @throws ModelError, FormatError or SystemError where a configuration is wrong or is not there
 */
export async function outlineModel(
  name: string,
  folder: string,
  dtype: Precision = 'f16',
): Promise<BaseModel> {
  const absent = (what: string, claims: ReadonlyMap<string, Value>) =>
    absentWeights(what, folder, { claims, dtype });
  const read = async <Config>(
    part: string,
    parse: (json: unknown, where: string) => Config,
    file = 'config.json',
  ): Promise<Config> => {
    const path = join(folder, part, file);
    return parse(await readJson(path, `${part} configuration`), path);
  };
  const unet = await read('unet', parseUNetConfig);
  const vae = await read('vae', parseVaeConfig);
  const texts = await textParts(folder);
  const textConfigs = await Promise.all(texts.map((part) => read(part, parseClipTextConfig)));
  const tokenizer = await bundledTokenizer();
  return requireFitting({
    name,
    folder,
    textEncoders: textConfigs.map((config) => ({
      config,
      weights: absent('text encoder', textClaims(config)),
      tokenizer,
    })),
    zeroNegative: false,
    unet: { config: unet, weights: absent('UNet', traceUNet(unet).weights) },
    vae: { config: vae, weights: absent('VAE', vaeClaims(vae)) },
    scheduler: await read('scheduler', parseSchedulerConfig, 'scheduler_config.json'),
    recommendation: await readRecommendation(folder),
  });
}

/** The folders of text encoders that are there, in the order the UNet's context joins them. */
async function textParts(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const part of ['text_encoder', 'text_encoder_2']) {
    const config = await readJsonIfPresent(join(folder, part, 'config.json'), part);
    if (config !== undefined) found.push(part);
  }
  return found;
}
