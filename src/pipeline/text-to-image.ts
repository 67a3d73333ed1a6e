/** @file Prompts to pictures, from noise or from a picture: encoders, sampling loop and decoder in turn, each loaded only while it is needed. */
import { TorchGenerator } from '../base/torch-random.ts';
import type { Image } from '../data/image.ts';
import { imagesFromTensor } from '../data/transforms.ts';
import type { GuidanceOptions } from '../diffusion/guidance.ts';
import { createSampler, type SamplerName } from '../diffusion/samplers/index.ts';
import { concatenated, elementCount, float32, rowsOf, type Tensor } from '../tensor/tensor.ts';
import { ImageDecoder, latentShape, type PictureSize } from './autoencoder.ts';
import type { BaseModel } from './base-model.ts';
import { aestheticScores, conditioningOf, uncropped } from './conditioning.ts';
import { Denoiser, type GuidanceTexts, type TrainedAdapter } from './denoiser.ts';
import { keepingOriginal } from './mask.ts';
import { requirePictureSize } from './picture-size.ts';
import { sampleLatents } from './sample-latents.ts';
import {
  type InitialPicture,
  joinChannels,
  type KnownPicture,
  knowPicture,
  startSampling,
} from './sampling-start.ts';
import { type EncodedPrompt, TextEncoder } from './text-encoder.ts';

export interface TextToImage {
  readonly prompt: string;
  /** @default '' */
  readonly negative?: string;
  /** One picture per seed. */
  readonly seeds: readonly number[];
  readonly adapter?: TrainedAdapter | undefined;
  readonly steps: number;
  readonly guidance: GuidanceOptions;
  readonly size: PictureSize;
  /** Image-to-image, and in-painting where it has a mask. @default none: from noise */
  readonly initial?: InitialPicture | undefined;
  /** Pictures computed together. @default 1 */
  readonly batch?: number;
  /** @default the sampler of the model's scheduler file */
  readonly sampler?: SamplerName | undefined;
  /** @default 0 */
  readonly eta?: number;
  readonly onStep?: (done: number, total: number) => void;
  /** What of a prompt did not fit. */
  readonly onTruncated?: (prompt: string, rest: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Pictures of a prompt, in the order of the seeds; a seed gives the same picture in any batch.
 *
 * @throws ConfigError PICTURE_SIZE, STRENGTH, or what a sampler refuses
 */
export async function textToImage(base: BaseModel, options: TextToImage): Promise<Image[]> {
  const { seeds, size: pictureSize, initial, batch = 1 } = options;
  requirePictureSize(base, pictureSize);
  const texts = await encodeTexts(base, options);
  const known = await knowPicture(base, pictureSize, initial);
  const latents: Tensor<'f32'>[] = [];
  for (let first = 0; first < seeds.length; ) {
    // A graph is made for one batch size: full batches, then one for the rest.
    const size = Math.min(batch, seeds.length - first);
    const last = first + Math.floor((seeds.length - first) / size) * size;
    latents.push(...(await sampleBatches(base, { texts, known }, options, { first, last, size })));
    first = last;
  }
  await using decoder = await ImageDecoder.open(base, pictureSize);
  const pictures: Image[] = [];
  for (const each of latents) pictures.push(...imagesFromTensor(await decoder.decode(each)));
  const { picture, mask, keepUnmasked = true } = initial ?? {};
  if (picture === undefined || mask === undefined || !keepUnmasked) return pictures;
  return pictures.map((each) => keepingOriginal(each, picture, mask));
}

async function encodeTexts(base: BaseModel, options: TextToImage): Promise<GuidanceTexts> {
  await using encoder = await TextEncoder.open(base);
  const { prompt, negative = '', onTruncated } = options;
  const framing = uncropped(options.size);
  const conditioning = (text: string, encoded: EncodedPrompt, score: number) => {
    if (encoded.truncated !== undefined) onTruncated?.(text, encoded.truncated);
    return conditioningOf(base, encoded, { framing, score });
  };
  const { wanted, unwanted } = aestheticScores;
  return {
    prompt: conditioning(prompt, await encoder.encode(prompt), wanted),
    negative: conditioning(negative, await encoder.encodeNegative(negative), unwanted),
  };
}

interface Conditions {
  readonly texts: GuidanceTexts;
  readonly known: KnownPicture;
}

interface SeedRange {
  readonly first: number;
  readonly last: number;
  readonly size: number;
}

/** Latents [1, C, h, w] for the seeds of a range, `size` at a time. */
async function sampleBatches(
  base: BaseModel,
  { texts, known }: Conditions,
  options: TextToImage,
  { first, last, size }: SeedRange,
): Promise<Tensor<'f32'>[]> {
  const { seeds, guidance, adapter, steps, sampler: name, eta = 0, signal } = options;
  const sampler = createSampler(base.scheduler, {
    steps,
    eta,
    ...(name === undefined ? {} : { name }),
  });
  await using denoiser = await Denoiser.open(base, {
    size: options.size,
    batch: size,
    guidance,
    adapter,
  });
  const shape = latentShape(base, options.size);
  const results: Tensor<'f32'>[] = [];
  for (let start = first; start < last; start += size) {
    const generators = seeds.slice(start, start + size).map((seed) => new TorchGenerator(seed));
    const drawNoise = () =>
      concatenated(generators.map((generator) => drawNormal(generator, shape)));
    const { seen, sample: begin, ...bounds } = startSampling(base, known, { sampler, drawNoise });
    const evaluations = sampler.timesteps.length - bounds.first;
    const total = seeds.length * evaluations;
    const sampled = await sampleLatents(begin, {
      sampler,
      ...bounds,
      drawNoise,
      predict: (sample, timestep) =>
        denoiser.predict(seen ? joinChannels(sample, seen) : sample, timestep, texts),
      onStep: (_, index) =>
        options.onStep?.(start * evaluations + (index - bounds.first + 1) * size, total),
      signal,
    });
    for (let row = 0; row < size; row++) results.push(rowsOf(sampled, row, row + 1));
  }
  return results;
}

/** Standard normal numbers as torch.randn(shape, generator=...) draws them. */
export function drawNormal(generator: TorchGenerator, shape: readonly number[]): Tensor<'f32'> {
  return float32(shape, generator.randn(elementCount(shape)));
}
