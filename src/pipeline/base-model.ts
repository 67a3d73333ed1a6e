/** @file A base model on disk: its parts in the diffusers folder layout, each checked against its configuration. */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../base/errors.ts';
import { pocketFolder } from '../data/pocket.ts';
import { type ClipTokenizer, openTokenizer } from '../data/tokenizer.ts';
import { parseSchedulerConfig, type SchedulerConfig } from '../diffusion/scheduler-config.ts';
import { Graph, input } from '../graph/index.ts';
import { type ClipTextConfig, parseClipTextConfig } from '../models/clip/config.ts';
import { clipText } from '../models/clip/text.ts';
import { parseUNetConfig, type UNetConfig } from '../models/unet/config.ts';
import { traceUNet } from '../models/unet/sites.ts';
import { parseVaeConfig, type VaeConfig } from '../models/vae/config.ts';
import { currentVaeName } from '../models/vae/legacy-names.ts';
import { decode, encode } from '../models/vae/vae.ts';
import { checkWeights, type ModelWeights, namedWeights } from '../models/weights.ts';
import { Scope } from '../nn/index.ts';
import { readJson } from '../storage/json-file.ts';
import { openWeights } from '../storage/weight-files.ts';
import { type Recommendation, readRecommendation } from './recommendation.ts';

/** A configuration and the weights that were found to fit it. */
export interface ModelPart<Config> {
  readonly config: Config;
  readonly weights: ModelWeights;
}

/** Everything between a prompt and a picture. */
export interface BaseModel {
  /** As the user named it: `pocket`, or a folder. */
  readonly name: string;
  readonly folder: string;
  readonly tokenizer: ClipTokenizer;
  readonly text: ModelPart<ClipTextConfig>;
  readonly unet: ModelPart<UNetConfig>;
  readonly vae: ModelPart<VaeConfig>;
  readonly scheduler: SchedulerConfig;
  /** Settings that suit this model, where it comes with any. */
  readonly recommendation: Recommendation;
}

const indexSchema = z.looseObject({ _class_name: z.string() });

/** Buffers that old transformers versions stored among the weights. */
const buffers = /\.position_ids$/;

/**
 * Opens a base model and checks every part of it.
 *
 * @param name `pocket` for the bundled model, or a folder with model_index.json
 * @throws ModelError NOT_A_MODEL, MODEL_UNSUPPORTED, or what a part finds wrong
 */
export async function openBaseModel(name: string): Promise<BaseModel> {
  const folder = name === 'pocket' ? pocketFolder() : resolve(name);
  await requireStableDiffusion(folder, name);
  const [tokenizer, text, unet, vae, schedulerJson, recommendation] = await Promise.all([
    openTokenizer(join(folder, 'tokenizer')),
    openText(join(folder, 'text_encoder')),
    openUNet(join(folder, 'unet')),
    openVae(join(folder, 'vae')),
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
      `base "${name}": expected a Stable Diffusion folder with model_index.json, unet, vae, text_encoder, tokenizer and scheduler, found none at ${folder}; give such a folder, or "pocket" for the bundled model`,
      { cause },
    );
  }
  const parsed = indexSchema.safeParse(json);
  const found = parsed.success ? parsed.data._class_name : 'no _class_name';
  if (found === 'StableDiffusionPipeline') return;
  throw new ModelError(
    'MODEL_UNSUPPORTED',
    `${path}: expected a StableDiffusionPipeline (SD 1.x or 2.x), found ${found}`,
  );
}

/** Opens a text encoder folder. */
export async function openText(folder: string): Promise<ModelPart<ClipTextConfig>> {
  const path = join(folder, 'config.json');
  const config = parseClipTextConfig(await readJson(path, 'text encoder configuration'), path);
  const files = await openWeights(folder, 'text encoder');
  const weights = namedWeights('text encoder', files, { ignore: buffers });
  const graph = new Graph();
  const scope = Scope.root(graph);
  clipText(scope, config, {
    ids: input(graph, 'ids', 'i64', [1, 1]),
    pooledRows: input(graph, 'rows', 'i64', [1]),
  });
  checkWeights(weights, scope.weights);
  return { config, weights };
}

/** Opens a UNet folder. */
export async function openUNet(folder: string): Promise<ModelPart<UNetConfig>> {
  const path = join(folder, 'config.json');
  const config = parseUNetConfig(await readJson(path, 'UNet configuration'), path);
  const weights = namedWeights('UNet', await openWeights(folder, 'UNet'));
  checkWeights(weights, traceUNet(config).weights);
  return { config, weights };
}

/** Opens a VAE folder; names of old files are brought up to date. */
export async function openVae(folder: string): Promise<ModelPart<VaeConfig>> {
  const path = join(folder, 'config.json');
  const config = parseVaeConfig(await readJson(path, 'VAE configuration'), path);
  const weights = namedWeights('VAE', await openWeights(folder, 'VAE'), { rename: currentVaeName });
  const graph = new Graph();
  const scope = Scope.root(graph);
  const { downsampling: side, latentChannels } = config;
  encode(scope, config, input(graph, 'pictures', 'f32', [1, 3, side, side]));
  decode(scope, config, input(graph, 'latents', 'f32', [1, latentChannels, 1, 1]));
  checkWeights(weights, scope.weights);
  return { config, weights };
}

function requireSameWidth(text: ClipTextConfig, unet: UNetConfig, folder: string): void {
  if (text.size === unet.contextSize) return;
  throw new ModelError(
    'PARTS_DIFFER',
    `${folder}: the UNet takes text states of size ${unet.contextSize}, the text encoder gives ${text.size}; the parts come from different models`,
  );
}
