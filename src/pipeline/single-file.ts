/** @file Base models in one file, as ComfyUI and A1111 use them: recognised by their tensors, read in place. */
import { join } from 'node:path';
import { ModelError } from '../base/errors.ts';
import { bundledTokenizer } from '../data/bundled-tokenizer.ts';
import type { ClipTokenizer } from '../data/tokenizer.ts';
import {
  type PredictionType,
  parseSchedulerConfig,
  type SchedulerConfig,
} from '../diffusion/scheduler-config.ts';
import type { ClipTextConfig } from '../models/clip/config.ts';
import { familyFolder, openFamilyConfig } from '../models/families.ts';
import { checkpointKinds, recognize } from '../models/single-file/kinds.ts';
import { checkpointParts } from '../models/single-file/parts.ts';
import type { UNetConfig } from '../models/unet/config.ts';
import type { VaeConfig } from '../models/vae/config.ts';
import type { ModelWeights } from '../models/weights.ts';
import { readJson } from '../storage/json-file.ts';
import { openTensorFile } from '../storage/tensor-file.ts';
import { checkpointPrediction } from './checkpoint-prediction.ts';

export interface SingleFileOptions {
  /**
   * What the UNet predicts.
   * @default what checkpointPrediction finds
   */
  readonly prediction?: PredictionType;
}

interface Part<Config> {
  readonly config: Config;
  readonly weights: ModelWeights;
}

/** What a checkpoint holds, in the parts that a base model has. */
export interface SingleFile {
  readonly tokenizer: ClipTokenizer;
  readonly text: Part<ClipTextConfig>;
  readonly unet: Part<UNetConfig>;
  readonly vae: Part<VaeConfig>;
  readonly scheduler: SchedulerConfig;
  /** What was decided without the user, and what of the file is not used: one sentence each. */
  readonly notes: readonly string[];
}

/** Latent sides that Stable Diffusion 2.x was published at: the models that predict the noise at 512 pixels. */
const smallSampleSize = 64;

/**
 * Opens a checkpoint of Stable Diffusion 1.x or 2.x, .safetensors or .ckpt, under its original names.
 *
 * Configurations are those of the family, the tokenizer is the bundled one.
 *
 * @throws ModelError NOT_A_MODEL, MODEL_UNSUPPORTED, CHECKPOINT_PART, WEIGHTS_MISMATCH
 * @throws FormatError PICKLE_UNSAFE where a .ckpt could run code, or what else its format finds wrong
 */
export async function openSingleFile(
  path: string,
  { prediction }: SingleFileOptions = {},
): Promise<SingleFile> {
  const file = await openTensorFile(path);
  const recognized = recognize(file.places, path);
  const kind = checkpointKinds[recognized.name];
  if (kind.family === undefined || kind.texts.length > 1) {
    throw new ModelError(
      'MODEL_UNSUPPORTED',
      `${path}: found ${kind.title}; as a single file, Stable Diffusion 1.x and 2.x are supported`,
    );
  }
  const config = await openFamilyConfig(kind.family);
  const { type, reason } =
    prediction === undefined
      ? await checkpointPrediction(path, file, recognized)
      : { type: prediction, reason: 'you said so' };
  const unetConfig = {
    ...config.unet,
    inChannels: recognized.inChannels,
    sampleSize: type === 'epsilon' ? smallSampleSize : config.unet.sampleSize,
  };
  const parts = checkpointParts(file, kind, { ...config, unet: unetConfig });
  const [textConfig] = config.textEncoders;
  const [textWeights] = parts.textEncoders;
  if (textConfig === undefined || textWeights === undefined) {
    throw new Error('internal: a family without a text encoder');
  }
  const schedulerPath = join(familyFolder(kind.family), 'scheduler', 'scheduler_config.json');
  const scheduler = parseSchedulerConfig(
    await readJson(schedulerPath, 'scheduler configuration'),
    schedulerPath,
  );
  return {
    tokenizer: await bundledTokenizer(kind.pad),
    text: { config: textConfig, weights: textWeights },
    unet: { config: unetConfig, weights: parts.unet },
    vae: { config: config.vae, weights: parts.vae },
    scheduler: { ...scheduler, stated: { ...scheduler.stated, prediction_type: type } },
    notes: [
      `${kind.title}, predicting ${type === 'epsilon' ? 'the noise' : 'the velocity'} (${reason})`,
      ...ignoredNote(parts.ignored),
    ],
  };
}

function ignoredNote(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const groups = [...new Set(names.map((name) => name.split('.')[0] ?? name))];
  const shown = groups.slice(0, 4).join(', ') + (groups.length > 4 ? ', ...' : '');
  return [`${names.length} tensors are not part of the model and not used: ${shown}`];
}
