/** @file A base model to plan with: a folder in the diffusers layout that may hold configurations alone. */
import { bundledTokenizer } from '../../data/bundled-tokenizer.ts';
import { parseSchedulerConfig } from '../../diffusion/scheduler-config.ts';
import { absentWeights } from '../../models/absent-weights.ts';
import { parseClipTextConfig } from '../../models/clip/clip-config.ts';
import { traceUNet } from '../../models/unet/sites.ts';
import { parseUNetConfig } from '../../models/unet/unet-config.ts';
import { parseVaeConfig } from '../../models/vae/vae-config.ts';
import { textClaims } from '../../models/weight-claims.ts';
import { join } from '../../platform/paths.ts';
import { readJson, readJsonIfPresent } from '../../storage/files/json-file.ts';
import { type BaseModel, requireFitting } from './base-model.ts';
import { readRecommendation } from './recommendation.ts';

/**
 * The model that a folder's configurations describe: nothing can be computed with it, but everything planned.
 *
 * Weights count as half precision; tokenizers are the bundled one.
 *
 * @throws ModelError, FormatError or SystemError where a configuration is wrong or is not there
 */
export async function outlineModel(name: string, folder: string): Promise<BaseModel> {
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
      weights: absentWeights('text encoder', folder, textClaims(config)),
      tokenizer,
    })),
    zeroNegative: false,
    unet: { config: unet, weights: absentWeights('UNet', folder, traceUNet(unet).weights) },
    vae: { config: vae, weights: absentWeights('VAE', folder, new Map()) },
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
