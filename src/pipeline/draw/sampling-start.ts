/** @file Where sampling begins and what holds it: pure noise, a picture under noise, and what a mask keeps. */
import { ModelError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { Image } from '../../data/image.ts';
import { toTensor } from '../../data/transforms.ts';
import { combination } from '../../diffusion/combination.ts';
import type { DrawNoise, Sampler } from '../../diffusion/samplers/index.ts';
import { concatenated, float32, reshaped, rowsOf, type Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';
import {
  type AutoencoderOptions,
  drawLatents,
  ImageEncoder,
  type LatentMoments,
  type PictureSize,
} from './autoencoder.ts';
import { joinChannels } from './channels.ts';
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

/** What a pass before left, which is drawn again at the size that is asked for. */
export interface DrawnBefore {
  /** One for each seed: pictures of that size, or latents [1, C, h, w] of it. */
  readonly from: readonly Image[] | readonly Tensor<'f32'>[];
  /** Share of the noise that they are put under, in (0, 1]. */
  readonly noise: number;
}

/** What sampling may begin with. */
export interface Beginning {
  /** @default none: from noise */
  readonly initial?: InitialPicture | undefined;
  /** Begins with these; the initial picture is then what its mask keeps. @default none */
  readonly again?: DrawnBefore | undefined;
}

/** Latents to begin with: as the VAE sees a picture, from which they are drawn, or themselves. */
type KnownLatents = LatentMoments | Tensor<'f32'>;

/** What is known before any noise is drawn. */
export interface KnownPicture {
  readonly noise: number;
  /** One for every sample, or one for each; none where nothing of them is needed. */
  readonly latents: readonly KnownLatents[];
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
  size: AutoencoderOptions,
  { initial, again }: Beginning,
): Promise<KnownPicture> {
  requireKnownChannels(base);
  const noise = shareOfNoise({ initial, again });
  const isSeeing = isInPainting(base);
  const isBlending = !isSeeing && initial?.mask !== undefined;
  const beginnings: readonly (Image | Tensor<'f32'>)[] =
    again?.from ?? (initial === undefined ? [] : [initial.picture]);
  const needed = noise < 1 || isBlending ? beginnings : [];
  const mask = initial?.mask ?? (isSeeing ? everything(size) : undefined);
  const known = {
    noise,
    latents: needed.flatMap((each) => ('shape' in each ? [each] : [])),
    mask: mask && latentMask(mask, base.vae.config.downsampling),
    visible: undefined,
  };
  const pictures = needed.flatMap((each) => ('shape' in each ? [] : [each]));
  if (pictures.length === 0 && !isSeeing) return known;
  const shape = [1, 3, size.height, size.width];
  const pixels = (image: Image | undefined) =>
    image === undefined ? float32(shape) : reshaped(toTensor(image), shape);
  await using encoder = await ImageEncoder.open(base, size);
  const seen: LatentMoments[] = [];
  for (const each of pictures) seen.push(await encoder.encode(pixels(each)));
  return {
    ...known,
    latents: pictures.length === 0 ? known.latents : seen,
    visible:
      isSeeing && mask !== undefined
        ? await encoder.encode(withoutRepainted(pixels(initial?.picture), mask))
        : undefined,
  };
}

/** Share of the noise that sampling begins with. */
export function shareOfNoise({ initial, again }: Beginning): number {
  return again?.noise ?? initial?.noise ?? 1;
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

/** A batch about to start. */
interface StartedBatch {
  readonly sampler: Sampler;
  /** Index of its first step. */
  readonly first: number;
  /** Its first picture and how many there are, of all that are drawn. */
  readonly start: number;
  readonly count: number;
  readonly drawNoise: DrawNoise;
}

/**
 * The start of a batch. Noise is drawn in the order of diffusers' pipelines: the picture's latents, the noise, the
 * visible latents; what is not needed is not drawn.
 */
export function startSampling(
  base: BaseModel,
  known: KnownPicture,
  { sampler, first, start, count, drawNoise }: StartedBatch,
): SamplingStart {
  const { latents } = known;
  const own = latents.length > 1 ? latents.slice(start, start + count) : latents;
  const clean = own.length === 0 ? undefined : cleanBatch(base, own, { count, drawNoise });
  const noise = drawNoise();
  const visible = known.visible && cleanBatch(base, [known.visible], { count, drawNoise });
  const mask = known.mask && repeated(known.mask, count);
  return {
    first,
    sample: firstSample(sampler, first, { share: known.noise, clean, noise }),
    keep:
      clean && mask && !visible
        ? (sample, index) => blended(mask, sample, levelled(sampler, { clean, noise }, index + 1))
        : undefined,
    seen: mask && visible && joinChannels(mask, visible),
  };
}

interface CleanAndNoise {
  /** Of the noise. */
  readonly share: number;
  readonly clean: Tensor<'f32'> | undefined;
  readonly noise: Tensor<'f32'>;
}

/**
 * At full noise nothing of the picture is left, as in-painting of diffusers begins; its image-to-image leaves √ᾱ_T of
 * it, 7 % in Stable Diffusion 1.x, which a network that never saw pure noise can tell.
 */
function firstSample(
  sampler: Sampler,
  first: number,
  { share, clean, noise }: CleanAndNoise,
): Tensor<'f32'> {
  if (clean === undefined || share === 1) {
    return combination([sampler.initialNoiseSigma, noise]);
  }
  return sampler.addNoise(clean, noise, first);
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

/** Clean latents of every sample of a batch, from one for all of them or one for each; noise is drawn where the VAE's are. */
function cleanBatch(
  base: BaseModel,
  latents: readonly KnownLatents[],
  { count, drawNoise }: Pick<StartedBatch, 'count' | 'drawNoise'>,
): Tensor<'f32'> {
  const noise = latents.every((each) => 'data' in each) ? undefined : drawNoise();
  return concatenated(
    Array.from({ length: count }, (_, n) => {
      const each = required(latents, latents.length === 1 ? 0 : n);
      if ('data' in each) return each;
      return drawLatents(base, each, noise === undefined ? [] : rowsOf(noise, n, n + 1).data);
    }),
  );
}

function repeated(single: Tensor<'f32'>, count: number): Tensor<'f32'> {
  return concatenated(Array.from({ length: count }, () => single));
}
