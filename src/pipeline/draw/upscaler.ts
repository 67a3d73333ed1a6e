/** @file Pictures enlarged by a model made for it: its UNet sees the picture, under a little noise, beside the latents (Rombach et al. 2022, sec. 4.5). */
import { ConfigError, ModelError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import type { Image } from '../../data/image.ts';
import { imagesFromTensor, toTensor } from '../../data/transforms.ts';
import { combination } from '../../diffusion/combination.ts';
import type { GuidanceOptions } from '../../diffusion/guidance.ts';
import { NoiseSchedule } from '../../diffusion/noise-schedule.ts';
import { createSampler, type SamplerName } from '../../diffusion/samplers/index.ts';
import { resolveSettings } from '../../diffusion/scheduler-config.ts';
import { drawNormal, reshaped, type Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';
import type { UpscalerPart } from '../base/upscaler-part.ts';
import { openedPerUse } from '../network/lending.ts';
import { ImageDecoder, type PictureSize } from './autoencoder.ts';
import { joinChannels } from './channels.ts';
import { Denoiser, type GuidanceTexts, tokensOf } from './denoiser.ts';
import { sampleLatents } from './sample-latents.ts';
import { encodeTexts, keyOf, type TextToImage } from './text-to-image.ts';

/** An upscaler and what it is told beside its picture. */
export interface UpscalerModel extends BaseModel {
  readonly upscaler: UpscalerPart;
}

export interface Upscaling
  extends Pick<
    TextToImage,
    'prompt' | 'negative' | 'syntax' | 'onTruncated' | 'signal' | 'networks' | 'tiles'
  > {
  readonly seed: number;
  readonly steps: number;
  /** @default the sampler of the model's scheduler file */
  readonly sampler?: SamplerName | undefined;
  /** @default 0 */
  readonly eta?: number;
  readonly guidance: GuidanceOptions;
  /** Timesteps of noise that the picture is put under: more lets the model paint more of its own. */
  readonly noiseLevel: number;
  /** The steps that are done, and the latents after the last of them. */
  readonly onStep?: ((done: number, total: number, latents: Tensor<'f32'>) => void) | undefined;
}

/**
 * The model as an upscaler.
 *
 * @throws ModelError UPSCALER_CHANNELS where its UNet does not see a picture beside the latents
 */
export function requireUpscaler(base: BaseModel, upscaler: UpscalerPart): UpscalerModel {
  const { inChannels } = base.unet.config;
  const expected = base.vae.config.latentChannels + 3;
  if (inChannels === expected) return { ...base, upscaler };
  throw new ModelError(
    'UPSCALER_CHANNELS',
    `${base.name}: its index says that it enlarges pictures, and its UNet takes ${inChannels} channels, expected ${expected} (latents and colours); the parts come from different models`,
  );
}

/** Times that an upscaler's pictures are as wide and high as what it is given: a latent for each pixel. */
export function upscalingFactor({ vae }: Pick<BaseModel, 'vae'>): number {
  return vae.config.downsampling;
}

/** The size that a picture comes to. */
export function upscaledSize(
  base: Pick<BaseModel, 'vae'>,
  { width, height }: PictureSize,
): PictureSize {
  const factor = upscalingFactor(base);
  return { width: width * factor, height: height * factor };
}

/**
 * A picture, enlarged. Of the seed come the noise on the picture, then that of the latents.
 *
 * @throws ConfigError NOISE_LEVEL, or what a sampler or tokenize refuses
 * @throws ModelError TEXT_NOT_FINITE, LATENTS_NOT_FINITE or PICTURE_NOT_FINITE where a network breaks down
 */
export async function upscaled(
  base: UpscalerModel,
  picture: Image,
  options: Upscaling,
): Promise<Image> {
  const latents = await upscaledLatents(base, picture, options);
  const { tiles, networks = openedPerUse } = options;
  const size = { ...upscaledSize(base, picture), tile: tiles?.autoencoder };
  const key = ['decoder', ...keyOf(base), size.height, size.width, size.tile];
  const open = () => ImageDecoder.open(base, size);
  return await networks.use(key, open, async (decoder) =>
    required(imagesFromTensor(await decoder.decode(latents)), 0),
  );
}

/** Latents [1, C, height, width] of the enlarged picture: as many as the picture has pixels. */
export async function upscaledLatents(
  base: UpscalerModel,
  picture: Image,
  options: Upscaling,
): Promise<Tensor<'f32'>> {
  requireNoiseLevel(base, options.noiseLevel);
  const { seed, steps, sampler: name, eta = 0, signal } = options;
  const sampler = createSampler(base.scheduler, { steps, eta, ...(name && { name }) });
  const texts = withLevel(
    base,
    await encodeTexts(base, { ...options, size: upscaledSize(base, picture) }),
    options.noiseLevel,
  );
  const generator = new TorchGenerator(seed);
  const { width, height } = picture;
  const seen = noised(base, picture, { generator, level: options.noiseLevel });
  const drawNoise = () => drawNormal(generator, [1, base.vae.config.latentChannels, height, width]);
  const start = combination([sampler.initialNoiseSigma, drawNoise()]);
  const total = sampler.timesteps.length;
  return await withDenoiser(base, options, { picture, texts }, async (denoiser) =>
    sampleLatents(start, {
      ...{ sampler, drawNoise, signal },
      predict: (sample, timestep) => denoiser.predict(joinChannels(sample, seen), timestep, texts),
      onStep: (latents, index) => options.onStep?.(index + 1, total, latents),
    }),
  );
}

async function withDenoiser<Result>(
  model: UpscalerModel,
  { tiles, guidance, networks = openedPerUse }: Upscaling,
  of: { readonly picture: Image; readonly texts: GuidanceTexts },
  work: (denoiser: Denoiser) => Promise<Result>,
): Promise<Result> {
  const size = upscaledSize(model, of.picture);
  const tile = tiles?.denoiser;
  const tokens = tokensOf(model, of.texts, { guidance });
  const { scale, rescale } = guidance;
  const key = ['denoiser', ...keyOf(model), size.height, size.width, tile, scale, rescale, tokens];
  const open = () => Denoiser.open(model, { size, tile, batch: 1, guidance, tokens });
  return await networks.use(key, open, work);
}

/** @throws ConfigError NOISE_LEVEL where the model was not trained for it */
export function requireNoiseLevel({ upscaler, unet }: UpscalerModel, level: number): void {
  const { classes = Number.POSITIVE_INFINITY } = unet.config;
  const most = Math.min(upscaler.mostNoise, classes - 1);
  if (Number.isInteger(level) && level >= 0 && level <= most) return;
  throw new ConfigError(
    'NOISE_LEVEL',
    `noiseLevel: expected a whole number from 0 to ${most}, which this model was trained for, got ${level}`,
  );
}

/** √ᾱ·picture + √(1 − ᾱ)·noise: [1, 3, height, width]. */
export function noised(
  { upscaler }: UpscalerModel,
  picture: Image,
  { generator, level }: { readonly generator: TorchGenerator; readonly level: number },
): Tensor<'f32'> {
  const shape = [1, 3, picture.height, picture.width];
  const pixels = reshaped(toTensor(picture), shape);
  const schedule = new NoiseSchedule(resolveSettings(upscaler.noise));
  return schedule.addNoise(pixels, drawNormal(generator, shape), [level]);
}

/** Both halves of guidance are told the level, where the UNet has classes for it. */
function withLevel(
  { unet }: UpscalerModel,
  { prompt, negative }: GuidanceTexts,
  level: number,
): GuidanceTexts {
  const classes = unet.config.classes === undefined ? [] : [level];
  return { prompt: { ...prompt, classes }, negative: { ...negative, classes } };
}
