/** @file A base model on disk, each part checked against its configuration: a diffusers folder, or a single file. */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../base/errors.ts';
import { pocketFolder } from '../data/pocket.ts';
import { type ClipTokenizer, openTokenizer } from '../data/tokenizer.ts';
import { parseSchedulerConfig, type SchedulerConfig } from '../diffusion/scheduler-config.ts';
import { textClaims, vaeClaims } from '../models/claims.ts';
import { type ClipTextConfig, parseClipTextConfig } from '../models/clip/config.ts';
import { parseUNetConfig, type UNetConfig } from '../models/unet/config.ts';
import { traceUNet } from '../models/unet/sites.ts';
import { parseVaeConfig, type VaeConfig } from '../models/vae/config.ts';
import { currentVaeName } from '../models/vae/legacy-names.ts';
import { checkWeights, type ModelWeights, namedWeights } from '../models/weights.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { hubNameUnlessPath } from '../storage/hub/local-first.ts';
import { openHubModel } from '../storage/hub/snapshot.ts';
import { readJson } from '../storage/json-file.ts';
import { isTensorFileName } from '../storage/tensor-file.ts';
import { openWeights, type WeightOptions } from '../storage/weight-files.ts';
import { type Recommendation, readRecommendation } from './recommendation.ts';
import { openSingleFile } from './single-file.ts';

/** A configuration and the weights that were found to fit it. */
export interface ModelPart<Config> {
  readonly config: Config;
  readonly weights: ModelWeights;
}

/** Everything between a prompt and a picture. */
export interface BaseModel {
  /** As the user named it: `pocket`, a folder or a file; of the hub, the very content: `owner/name@<commit>`. */
  readonly name: string;
  /** Where it lies: a folder, or the single file itself. */
  readonly folder: string;
  readonly tokenizer: ClipTokenizer;
  readonly text: ModelPart<ClipTextConfig>;
  readonly unet: ModelPart<UNetConfig>;
  readonly vae: ModelPart<VaeConfig>;
  readonly scheduler: SchedulerConfig;
  /** Settings that suit this model, where it comes with any. */
  readonly recommendation: Recommendation;
  /** What was decided without the user, one sentence each. */
  readonly notes?: readonly string[];
}

const indexSchema = z.looseObject({ _class_name: z.string() });

/** Buffers that old transformers versions stored among the weights. */
const buffers = /\.position_ids$/;

/**
 * Opens a base model and checks every part of it.
 *
 * @param name `pocket` for the bundled model, a folder with model_index.json, a .safetensors or .ckpt file,
 * or a model of the Hugging Face hub: `owner/name`, `owner/name@revision`, `owner/name:fp16`; a path of that name wins
 * @param host shows and stops a download
 * @throws ModelError NOT_A_MODEL, MODEL_UNSUPPORTED, or what a part or the hub finds wrong
 * @throws SystemError where a download fails
 */
export async function openBaseModel(name: string, host: HubHost = {}): Promise<BaseModel> {
  if (isTensorFileName(name)) {
    const recommendation = { train: {}, generate: {}, adapters: {} };
    const path = resolve(name);
    return { name, folder: path, recommendation, ...(await openSingleFile(path)) };
  }
  if (name === 'pocket') return await openFolder(name, pocketFolder());
  const onHub = await hubNameUnlessPath(name);
  if (onHub === undefined) return await openFolder(name, resolve(name));
  const model = await openHubModel(onHub, host, { accept: requireSupported });
  return await openFolder(model.name, model.folder, { preferred: onHub.variant });
}

async function openFolder(
  name: string,
  folder: string,
  options: WeightOptions = {},
): Promise<BaseModel> {
  await requireStableDiffusion(folder, name);
  const [tokenizer, text, unet, vae, schedulerJson, recommendation] = await Promise.all([
    openTokenizer(join(folder, 'tokenizer')),
    openText(join(folder, 'text_encoder'), options),
    openUNet(join(folder, 'unet'), options),
    openVae(join(folder, 'vae'), options),
    readJson(join(folder, 'scheduler', 'scheduler_config.json'), 'scheduler configuration'),
    readRecommendation(folder),
  ]);
  const scheduler = parseSchedulerConfig(schedulerJson, join(folder, 'scheduler'));
  requireSameWidth(text.config, unet.config, folder);
  return { name, folder, tokenizer, text, unet, vae, scheduler, recommendation };
}

async function requireStableDiffusion(folder: string, name: string): Promise<void> {
  const path = join(folder, 'model_index.json');
  let json: unknown;
  try {
    json = await readJson(path, 'model index');
  } catch (cause) {
    throw new ModelError(
      'NOT_A_MODEL',
      `base "${name}": expected a Stable Diffusion folder with model_index.json, unet, vae, text_encoder, tokenizer and scheduler, found none at ${folder}; give such a folder, a .safetensors or .ckpt file, or "pocket" for the bundled model`,
      { cause },
    );
  }
  requireSupported(json, path);
}

function requireSupported(index: unknown, path: string): void {
  const parsed = indexSchema.safeParse(index);
  const found = parsed.success ? parsed.data._class_name : 'no _class_name';
  if (found === 'StableDiffusionPipeline') return;
  throw new ModelError(
    'MODEL_UNSUPPORTED',
    `${path}: expected a StableDiffusionPipeline (SD 1.x or 2.x), found ${found}`,
  );
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

function requireSameWidth(text: ClipTextConfig, unet: UNetConfig, folder: string): void {
  if (text.size === unet.contextSize) return;
  throw new ModelError(
    'PARTS_DIFFER',
    `${folder}: the UNet takes text states of size ${unet.contextSize}, the text encoder gives ${text.size}; the parts come from different models`,
  );
}
