/** @file The second pass of a request: its size, its tiles, and what a mask keeps at that size. */
import { ConfigError } from '../../base/errors.ts';
import type { Size } from '../../data/cover.ts';
import type { SamplerName } from '../../diffusion/samplers/index.ts';
import type { OnDevice } from '../../pipeline/base/on-device.ts';
import type { DenoiserOptions } from '../../pipeline/draw/denoiser.ts';
import { tilesThatFit } from '../../pipeline/draw/drawing-memory.ts';
import { stagesOf } from '../../pipeline/draw/experts.ts';
import { nearestSide } from '../../pipeline/draw/picture-size.ts';
import type { InitialPicture } from '../../pipeline/draw/sampling-start.ts';
import type { SecondPass, Upscaler } from '../../pipeline/draw/second-pass.ts';
import type { DrawingTiles } from '../../pipeline/draw/text-to-image.ts';
import type { GenerateConfig, GenerateOptions } from '../generate-options.ts';

/** Latents are blurred by being enlarged, which takes more noise to mend; the strength is A1111's. */
const defaultNoise: Readonly<Record<Upscaler, number>> = { lanczos: 0.4, latent: 0.7 };

/**
 * Refuses settings of a second pass where there is none.
 *
 * @throws ConfigError NO_UPSCALE
 */
export function requireUpscale(options: GenerateOptions): void {
  if (options.upscale !== undefined) return;
  const { upscaleNoise, upscaleSteps, upscaler, tile } = options;
  const settings = { upscaleNoise, upscaleSteps, upscaler, tile };
  const [given] = Object.entries(settings).find(([, value]) => value !== undefined) ?? [];
  if (given === undefined) return;
  throw new ConfigError(
    'NO_UPSCALE',
    `\`${given}\` is for pictures that are drawn again, enlarged, and they are not; add \`upscale\`, or leave \`${given}\` out`,
  );
}

/** What is known of the request. */
export interface FirstPass {
  readonly base: OnDevice;
  readonly sampler: SamplerName | undefined;
  /** Of its pictures. */
  readonly size: Size;
  /** How both passes denoise. */
  readonly drawing: Omit<DenoiserOptions, 'size'>;
  /** The picture to begin with and its mask, at another size. */
  readonly initialAt: (size: Size) => Promise<InitialPicture | undefined>;
}

export interface PlannedSecondPass {
  readonly second: SecondPass | undefined;
  /** What was decided without the user, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Completes and checks the second pass, where one is asked for.
 *
 * @throws ConfigError UPSCALER_MASK, MEMORY_TOO_SMALL, or what a sampler refuses
 */
export async function planSecondPass(
  config: GenerateConfig,
  { base, sampler, size: first, drawing, initialAt }: FirstPass,
): Promise<PlannedSecondPass> {
  const { upscale, upscaler, upscaleSteps: steps = config.steps, eta } = config;
  const { upscaleNoise: noise = defaultNoise[upscaler] } = config;
  if (upscale === undefined) return { second: undefined, notes: [] };
  if (config.mask !== undefined && upscaler === 'latent') throw latentsUnderMask();
  const size = {
    width: nearestSide(base, first.width * upscale),
    height: nearestSide(base, first.height * upscale),
  };
  const again = { from: [], noise };
  stagesOf(base, { steps, eta, sampler, again }); // refuses early
  const { tile } = config;
  const tiles =
    tile === undefined
      ? tilesThatFit(base, { ...drawing, size })
      : { denoiser: tile, autoencoder: tile };
  const initial = config.mask === undefined ? undefined : await initialAt(size);
  const notes = tile === undefined ? tilesNote(tiles) : [];
  return { second: { size, upscaler, noise, steps, tiles, initial }, notes };
}

function latentsUnderMask(): ConfigError {
  return new ConfigError(
    'UPSCALER_MASK',
    '`upscaler: latent` enlarges what the model made, of which a mask keeps nothing to the pixel; with `mask`, use `upscaler: lanczos`',
  );
}

function tilesNote({ denoiser, autoencoder }: DrawingTiles): readonly string[] {
  const parts = [
    ...(denoiser === undefined ? [] : [`denoised in tiles of ${denoiser} pixels`]),
    ...(autoencoder === undefined ? [] : [`decoded in tiles of ${autoencoder} pixels`]),
  ];
  if (parts.length === 0) return [];
  return [`enlarged pictures are ${parts.join(' and ')}, as the memory there is asks for it`];
}
