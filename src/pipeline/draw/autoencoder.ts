/** @file Pictures to latents and back. */
import { combination } from '../../diffusion/combination.ts';
import { exp, type Graph, input, multiply, type Program, slice } from '../../graph/index.ts';
import { decode, encode } from '../../models/vae/vae.ts';
import type { VaeConfig } from '../../models/vae/vae-config.ts';
import type { Scope } from '../../nn/index.ts';
import type { Session } from '../../runtime/index.ts';
import { float32, reshaped, rowsOf, type Tensor } from '../../tensor/tensor.ts';
import { type BaseModel, placeOf } from '../base/base-model.ts';
import { type ResultPlace, requireFiniteResult } from '../network/finite-results.ts';
import { networkBytes, openNetwork, tracedProgram } from '../network/open-network.ts';
import { joinChannels } from './channels.ts';
import { inTiles, type Tiling, tileSize, tilingOf } from './tiles.ts';

/** Height and width of pictures, in pixels. */
export interface PictureSize {
  readonly height: number;
  readonly width: number;
}

/** The normal distribution of a picture's latents, before scaling. */
export interface LatentMoments {
  readonly mean: Tensor<'f32'>; // [1, latentChannels, h, w]
  readonly deviation: Tensor<'f32'>;
}

/** What a part of a VAE is opened for. */
export interface AutoencoderOptions extends PictureSize {
  /** Side of the tiles, in pixels, in which a larger picture is computed. @default one piece */
  readonly tile?: number | undefined;
}

/** [1, latentChannels, h, w] of a picture size. */
export function latentShape({ vae }: BaseModel, { height, width }: PictureSize): readonly number[] {
  const { latentChannels, downsampling } = vae.config;
  return [1, latentChannels, height / downsampling, width / downsampling];
}

/** VAEs made for float32 may overflow in the precision of half floats; SDXL's first one is known for it. */
const otherAutoencoder =
  'a weight of the VAE is broken, or was cut to half precision that it cannot bear: take the model with another VAE or in f32';

function pictureNotFinite(what: string): () => ResultPlace {
  return () => ({ code: 'PICTURE_NOT_FINITE', what, advice: otherAutoencoder });
}

/** A loaded VAE encoder. */
export class ImageEncoder {
  readonly #session: Session;
  readonly #tiling: Tiling;
  readonly #downsampling: number;

  private constructor(session: Session, tiling: Tiling, downsampling: number) {
    this.#session = session;
    this.#tiling = tiling;
    this.#downsampling = downsampling;
  }

  static async open(base: BaseModel, size: AutoencoderOptions): Promise<ImageEncoder> {
    const trace = encoderTrace(base, tileSize(base, size));
    const session = await openNetwork(base.vae.weights, trace, placeOf(base));
    return new ImageEncoder(session, tilingOf(base, size), base.vae.config.downsampling);
  }

  /**
   * The moments of a picture [1, 3, H, W] in [−1, 1].
   *
   * @throws ModelError PICTURE_NOT_FINITE
   */
  async encode(picture: Tensor<'f32'>): Promise<LatentMoments> {
    const moments = await inTiles(
      picture,
      this.#tiling,
      async (part) => {
        const results = await this.#session.run({ picture: part });
        return joinChannels(results.get('mean'), results.get('deviation'));
      },
      { read: this.#downsampling },
    );
    requireFiniteResult(moments, pictureNotFinite('what the VAE makes of a picture'));
    const [, both = 0, ...sides] = moments.shape;
    const channels = both / 2;
    const planes = reshaped(moments, [both, ...sides]);
    const half = (from: number) =>
      reshaped(rowsOf(planes, from, from + channels), [1, channels, ...sides]);
    return { mean: half(0), deviation: half(channels) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}

/** Latents drawn from their distribution and scaled for the UNet: (μ + σ·noise)·scalingFactor. */
export function drawLatents(
  { vae }: BaseModel,
  { mean, deviation }: LatentMoments,
  noise: ArrayLike<number>,
): Tensor<'f32'> {
  const latents = float32(mean.shape);
  const { scalingFactor } = vae.config;
  mean.data.forEach((average, i) => {
    const spread = Math.fround((deviation.data[i] ?? 0) * (noise[i] ?? 0));
    latents.data[i] = Math.fround(average + spread) * scalingFactor;
  });
  return latents;
}

function encoderTrace({ vae: { config } }: BaseModel, size: PictureSize) {
  const { latentChannels } = config;
  return (graph: Graph, scope: Scope) => {
    const picture = input(graph, 'picture', 'f32', [1, 3, size.height, size.width]);
    const moments = encode(scope, config, picture);
    // The log-variances of real pictures stay far inside the reference's clamp to [−30, 20].
    const logVariance = slice(moments, 1, latentChannels, 2 * latentChannels);
    return {
      mean: slice(moments, 1, 0, latentChannels),
      deviation: exp(multiply(logVariance, 0.5)),
    };
  };
}

function decoderTrace(base: BaseModel, size: PictureSize) {
  return (graph: Graph, scope: Scope) => ({
    picture: decode(
      scope,
      base.vae.config,
      input(graph, 'latents', 'f32', latentShape(base, size)),
    ),
  });
}

/** What a decoder of a picture computes; loads nothing. */
export function decoderProgram(base: BaseModel, size: PictureSize): Program {
  return tracedProgram(base.vae.weights, decoderTrace(base, size));
}

/** What an encoder of a picture computes; loads nothing. */
export function encoderProgram(base: BaseModel, size: PictureSize): Program {
  return tracedProgram(base.vae.weights, encoderTrace(base, size));
}

/** Expected resident memory of a decoder of a picture on the CPU; loads nothing. */
export function decoderBytes(base: BaseModel, size: PictureSize): number {
  return networkBytes(base.vae.weights, decoderTrace(base, size));
}

/** A loaded VAE decoder. */
export class ImageDecoder {
  readonly #session: Session;
  readonly #config: VaeConfig;
  readonly #tiling: Tiling;

  private constructor(session: Session, config: VaeConfig, tiling: Tiling) {
    this.#session = session;
    this.#config = config;
    this.#tiling = tiling;
  }

  static async open(base: BaseModel, size: AutoencoderOptions): Promise<ImageDecoder> {
    const { config, weights } = base.vae;
    const trace = decoderTrace(base, tileSize(base, size));
    const session = await openNetwork(weights, trace, placeOf(base));
    return new ImageDecoder(session, config, tilingOf(base, size));
  }

  /** Floating-point operations of one tile; without tiles, of a picture. */
  get flops(): number {
    return this.#session.flops;
  }

  /**
   * A picture [1, 3, H, W], about [−1, 1] and not clamped, of scaled latents [1, latentChannels, h, w].
   *
   * @throws ModelError PICTURE_NOT_FINITE
   */
  async decode(latents: Tensor<'f32'>): Promise<Tensor<'f32'>> {
    const { scalingFactor, downsampling } = this.#config;
    const picture = await inTiles(
      combination([1 / scalingFactor, latents]),
      this.#tiling,
      async (part) => (await this.#session.run({ latents: part })).get('picture'),
      { written: downsampling },
    );
    return requireFiniteResult(
      picture,
      pictureNotFinite('the picture that the VAE makes of latents'),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}
