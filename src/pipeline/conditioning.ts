/** @file What a UNet is told besides a noisy sample: time and text, and for SDXL pooled text and sizes. */
import { type Graph, input } from '../graph/index.ts';
import { sinusoids } from '../models/unet/time-features.ts';
import type { UNetInputs } from '../models/unet/unet.ts';
import {
  concatenated,
  joinedColumns,
  reshaped,
  type Shape,
  type Tensor,
} from '../tensor/tensor.ts';
import type { PictureSize } from './autoencoder.ts';
import { type BaseModel, takesScore, textLength } from './base-model.ts';
import type { EncodedText } from './text-encoder.ts';

/** Where a picture lies in the one that it was cut from, in pixels. */
export interface Framing {
  /** Before resizing and cropping. */
  readonly original: PictureSize;
  /** Where the crop begins, after resizing. */
  readonly crop: { readonly top: number; readonly left: number };
  readonly target: PictureSize;
}

/** A picture that nothing was cut from. */
export function uncropped(size: PictureSize): Framing {
  return { original: size, crop: { top: 0, left: 0 }, target: size };
}

/** Scores of pictures from 1 to 10, which SDXL's refiner takes instead of a target size: those of its reference. */
export const aestheticScores = { wanted: 6, unwanted: 2.5 } as const;

/** The conditioning of N samples. */
export interface Conditioning {
  readonly context: Tensor<'f32'>; // [N, T, contextSize]
  /** Pooled text and sinusoids of sizes, where the UNet takes them. */
  readonly additionFeatures: Tensor<'f32'> | undefined; // [N, addition.featureSize]
}

export interface PictureDescription {
  readonly framing: Framing;
  /** Only SDXL's refiner looks at it. @default aestheticScores.wanted */
  readonly score?: number;
}

/** The conditioning of one sample (SDXL's sizes: Podell et al. 2023, sec. 2.2). */
export function conditioningOf(
  base: BaseModel,
  { states, pooled }: EncodedText,
  { framing, score = aestheticScores.wanted }: PictureDescription,
): Conditioning {
  const { addition, cosineFirst, frequencyShift } = base.unet.config;
  if (addition === undefined || pooled === undefined) {
    return { context: states, additionFeatures: undefined };
  }
  const { target } = framing;
  const last = takesScore(base) ? [score] : [target.height, target.width];
  const ids = timeIds(framing, last);
  const features = sinusoids(ids, { size: addition.timeSize, cosineFirst, frequencyShift });
  const sizes = reshaped(features, [1, ids.length * addition.timeSize]);
  return { context: states, additionFeatures: joinedColumns([pooled, sizes]) };
}

/** The numbers that describe a picture: original size, crop, and what the model takes last, target size or score. */
export function timeIds({ original, crop }: Framing, last: readonly number[]): readonly number[] {
  return [original.height, original.width, crop.top, crop.left, ...last];
}

/** Conditionings of one model, one after the other. */
export function joinedConditioning(parts: readonly Conditioning[]): Conditioning {
  const features = parts.flatMap(({ additionFeatures }) => additionFeatures ?? []);
  return {
    context: concatenated(parts.map(({ context }) => context)),
    additionFeatures: features.length === 0 ? undefined : concatenated(features),
  };
}

/** Declares the inputs of a UNet for samples [N, inChannels, h, w]. */
export function unetInputs(graph: Graph, base: BaseModel, sampleShape: Shape): UNetInputs {
  const { levels, contextSize, addition } = base.unet.config;
  const [batch = 1] = sampleShape;
  return {
    sample: input(graph, 'sample', 'f32', sampleShape),
    timeFeatures: input(graph, 'timeFeatures', 'f32', [batch, levels[0]?.channels ?? 0]),
    context: input(graph, 'context', 'f32', [batch, textLength(base), contextSize]),
    additionFeatures:
      addition && input(graph, 'additionFeatures', 'f32', [batch, addition.featureSize]),
  };
}

/** Samples, their timesteps and their conditioning. */
export interface UNetBatch {
  readonly sample: Tensor<'f32'>; // [N, inChannels, h, w]
  readonly timesteps: ArrayLike<number>;
  readonly conditioning: Conditioning;
}

/** Values for the inputs that unetInputs declares. */
export function unetFeeds(
  { unet }: BaseModel,
  { sample, timesteps, conditioning }: UNetBatch,
): Readonly<Record<string, Tensor<'f32'>>> {
  const { levels, cosineFirst, frequencyShift } = unet.config;
  const { context, additionFeatures } = conditioning;
  const size = levels[0]?.channels ?? 0;
  return {
    sample,
    timeFeatures: sinusoids(timesteps, { size, cosineFirst, frequencyShift }),
    context,
    ...(additionFeatures === undefined ? {} : { additionFeatures }),
  };
}
