/** @file Where sampling begins and what holds it: pure noise, a picture under noise, and what a mask keeps. */
import { invariant, ModelError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { Image } from '../../data/image.ts';
import { toTensor } from '../../data/transforms.ts';
import { combination } from '../../diffusion/combination.ts';
import { type DrawNoise, imageToImageStart, type Sampler } from '../../diffusion/samplers/index.ts';
import { concatenated, float32, reshaped, rowsOf, type Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';
import { drawLatents, ImageEncoder, type LatentMoments, type PictureSize } from './autoencoder.ts';
import { latentMask, type Mask, withoutRepainted } from './mask.ts';

/** A picture to begin with. */
export interface InitialPicture {
  /** Of the size that is asked for. */
  readonly picture: Image;
  /** Share of the noise it is put under, in (0, 1]; at 1 nothing of it is left but what a mask keeps. */
  readonly noise: number;
  /** What may be repainted, of the picture's size. @default everything */
  readonly mask?: Mask | undefined;
  /** Takes pixels that the mask keeps from the picture itself; otherwise they went through the autoencoder. @default true */
  readonly keepUnmasked?: boolean;
}

/** What is known before any noise is drawn; the same for every batch. */
export interface KnownPicture {
  readonly noise: number;
  /** Latents of the picture, where something of it is needed. */
  readonly picture: LatentMoments | undefined;
  /** [1, 1, h, w], 1 where latents are repainted; undefined where all are and the network does not ask. */
  readonly mask: Tensor<'f32'> | undefined;
  /** What an in-painting network sees: latents of the picture without what is repainted. */
  readonly visible: LatentMoments | undefined;
}

/** A batch about to be sampled. */
export interface SamplingStart {
  readonly sample: Tensor<'f32'>; // [N, C, h, w]
  /** Index of the first step. */
  readonly first: number;
  /** Puts back what the mask keeps, under the noise that the step after `index` expects. */
  readonly keep?: ((sample: Tensor<'f32'>, index: number) => Tensor<'f32'>) | undefined;
  /** What an in-painting network sees beside the sample: mask and visible latents, [N, 1 + C, h, w]. */
  readonly seen: Tensor<'f32'> | undefined;
}

/** Sample, mask, and latents of what the mask leaves visible. */
const isInPainting = ({ unet, vae }: BaseModel): boolean =>
  unet.config.inChannels === 2 * vae.config.latentChannels + 1;

/**
 * Encodes what sampling has to know of a picture; without one, an in-painting network is told to paint everything.
 *
 * @throws ModelError UNET_CHANNELS where the network expects something that we don't know
 */
export async function knowPicture(
  base: BaseModel,
  size: PictureSize,
  initial: InitialPicture | undefined,
): Promise<KnownPicture> {
  requireKnownChannels(base);
  const noise = initial?.noise ?? 1;
  const isSeeing = isInPainting(base);
  const isBlending = !isSeeing && initial?.mask !== undefined;
  const needsPicture = initial !== undefined && (noise < 1 || isBlending);
  const mask = initial?.mask ?? (isSeeing ? everything(size) : undefined);
  const known = {
    noise,
    picture: undefined,
    mask: mask && latentMask(mask, base.vae.config.downsampling),
    visible: undefined,
  };
  if (!needsPicture && !isSeeing) return known;
  const shape = [1, 3, size.height, size.width];
  const pixels =
    initial === undefined ? float32(shape) : reshaped(toTensor(initial.picture), shape);
  await using encoder = await ImageEncoder.open(base, size);
  return {
    ...known,
    picture: needsPicture ? await encoder.encode(pixels) : undefined,
    visible:
      isSeeing && mask !== undefined
        ? await encoder.encode(withoutRepainted(pixels, mask))
        : undefined,
  };
}

function everything({ width, height }: PictureSize): Mask {
  return { width, height, data: new Uint8Array(width * height).fill(1) };
}

function requireKnownChannels(base: BaseModel): void {
  const { inChannels } = base.unet.config;
  const { latentChannels } = base.vae.config;
  if (inChannels === latentChannels || isInPainting(base)) return;
  throw new ModelError(
    'UNET_CHANNELS',
    `${base.name}: the UNet takes ${inChannels} channels, expected ${latentChannels} (latents) or ${2 * latentChannels + 1} (in-painting: latents, mask and masked latents); it is made for something else than pictures of a prompt`,
  );
}

/**
 * The start of a batch. Noise is drawn in the order of diffusers' pipelines: the picture's latents, the noise, the
 * visible latents; what is not needed is not drawn.
 */
export function startSampling(
  base: BaseModel,
  known: KnownPicture,
  { sampler, drawNoise }: { readonly sampler: Sampler; readonly drawNoise: DrawNoise },
): SamplingStart {
  const clean = known.picture && drawBatch(base, known.picture, drawNoise());
  const noise = drawNoise();
  const visible = known.visible && drawBatch(base, known.visible, drawNoise());
  const count = required(noise.shape, 0);
  const mask = known.mask && repeated(known.mask, count);
  return {
    ...firstSample(sampler, known.noise, { clean, noise }),
    keep:
      clean && mask && !visible
        ? (sample, index) => blended(mask, sample, levelled(sampler, { clean, noise }, index + 1))
        : undefined,
    seen: mask && visible && joinChannels(mask, visible),
  };
}

interface CleanAndNoise {
  readonly clean: Tensor<'f32'> | undefined;
  readonly noise: Tensor<'f32'>;
}

/**
 * At full noise nothing of the picture is left, as in-painting of diffusers begins; its image-to-image leaves √ᾱ_T of
 * it, 7 % in Stable Diffusion 1.x, which a network that never saw pure noise can tell.
 */
function firstSample(
  sampler: Sampler,
  share: number,
  { clean, noise }: CleanAndNoise,
): Pick<SamplingStart, 'sample' | 'first'> {
  if (clean === undefined || share === 1) {
    return { sample: combination([sampler.initialNoiseSigma, noise]), first: 0 };
  }
  const first = firstIndex(sampler, share);
  return { sample: sampler.addNoise(clean, noise, first), first };
}

/**
 * Index at which sampling begins under a share of the noise: 0 where that is all.
 *
 * @throws ConfigError STRENGTH where no step would be left
 */
export function firstIndex(sampler: Sampler, share: number): number {
  return share === 1 ? 0 : imageToImageStart(sampler, share);
}

/** Clean latents under the noise of `timesteps[index]`; after the last step there is none. */
function levelled(
  sampler: Sampler,
  { clean, noise }: { readonly clean: Tensor<'f32'>; readonly noise: Tensor<'f32'> },
  index: number,
): Tensor<'f32'> {
  return index < sampler.timesteps.length ? sampler.addNoise(clean, noise, index) : clean;
}

/** mask·inside + (1 − mask)·outside, for a mask [N, 1, h, w] and samples [N, C, h, w]. */
function blended(
  mask: Tensor<'f32'>,
  inside: Tensor<'f32'>,
  outside: Tensor<'f32'>,
): Tensor<'f32'> {
  const [, channels = 1, height = 1, width = 1] = inside.shape;
  const plane = height * width;
  return float32(
    inside.shape,
    inside.data.map((value, i) => {
      const sample = Math.floor(i / (channels * plane));
      return mask.data[sample * plane + (i % plane)] === 1 ? value : (outside.data[i] ?? 0);
    }),
  );
}

/** One draw of the latents for each sample of the noise. */
function drawBatch(base: BaseModel, moments: LatentMoments, noise: Tensor<'f32'>): Tensor<'f32'> {
  const count = required(noise.shape, 0);
  return concatenated(
    Array.from({ length: count }, (_, n) =>
      drawLatents(base, moments, rowsOf(noise, n, n + 1).data),
    ),
  );
}

function repeated(single: Tensor<'f32'>, count: number): Tensor<'f32'> {
  return concatenated(Array.from({ length: count }, () => single));
}

/** [N, A, h, w] and [N, B, h, w] to [N, A + B, h, w]. */
export function joinChannels(a: Tensor<'f32'>, b: Tensor<'f32'>): Tensor<'f32'> {
  const [count = 0, first = 0, ...plane] = a.shape;
  const second = required(b.shape, 1);
  invariant(b.shape[0] === count, 'joinChannels() needs as many samples of both');
  const parts = Array.from({ length: count }, (_, n) => [
    reshaped(rowsOf(a, n, n + 1), [first, ...plane]),
    reshaped(rowsOf(b, n, n + 1), [second, ...plane]),
  ]);
  return reshaped(concatenated(parts.flat()), [count, first + second, ...plane]);
}
