/** @file What a UNet is told besides a noisy sample: time and text, and for SDXL pooled text and sizes. */
import { commonMultiple } from '../../base/numbers/common-multiple.ts';
import { required } from '../../base/required.ts';
import { concatenate, type Graph, input } from '../../graph/index.ts';
import { guidanceFeatures, sinusoids } from '../../models/unet/time-features.ts';
import type { UNetInputs } from '../../models/unet/unet.ts';
import {
  concatenated,
  float32,
  int64,
  reshaped,
  rowsOf,
  type Shape,
  type Tensor,
} from '../../tensor/tensor.ts';
import {
  type BaseModel,
  pooledSize,
  takesScore,
  textLength,
  timeIdCount,
} from '../base/base-model.ts';
import type { PictureSize } from '../draw/autoencoder.ts';
import type { EncodedText } from './text-encoder.ts';
import { type TextForm, type TextStates, textFeeds } from './text-network.ts';
import { joinedTokens, type TokenizedText } from './tokenized-prompt.ts';

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
  /** Encoded; as token ids where the text encoders are trained too. */
  readonly text: EncodedText | TokenizedText;
  /** Sinusoids of sizes, where the UNet takes them: [N, sizes x addition.timeSize]. */
  readonly sizes: Tensor<'f32'> | undefined;
  /** Of each, where the UNet has classes: levels of an upscaler's noise. @default none */
  readonly classes?: readonly number[];
}

export interface PictureDescription {
  readonly framing: Framing;
  /** Only SDXL's refiner looks at it. @default aestheticScores.wanted */
  readonly score?: number;
}

/** The conditioning of one sample (SDXL's sizes: Podell et al. 2023, sec. 2.2). */
export function conditioningOf(
  base: BaseModel,
  text: EncodedText | TokenizedText,
  { framing, score = aestheticScores.wanted }: PictureDescription,
): Conditioning {
  const { addition, cosineFirst, frequencyShift } = base.unet.config;
  if (addition === undefined) return { text, sizes: undefined };
  const { target } = framing;
  const last = takesScore(base) ? [score] : [target.height, target.width];
  const ids = timeIds(framing, last);
  const features = sinusoids(ids, { size: addition.timeSize, cosineFirst, frequencyShift });
  return { text, sizes: reshaped(features, [1, ids.length * addition.timeSize]) };
}

/** The numbers that describe a picture: original size, crop, and what the model takes last, target size or score. */
export function timeIds({ original, crop }: Framing, last: readonly number[]): readonly number[] {
  return [original.height, original.width, crop.top, crop.left, ...last];
}

/**
 * Conditionings of one model, one after the other; all encoded, or all as tokens. Encoded texts of several lengths are
 * repeated up to a multiple of all: attention to every state n times is attention to each once, so that none conditions
 * otherwise than alone.
 */
export function joinedConditioning(parts: readonly Conditioning[]): Conditioning {
  const sizes = parts.flatMap((part) => part.sizes ?? []);
  return {
    text: joinedTexts(parts.map(({ text }) => text)),
    sizes: sizes.length === 0 ? undefined : concatenated(sizes),
    classes: parts.flatMap(({ classes = [] }) => classes),
  };
}

function joinedTexts(texts: readonly Conditioning['text'][]): Conditioning['text'] {
  const tokenized = texts.flatMap((text) => ('ids' in text ? [text] : []));
  if (tokenized.length > 0) return joinedTokens(tokenized);
  const encoded = texts.flatMap((text) => ('ids' in text ? [] : [text]));
  const tokens = commonTokens(encoded);
  const pooled = encoded.flatMap((text) => text.pooled ?? []);
  return {
    states: concatenated(encoded.map(({ states }) => repeated(states, tokens))),
    pooled: pooled.length === 0 ? undefined : concatenated(pooled),
  };
}

/** Tokens of each of these texts where they are joined. */
export function commonTokens(texts: readonly EncodedText[]): number {
  return commonMultiple(texts.map(({ states }) => required(states.shape, 1)));
}

/** States [N, T, C] one after the other until there are so many: [N, tokens, C]. */
function repeated(states: Tensor<'f32'>, tokens: number): Tensor<'f32'> {
  const [rows = 0, own = 0, channels = 0] = states.shape;
  if (own === tokens) return states;
  const parts = Array.from({ length: rows }, (_, n) =>
    new Array<Tensor<'f32'>>(tokens / own).fill(rowsOf(states, n, n + 1)),
  );
  return reshaped(concatenated(parts.flat()), [rows, tokens, channels]);
}

/** What is known of the texts when the inputs of a UNet are declared. */
interface DeclaredTexts {
  /** Where they are computed in the same graph. @default they are inputs */
  readonly texts?: TextStates | undefined;
  /** Tokens of each. @default those of one chunk */
  readonly tokens?: number | undefined;
}

/** Declares the inputs of a UNet for samples [N, inChannels, h, w]; texts are inputs too where none are given. */
export function unetInputs(
  graph: Graph,
  base: BaseModel,
  sampleShape: Shape,
  { texts, tokens = textLength(base) }: DeclaredTexts = {},
): UNetInputs {
  const { levels, contextSize, addition, guidanceSize, classes } = base.unet.config;
  const [batch = 1] = sampleShape;
  const declare = (name: string, ...shape: number[]) =>
    input(graph, name, 'f32', [batch, ...shape]);
  const sizes = timeIdCount(base) * (addition?.timeSize ?? 0);
  return {
    sample: input(graph, 'sample', 'f32', sampleShape),
    timeFeatures: declare('timeFeatures', required(levels, 0).channels),
    context: texts?.context ?? declare('context', tokens, contextSize),
    additionFeatures:
      addition &&
      concatenate(
        [texts?.pooled ?? declare('pooled', pooledSize(base)), declare('sizes', sizes)],
        1,
      ),
    guidanceFeatures: guidanceSize === undefined ? undefined : declare('guidance', guidanceSize),
    classes: classes === undefined ? undefined : input(graph, 'classes', 'i64', [batch]),
  };
}

/** Samples, their timesteps and their conditioning. */
export interface UNetBatch {
  readonly sample: Tensor<'f32'>; // [N, inChannels, h, w]
  readonly timesteps: ArrayLike<number>;
  readonly conditioning: Conditioning;
  /** Scale of guidance, for networks that are told it. @default they are told nothing */
  readonly guidance?: number | undefined;
}

/** Values for the inputs that unetInputs declares, and for those of traceTexts where texts are tokens. */
export function unetFeeds(
  base: BaseModel,
  { sample, timesteps, conditioning, guidance }: UNetBatch,
  form: Pick<TextForm, 'isWeighted'> = {},
): Readonly<Record<string, Tensor>> {
  const { levels, cosineFirst, frequencyShift, guidanceSize } = base.unet.config;
  const { text, sizes, classes = [] } = conditioning;
  const size = required(levels, 0).channels;
  return {
    sample,
    timeFeatures: sinusoids(timesteps, { size, cosineFirst, frequencyShift }),
    ...('ids' in text
      ? textFeeds(base, text, form)
      : { context: text.states, ...(text.pooled === undefined ? {} : { pooled: text.pooled }) }),
    ...(sizes === undefined ? {} : { sizes }),
    ...(guidanceSize === undefined
      ? {}
      : { guidance: toldGuidance(guidance, [timesteps.length, guidanceSize]) }),
    ...(classes.length === 0 ? {} : { classes: int64([classes.length], classes) }),
  };
}

/** Zeros, of which a projection without bias makes nothing, where no scale is told: [N, size]. */
function toldGuidance(
  scale: number | undefined,
  [samples, size]: readonly [number, number],
): Tensor<'f32'> {
  if (scale === undefined) return float32([samples, size]);
  return guidanceFeatures(new Float32Array(samples).fill(scale), size);
}
