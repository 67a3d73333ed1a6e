/** @file Opens a base model, each part checked against its configuration: a diffusers folder, or a single file. */
import { ConfigError, ModelError, SystemError } from '../../base/errors.ts';
import { openTokenizer } from '../../data/open-tokenizer.ts';
import { pocketFolder } from '../../data/pocket.ts';
import { parseSchedulerConfig } from '../../diffusion/scheduler-config.ts';
import { type ClipTextConfig, parseClipTextConfig } from '../../models/clip/clip-config.ts';
import { families, isFamilyName } from '../../models/families.ts';
import { traceUNet } from '../../models/unet/sites.ts';
import { parseUNetConfig, type UNetConfig } from '../../models/unet/unet-config.ts';
import { currentVaeName } from '../../models/vae/legacy-names.ts';
import { parseVaeConfig, type VaeConfig } from '../../models/vae/vae-config.ts';
import { textClaims, vaeClaims } from '../../models/weight-claims.ts';
import { checkWeights, namedWeights } from '../../models/weights.ts';
import { stat } from '../../platform/files.ts';
import { join, resolve } from '../../platform/paths.ts';
import { readJson } from '../../storage/files/json-file.ts';
import type { HubHost } from '../../storage/hub/hub-events.ts';
import { hubNameUnlessPath } from '../../storage/hub/local-first.ts';
import { openHubModel } from '../../storage/hub/snapshot.ts';
import { isTensorFileName } from '../../storage/weights/tensor-file.ts';
import { openWeights, type WeightOptions } from '../../storage/weights/weight-files.ts';
import { type BaseModel, type ModelPart, requireFitting } from './base-model.ts';
import { type ModelIndex, parseModelIndex } from './model-index.ts';
import { openSubjectEncoder } from './open-subject-encoder.ts';
import { withFewSteps } from './recommended/few-steps.ts';
import { forSeeingModel, readRecommendation } from './recommended/recommendation.ts';
import { openSingleFile, type SingleFileOptions } from './single-file-model.ts';
import { asUpscaler, readUpscaler } from './upscaler-part.ts';

/** Buffers that old transformers versions stored among the weights. */
const buffers = /\.position_ids$/;

/**
 * Opens a base model and checks every part of it.
 *
 * @param name `pocket` for the bundled model, a folder with model_index.json, a .safetensors or .ckpt file,
 * or a model of the Hugging Face hub: `owner/name`, `owner/name@revision`, `owner/name:fp16`; a path of that name wins
 * @param host shows and stops a download
 * @param options of a single file; the others state themselves what they are, but that a folder may hold the average too
 * @throws ConfigError PREDICTION_STATED where they do, EMA_OF_FOLDER where averages are asked for of a folder
 * that has none
 * @throws ModelError NOT_A_MODEL, MODEL_UNSUPPORTED, or what a part or the hub finds wrong
 * @throws SystemError where a download fails
 */
export async function openBaseModel(
  name: string,
  host: HubHost = {},
  options: SingleFileOptions = {},
): Promise<BaseModel> {
  if (isTensorFileName(name)) {
    const recommendation = { train: {}, generate: {}, adapters: {}, methods: {} };
    const path = resolve(name);
    const parts = await openSingleFile(path, options);
    return withFewSteps(requireFitting({ name, folder: path, recommendation, ...parts }));
  }
  const onHub = name === 'pocket' ? undefined : await hubNameUnlessPath(name);
  const unet = await unetFolder(name, onHub === undefined && name !== 'pocket', options);
  if (options.prediction !== undefined) {
    throw new ConfigError(
      'PREDICTION_STATED',
      `base "${name}": what its UNet predicts stands in scheduler/scheduler_config.json; leave \`prediction\` out, it is for single files`,
    );
  }
  if (name === 'pocket') return await openFolder(name, pocketFolder());
  if (onHub === undefined) return await openFolder(name, resolve(name), { unet });
  const model = await openHubModel(onHub, host, { accept: parseModelIndex });
  return await openFolder(model.name, model.folder, { preferred: onHub.variant });
}

/** Where trainers that write folders keep the average of the UNet, beside the UNet itself. */
const averageFolder = 'unet_ema';

/**
 * The folder of the UNet, or of its average over the training.
 *
 * @throws ConfigError EMA_OF_FOLDER where that is not there
 */
async function unetFolder(
  name: string,
  isFolder: boolean,
  { ema = false }: SingleFileOptions,
): Promise<string> {
  if (!ema) return 'unet';
  const configuration = join(resolve(name), averageFolder, 'config.json');
  if (isFolder && (await isThere(configuration))) return averageFolder;
  throw new ConfigError(
    'EMA_OF_FOLDER',
    `base "${name}": only a single file, or a folder with ${averageFolder} beside unet, holds two sets of weights; leave \`ema\` out, or give one of these`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function openFolder(
  name: string,
  folder: string,
  { unet: unetIn = 'unet', ...options }: WeightOptions & { readonly unet?: string } = {},
): Promise<BaseModel> {
  const { textEncoders, zeroNegative, subject, upscaler } = await readIndex(folder, name);
  const [texts, unet, vae, schedulerJson, own, subjectEncoder] = await Promise.all([
    Promise.all(
      textEncoders.map(async ({ encoder, tokenizer }) => ({
        ...(await openText(join(folder, encoder), options)),
        tokenizer: await openTokenizer(join(folder, tokenizer)),
      })),
    ),
    openUNet(join(folder, unetIn), options),
    openVae(join(folder, 'vae'), options),
    readJson(join(folder, 'scheduler', 'scheduler_config.json'), 'scheduler configuration'),
    readRecommendation(folder),
    subject && openSubjectEncoder(folder, subject, options),
  ]);
  const scheduler = parseSchedulerConfig(schedulerJson, join(folder, 'scheduler'));
  const recommendation = subjectEncoder === undefined ? own : forSeeingModel(own);
  const parts = { textEncoders: texts, zeroNegative, unet, vae, scheduler, subjectEncoder };
  const seen = upscaler && (await readUpscaler(folder, upscaler.mostNoise));
  const whole = { name, folder, recommendation, ...asUpscaler(parts, seen) };
  return withFewSteps(requireFitting(whole));
}

async function readIndex(folder: string, name: string): Promise<ModelIndex> {
  const path = join(folder, 'model_index.json');
  let json: unknown;
  try {
    json = await readJson(path, 'model index');
  } catch (cause) {
    if (!(cause instanceof SystemError && cause.code === 'FILE_NOT_FOUND')) throw cause;
    const found = `base "${name}": expected a Stable Diffusion folder with model_index.json, unet, vae, text_encoder, tokenizer and scheduler, found none at ${folder}`;
    throw new ModelError(
      'NOT_A_MODEL',
      isFamilyName(name)
        ? `${found}; "${families[name].onHub[0]}" is ${families[name].title} with its weights, on the hub`
        : `${found}; give such a folder, a .safetensors or .ckpt file, owner/name of the hub, or "pocket" for the bundled model`,
      { cause },
    );
  }
  return parseModelIndex(json, path);
}

/** Opens a text encoder folder. */
export async function openText(
  folder: string,
  options: WeightOptions = {},
): Promise<ModelPart<ClipTextConfig>> {
  const path = join(folder, 'config.json');
  const config = parseClipTextConfig(await readJson(path, 'text encoder configuration'), path);
  const files = await openWeights(folder, 'text encoder', options);
  const weights = namedWeights('text encoder', files, { ignore: buffers });
  checkWeights(weights, textClaims(config));
  return { config, weights };
}

/** Opens a UNet folder. */
export async function openUNet(
  folder: string,
  options: WeightOptions = {},
): Promise<ModelPart<UNetConfig>> {
  const path = join(folder, 'config.json');
  const config = parseUNetConfig(await readJson(path, 'UNet configuration'), path);
  const weights = namedWeights('UNet', await openWeights(folder, 'UNet', options));
  checkWeights(weights, traceUNet(config).weights);
  return { config, weights };
}

/** Opens a VAE folder; names of old files are brought up to date. */
export async function openVae(
  folder: string,
  options: WeightOptions = {},
): Promise<ModelPart<VaeConfig>> {
  const path = join(folder, 'config.json');
  const config = parseVaeConfig(await readJson(path, 'VAE configuration'), path);
  const weights = namedWeights('VAE', await openWeights(folder, 'VAE', options), {
    rename: currentVaeName,
  });
  checkWeights(weights, vaeClaims(config));
  return { config, weights };
}
