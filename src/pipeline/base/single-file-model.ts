/** @file Base models in one file, as ComfyUI and A1111 use them: recognised by their tensors, read in place. */
import { firstNames } from '../../base/quantities.ts';
import { required } from '../../base/required.ts';
import { bundledTokenizer } from '../../data/bundled-tokenizer.ts';
import {
  type PredictionType,
  parseSchedulerConfig,
  type SchedulerConfig,
} from '../../diffusion/scheduler-config.ts';
import {
  families,
  familyFolder,
  familyJson,
  isFamilyName,
  openFamilyConfig,
} from '../../models/families.ts';
import {
  averagePrefix,
  type FileKind,
  kindNamed,
  recognize,
} from '../../models/single-file/kinds.ts';
import {
  type CheckpointConfig,
  type CheckpointParts,
  checkpointParts,
} from '../../models/single-file/parts.ts';
import { familyOfLayers, layersOfFile } from '../../models/single-file/unet-layers.ts';
import type { UNetConfig } from '../../models/unet/unet-config.ts';
import type { VaeConfig } from '../../models/vae/vae-config.ts';
import { join } from '../../platform/paths.ts';
import { openTensorFile, type TensorFile } from '../../storage/weights/tensor-file.ts';
import type { ModelPart, TextPart } from './base-model.ts';
import { refuseOtherNoise, zeroTerminalSnr } from './checkpoint/checkpoint-noise.ts';
import { checkpointPrediction } from './checkpoint/checkpoint-prediction.ts';
import { usualMostNoise } from './model-index.ts';
import { namedDistillation } from './recommended/few-step-names.ts';
import { asUpscaler, readUpscaler, type UpscalerPart } from './upscaler-part.ts';

export interface SingleFileOptions {
  /**
   * What the UNet predicts.
   * @default what checkpointPrediction finds
   */
  readonly prediction?: PredictionType | undefined;
  /** Whether to take the averages over training that the file holds of the UNet. @default false */
  readonly ema?: boolean | undefined;
}

/** What a checkpoint holds, in the parts that a base model has. */
export interface SingleFile {
  readonly textEncoders: readonly TextPart[];
  readonly zeroNegative: boolean;
  readonly unet: ModelPart<UNetConfig>;
  readonly vae: ModelPart<VaeConfig>;
  readonly scheduler: SchedulerConfig;
  /** Where it is one. */
  readonly upscaler?: UpscalerPart;
  /** What was decided without the user, and what of the file is not used: one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Opens a checkpoint of Stable Diffusion 1.x, 2.x or XL, .safetensors or .ckpt, under its original names.
 *
 * Configurations are those of the family, the tokenizer is the bundled one.
 *
 * @throws ModelError NOT_A_MODEL, MODEL_UNSUPPORTED, CHECKPOINT_PART, CHECKPOINT_EMA, WEIGHTS_MISMATCH
 * @throws FormatError PICKLE_UNSAFE where a .ckpt could run code, or what else its format finds wrong
 */
export async function openSingleFile(
  path: string,
  { prediction, ema = false }: SingleFileOptions = {},
): Promise<SingleFile> {
  const file = await openTensorFile(path);
  const recognized = recognize(file.places, path);
  refuseOtherNoise(file);
  const kind = kindNamed(recognized.name);
  const { family: usual } = kind;
  const like = isFamilyName(usual)
    ? await familyOfLayers(layersOfFile(file.places), usual)
    : undefined;
  const family = like ?? usual;
  const config = await openFamilyConfig(family);
  const named = namedDistillation(path);
  const { type, reason } =
    prediction !== undefined
      ? { type: prediction, reason: 'you said so' }
      : named?.stated.prediction_type !== undefined
        ? { type: named.stated.prediction_type, reason: "the file's name" }
        : await checkpointPrediction(path, file, recognized);
  const unetConfig = {
    ...config.unet,
    inChannels: recognized.inChannels,
    sampleSize:
      named?.sampleSize ??
      (type === 'v_prediction' ? undefined : kind.noiseSampleSize) ??
      config.unet.sampleSize,
  };
  const parts = checkpointParts(file, kind, { ...config, unet: unetConfig }, { ema });
  const zeroSnr = zeroTerminalSnr(file, type);
  const scheduler = parseSchedulerConfig(
    await familyJson(family, 'scheduler', 'scheduler_config.json'),
    join(familyFolder(family), 'scheduler'),
  );
  const isUpscaler = recognized.name === 'x4Upscaler';
  const upscaler = isUpscaler ? await readUpscaler(familyFolder(usual), usualMostNoise) : undefined;
  const model = {
    textEncoders: await textEncoders(kind, config, parts),
    zeroNegative: kind.zeroNegative,
    unet: { config: unetConfig, weights: parts.unet },
    vae: { config: config.vae, weights: parts.vae },
    scheduler: {
      className: named?.className ?? scheduler.className,
      stated: {
        ...{ ...scheduler.stated, ...named?.stated },
        ...{ prediction_type: type, ...zeroSnr.stated },
      },
    },
    notes: [
      `${like === undefined || like === usual ? kind.title : families[like].title}, predicting ${predicted[type]} (${reason})`,
      ...zeroSnr.notes,
      ...averagesNote(file, ema),
      ...ignoredNote(parts.ignored.filter((name) => !isSpokenOf(name))),
    ],
  };
  return asUpscaler(model, upscaler);
}

async function textEncoders(
  { texts }: FileKind,
  configs: CheckpointConfig,
  parts: CheckpointParts,
): Promise<TextPart[]> {
  const encoders: TextPart[] = [];
  for (const [i, { pad }] of texts.entries()) {
    const config = configs.textEncoders[i];
    const weights = parts.textEncoders[i];
    if (config === undefined || weights === undefined) {
      throw new Error('internal: a family has fewer text encoders than its checkpoints');
    }
    encoders.push({ config, weights, tokenizer: await bundledTokenizer(pad) });
  }
  return encoders;
}

/** What a prediction type says that the UNet gives. */
const predicted: Readonly<Record<PredictionType, string>> = {
  epsilon: 'the noise',
  v_prediction: 'the velocity',
  sample: 'the clean latents',
};

/** Which of two sets of weights is used, where the file holds both. */
function averagesNote({ places }: TensorFile, ema: boolean): readonly string[] {
  if (![...places.keys()].some((name) => name.startsWith(averagePrefix))) return [];
  return [
    ema
      ? 'the UNet is the average over its training (ema)'
      : 'the file holds the average of the UNet over its training too; the last weights are used, "ema" takes the average',
  ];
}

/** Tensors that other notes are about. */
function isSpokenOf(name: string): boolean {
  return name === 'v_pred' || name === 'ztsnr' || name.startsWith(averagePrefix);
}

function ignoredNote(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const groups = [...new Set(names.map((name) => required(name.split('.'), 0)))];
  const shown = firstNames(groups, 4);
  return [`${names.length} tensors are not part of the model and not used: ${shown}`];
}
