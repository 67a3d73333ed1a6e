/** @file The kinds of single-file checkpoints, told apart by the size of the text states that their UNet takes. */
import { ModelError } from '../../base/errors.ts';
import { firstNames } from '../../base/quantities.ts';
import type { WeightPlace } from '../../storage/weights/weight-place.ts';
import type { ConfigurationName, FamilyName } from '../families.ts';
import type { Source } from './source.ts';
import { openClipSource } from './text-names.ts';

/** A way to write a text encoder into a checkpoint. */
export interface TextLayout {
  readonly prefix: string;
  /** Where a tensor of today's name lies below the prefix. */
  readonly source: (name: string) => Source | undefined;
}

/** A text encoder of a checkpoint. */
export interface TextInCheckpoint {
  /** The layouts it is found in, the usual one first. */
  readonly layouts: readonly TextLayout[];
  /** The token that fills up short texts. */
  readonly pad: string;
}

/** One kind of single file. */
export interface FileKind {
  readonly title: string;
  /** Whose configurations apply. */
  readonly family: ConfigurationName;
  readonly contextSize: number;
  /** Latent side that those were published at which predict the noise, where it is not the family's. */
  readonly noiseSampleSize?: number;
  /** Whether an empty negative prompt is zeros rather than the states of an empty text. */
  readonly zeroNegative: boolean;
  /** In the order the UNet's context joins them. */
  readonly texts: readonly TextInCheckpoint[];
}

/** One kind of checkpoint: of a model that draws pictures of prompts. */
export interface CheckpointKind extends FileKind {
  readonly family: FamilyName;
}

const clip = (prefix: string): TextLayout => ({ prefix, source: (name) => ({ name }) });
/** As some tools of 2022 wrote CLIP: without the outer module. */
const bareClip = (prefix: string): TextLayout => ({
  prefix,
  source: (name) => ({ name: name.replace(/^text_model\./, '') }),
});
const openClip = (prefix: string): TextLayout => ({ prefix, source: openClipSource });

const endOfText = '<|endoftext|>';
/** What OpenCLIP's encoders were trained with: the token of id 0. */
const openClipPad = '!';

export const checkpointKinds = {
  sd1: {
    title: 'Stable Diffusion 1.x',
    family: 'sd15',
    contextSize: 768,
    zeroNegative: false,
    texts: [
      {
        layouts: [
          'cond_stage_model.transformer.',
          // Saved while a program had wrapped the encoder.
          'cond_stage_model.model.transformer.',
          'conditioner.embedders.0.transformer.',
        ].flatMap((prefix) => [clip(prefix), bareClip(prefix)]),
        pad: endOfText,
      },
    ],
  },
  sd2: {
    title: 'Stable Diffusion 2.x',
    family: 'sd21',
    contextSize: 1024,
    noiseSampleSize: 64,
    zeroNegative: false,
    texts: [
      {
        layouts: [openClip('cond_stage_model.model.'), openClip('conditioner.embedders.0.model.')],
        pad: openClipPad,
      },
    ],
  },
  sdxl: {
    title: 'Stable Diffusion XL',
    family: 'sdxl',
    contextSize: 2048,
    zeroNegative: true,
    texts: [
      { layouts: [clip('conditioner.embedders.0.transformer.')], pad: endOfText },
      { layouts: [openClip('conditioner.embedders.1.model.')], pad: openClipPad },
    ],
  },
  sdxlRefiner: {
    title: 'Stable Diffusion XL refiner',
    family: 'sdxl-refiner',
    contextSize: 1280,
    zeroNegative: false,
    texts: [{ layouts: [openClip('conditioner.embedders.0.model.')], pad: openClipPad }],
  },
} as const satisfies Record<string, CheckpointKind>;

/** The x4 upscaler, whose UNet sees three colours beside the latents. */
export const upscalerKind = {
  title: 'Stable Diffusion x4 upscaler',
  family: 'x4-upscaler',
  contextSize: 1024,
  zeroNegative: false,
  texts: [{ layouts: [openClip('cond_stage_model.model.')], pad: openClipPad }],
} as const satisfies FileKind;
/** Channels of its UNet's input. */
const upscalerChannels = 7;

export type CheckpointKindName = keyof typeof checkpointKinds;

/** Start of the names of all UNet tensors. */
export const unetPrefix = 'model.diffusion_model.';

/**
 * Names of the averages over training (Polyak), as CompVis' code stores them: the parameter's name below `model.` without
 * its dots. They can't be taken apart again, only made from the names of the weights.
 */
export function averageName(stored: string): string {
  return `${averagePrefix}${stored.replace(/^model\./, '').replaceAll('.', '')}`;
}

/** Start of the names of all averages. */
export const averagePrefix = 'model_ema.';

/** Start of the names of all tensors of the autoencoder. */
export const vaePrefix = 'first_stage_model.';

/** What the tensors' names and shapes say of a checkpoint. */
export interface Recognized {
  readonly name: CheckpointKindName | 'x4Upscaler';
  /** Channels of the UNet's input: 4, or 9 where it paints into a masked picture; of the upscaler 7. */
  readonly inChannels: number;
}

/** Whether a file holds a UNet under the original names, of whatever kind. */
export function isCheckpoint(places: ReadonlyMap<string, unknown>): boolean {
  return [...places.keys()].some((name) => name.startsWith(unetPrefix));
}

/**
 * Recognises a checkpoint.
 *
 * @throws ModelError NOT_A_MODEL where it holds no UNet under the original names, MODEL_UNSUPPORTED for other UNets
 */
export function recognize(places: ReadonlyMap<string, WeightPlace>, path: string): Recognized {
  const first = places.get(`${unetPrefix}input_blocks.0.0.weight`);
  const key = [...places.keys()].find((name) =>
    /^model\.diffusion_model\.input_blocks\..*\.attn2\.to_k\.weight$/.test(name),
  );
  if (first === undefined || key === undefined) throw notACheckpoint(places, path);
  const contextSize = places.get(key)?.entry.shape[1];
  const [, inChannels = 0] = first.entry.shape;
  if (inChannels === upscalerChannels && contextSize === upscalerKind.contextSize) {
    return { name: 'x4Upscaler', inChannels };
  }
  const names = Object.keys(checkpointKinds) as CheckpointKindName[];
  const name = names.find((each) => checkpointKinds[each].contextSize === contextSize);
  if (name === undefined) {
    const known = names.map((each) => checkpointKinds[each]);
    throw new ModelError(
      'MODEL_UNSUPPORTED',
      `${path}: its UNet takes text states of size ${contextSize}; known are ${known.map((kind) => `${kind.contextSize} (${kind.title})`).join(', ')}`,
    );
  }
  if (inChannels !== 4 && inChannels !== 9) {
    const meaning = new Map([
      [5, ', as models guided by depth do'],
      [8, ', as models that edit pictures by instruction do'],
    ]).get(inChannels);
    throw new ModelError(
      'MODEL_UNSUPPORTED',
      `${path}: its UNet takes ${inChannels} channels${meaning ?? ''}; only 4 (text to image), 9 (in-painting) and, with text states of size ${upscalerKind.contextSize}, ${upscalerChannels} (the x4 upscaler) are supported`,
    );
  }
  return { name, inChannels };
}

/** What is known of a kind. */
export function kindNamed(name: Recognized['name']): FileKind {
  return name === 'x4Upscaler' ? upscalerKind : checkpointKinds[name];
}

/**
 * Recognises a checkpoint that adapters may be merged into.
 *
 * @throws ModelError as recognize, and MODEL_UNSUPPORTED for the upscaler
 */
export function recognizeBase(
  places: ReadonlyMap<string, WeightPlace>,
  path: string,
): CheckpointKindName {
  const { name } = recognize(places, path);
  if (name !== 'x4Upscaler') return name;
  throw new ModelError(
    'MODEL_UNSUPPORTED',
    `${path}: it is the ${upscalerKind.title}, which enlarges pictures and is no base of adapters; give the model that the adapter was made for`,
  );
}

function notACheckpoint(places: ReadonlyMap<string, WeightPlace>, path: string): ModelError {
  const names = [...places.keys()];
  const holds = (pattern: RegExp) => names.some((name) => pattern.test(name));
  const advice = holds(/lora_|lokr_|hada_|\.lora\.|^base_model\./)
    ? 'it looks like an adapter, not a base model'
    : holds(/^(unet\.)?(down_blocks|up_blocks)\.|^text_model\./)
      ? 'it looks like one part of a model in the diffusers layout: give the folder that holds model_index.json'
      : 'give a checkpoint of Stable Diffusion 1.x, 2.x or XL as ComfyUI and A1111 use them, or a diffusers folder';
  return new ModelError(
    'NOT_A_MODEL',
    `${path}: expected tensors named "${unetPrefix}...", found ${firstNames(names)}; ${advice}`,
  );
}
