/** @file A base model to plan with: a folder in the diffusers layout that may hold configurations alone. */
import { bundledBertTokenizer } from '../../data/bert/bundled-word-pieces.ts';
import { bundledTokenizer } from '../../data/bundled-tokenizer.ts';
import { clipTransform } from '../../data/transforms.ts';
import { parseSchedulerConfig } from '../../diffusion/scheduler-config.ts';
import type { Value } from '../../graph/index.ts';
import { absentWeights, type Precision } from '../../models/absent-weights.ts';
import { parseBlipConfig } from '../../models/blip/blip-config.ts';
import { parseClipTextConfig } from '../../models/clip/clip-config.ts';
import { type FamilyName, familyFolder, familyJson } from '../../models/families.ts';
import { traceUNet } from '../../models/unet/sites.ts';
import { parseUNetConfig } from '../../models/unet/unet-config.ts';
import { parseVaeConfig } from '../../models/vae/vae-config.ts';
import { queryFormerClaims, textClaims, vaeClaims } from '../../models/weight-claims.ts';
import type { ModelWeights } from '../../models/weights.ts';
import { join } from '../../platform/paths.ts';
import { readJson, readJsonIfPresent } from '../../storage/files/json-file.ts';
import { type BaseModel, requireFitting, type SubjectPart } from './base-model.ts';
import { type ModelIndex, parseModelIndex, usualPosition } from './model-index.ts';
import { withFewSteps } from './recommended/few-steps.ts';
import { forSeeingModel, readRecommendation } from './recommended/recommendation.ts';
import { asUpscaler, readUpscaler } from './upscaler-part.ts';

/** Where configurations are read: in a folder of the diffusers layout, or as the package brings them of a family. */
export type OutlineSource = FamilyName | { readonly folder: string };

/** Reads a file of a part; undefined where there is none. */
type ReadConfiguration = (part: string, file?: string) => Promise<unknown>;

/**
 * The model that configurations describe: nothing can be computed with it, but everything planned.
 *
 * Tokenizers are the bundled one.
 *
 * @param dtype what its weights would be stored as. @default 'f16', as checkpoints are mostly published
 * @throws ModelError, FormatError or SystemError where a configuration is wrong or is not there
 */
export async function outlineModel(
  name: string,
  source: OutlineSource,
  dtype: Precision = 'f16',
): Promise<BaseModel> {
  const folder = typeof source === 'string' ? familyFolder(source) : source.folder;
  const configuration: ReadConfiguration = async (part, file = 'config.json') =>
    typeof source === 'string'
      ? await familyJson(source, part, file)
      : await readJsonIfPresent(join(folder, part, file), `${part} configuration`);
  const absent = (what: string, claims: ReadonlyMap<string, Value>) =>
    absentWeights(what, folder, { claims, dtype });
  const read = async <Config>(
    part: string,
    parse: (json: unknown, where: string) => Config,
    file = 'config.json',
  ): Promise<Config> => {
    const path = join(folder, part, file);
    const found = await configuration(part, file);
    // Read again where it is not there, for the error that says so.
    return parse(found ?? (await readJson(path, `${part} configuration`)), path);
  };
  const unet = await read('unet', parseUNetConfig);
  const vae = await read('vae', parseVaeConfig);
  const texts = await textParts(configuration);
  const textConfigs = await Promise.all(texts.map((part) => read(part, parseClipTextConfig)));
  const tokenizer = await bundledTokenizer();
  const subjectEncoder = await outlineSubject(folder, absent);
  const recommendation = await readRecommendation(folder);
  const { upscaler } = (await statedIndex(folder)) ?? {};
  const seen = upscaler && (await readUpscaler(folder, upscaler.mostNoise));
  const outline = requireFitting({
    name,
    folder,
    textEncoders: textConfigs.map((config) => ({
      config,
      weights: absent('text encoder', textClaims(config)),
      tokenizer,
    })),
    zeroNegative: false,
    unet: { config: unet, weights: absent('UNet', traceUNet(unet).weights) },
    ...asUpscaler({ vae: { config: vae, weights: absent('VAE', vaeClaims(vae)) } }, seen),
    scheduler: await read('scheduler', parseSchedulerConfig, 'scheduler_config.json'),
    subjectEncoder,
    recommendation: subjectEncoder === undefined ? recommendation : forSeeingModel(recommendation),
  });
  return withFewSteps(outline);
}

/** The Q-former that a folder describes, where it has one. */
async function outlineSubject(
  folder: string,
  absent: (what: string, claims: ReadonlyMap<string, Value>) => ModelWeights,
): Promise<SubjectPart | undefined> {
  const path = join(folder, 'qformer', 'config.json');
  const json = await readJsonIfPresent(path, 'Q-former configuration');
  if (json === undefined) return undefined;
  const config = parseBlipConfig(json, path);
  const subject = (await statedIndex(folder))?.subject;
  const { mean, deviation } = clipTransform();
  return {
    config,
    weights: absent('Q-former', queryFormerClaims(config)),
    tokenizer: await bundledBertTokenizer(),
    normalisation: { mean, deviation },
    position: subject?.position ?? usualPosition,
  };
}

/** What the index of a model says, where there is one. */
async function statedIndex(folder: string): Promise<ModelIndex | undefined> {
  const path = join(folder, 'model_index.json');
  const stated = await readJsonIfPresent(path, 'model index');
  return stated === undefined ? undefined : parseModelIndex(stated, path);
}

/** The folders of text encoders that are there, in the order the UNet's context joins them. */
async function textParts(configuration: ReadConfiguration): Promise<readonly string[]> {
  const found: string[] = [];
  for (const part of ['text_encoder', 'text_encoder_2']) {
    if ((await configuration(part)) !== undefined) found.push(part);
  }
  return found;
}
