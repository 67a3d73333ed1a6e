/** @file Pictures to latents and back. */
import { lastOf } from '../../base/required.ts';
import { combination } from '../../diffusion/combination.ts';
import {
  exp,
  type Graph,
  input,
  multiply,
  type Program,
  slice,
  type Value,
} from '../../graph/index.ts';
import {
  decode,
  decoderStages,
  decodeStart,
  encode,
  encodeEnd,
  encoderStages,
  type VaeStage,
} from '../../models/vae/vae.ts';
import type { VaeConfig } from '../../models/vae/vae-config.ts';
import type { Scope } from '../../nn/index.ts';
import type { Session } from '../../runtime/index.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import { type BaseModel, placeOf } from '../base/base-model.ts';
import { type ResultPlace, requireFiniteResult } from '../network/finite-results.ts';
import { networkBytes, openNetwork, tracedProgram } from '../network/open-network.ts';
import { stagesBytes, stagesInTiles } from './tiles/stages-in-tiles.ts';
import { tileSize } from './tiles/tiles.ts';

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

/** A VAE encoder. */
export class ImageEncoder {
  readonly #session: Session;
  /** What of the pictures goes into the session. */
  readonly #begun: Planes;

  private constructor(session: Session, begun: Planes) {
    this.#session = session;
    this.#begun = begun;
  }

  static async open(base: BaseModel, size: AutoencoderOptions): Promise<ImageEncoder> {
    const { config, weights } = base.vae;
    const tiled = isTiled(base, size);
    const trace = tiled ? encoderEndTrace(base, size) : encoderTrace(base, size);
    const session = await openNetwork(weights, trace, placeOf(base));
    return new ImageEncoder(session, planes(base, size, tiled ? encoderStages(config) : []));
  }

  /**
   * The moments of a picture [1, 3, H, W] in [−1, 1].
   *
   * @throws ModelError PICTURE_NOT_FINITE
   */
  async encode(picture: Tensor<'f32'>): Promise<LatentMoments> {
    const results = await this.#session.run({ plane: await this.#begun(picture) });
    const finite = (name: keyof LatentMoments) =>
      requireFiniteResult(results.get(name), pictureNotFinite('what the VAE makes of a picture'));
    return { mean: finite('mean'), deviation: finite('deviation') };
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

/** A VAE decoder. */
export class ImageDecoder {
  readonly #session: Session;
  readonly #config: VaeConfig;
  /** Pictures of what the session gives. */
  readonly #ended: Planes;

  private constructor(session: Session, config: VaeConfig, ended: Planes) {
    this.#session = session;
    this.#config = config;
    this.#ended = ended;
  }

  static async open(base: BaseModel, size: AutoencoderOptions): Promise<ImageDecoder> {
    const { config, weights } = base.vae;
    const tiled = isTiled(base, size);
    const trace = tiled ? decoderStartTrace(base, size) : decoderTrace(base, size);
    const session = await openNetwork(weights, trace, placeOf(base));
    return new ImageDecoder(
      session,
      config,
      planes(base, size, tiled ? decoderStages(config) : []),
    );
  }

  /**
   * A picture [1, 3, H, W], about [−1, 1] and not clamped, of scaled latents [1, latentChannels, h, w].
   *
   * @throws ModelError PICTURE_NOT_FINITE
   */
  async decode(scaled: Tensor<'f32'>): Promise<Tensor<'f32'>> {
    const latents = combination([1 / this.#config.scalingFactor, scaled]);
    const plane = (await this.#session.run({ latents })).get('plane');
    return requireFiniteResult(
      await this.#ended(plane),
      pictureNotFinite('the picture that the VAE makes of latents'),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}

/** What stages make of a plane [1, C, h, w]. */
type Planes = (plane: Tensor<'f32'>) => Promise<Tensor<'f32'>>;

function planes(
  base: BaseModel,
  { height, tile = height }: AutoencoderOptions,
  stages: readonly VaeStage[],
): Planes {
  const model = { weights: base.vae.weights, place: placeOf(base) };
  return async (plane) => await stagesInTiles(model, stages, { plane, picture: { height, tile } });
}

function isTiled(base: BaseModel, size: AutoencoderOptions): boolean {
  const tile = tileSize(base, size);
  return tile.height < size.height || tile.width < size.width;
}

function encoderTrace({ vae: { config } }: BaseModel, { height, width }: PictureSize) {
  return (graph: Graph, scope: Scope) =>
    momentsOf(config, encode(scope, config, input(graph, 'plane', 'f32', [1, 3, height, width])));
}

/** What an encoder makes of the plane of its stages: of a level's channels, twice as large as the latents. */
function encoderEndTrace(base: BaseModel, size: PictureSize) {
  const { config } = base.vae;
  const [, , height = 0, width = 0] = latentShape(base, size);
  const channels = config.blockChannels.at(-2);
  const shape =
    channels === undefined ? [1, 3, height, width] : [1, channels, 2 * height, 2 * width];
  return (graph: Graph, scope: Scope) =>
    momentsOf(config, encodeEnd(scope, config, input(graph, 'plane', 'f32', shape)));
}

function momentsOf({ latentChannels }: VaeConfig, moments: Value) {
  // The log-variances of real pictures stay far inside the reference's clamp to [−30, 20].
  const logVariance = slice(moments, 1, latentChannels, 2 * latentChannels);
  return {
    mean: slice(moments, 1, 0, latentChannels),
    deviation: exp(multiply(logVariance, 0.5)),
  };
}

function decoderTrace(base: BaseModel, size: PictureSize) {
  return (graph: Graph, scope: Scope) => ({
    plane: decode(scope, base.vae.config, latentsOf(graph, base, size)),
  });
}

function decoderStartTrace(base: BaseModel, size: PictureSize) {
  return (graph: Graph, scope: Scope) => ({
    plane: decodeStart(scope, base.vae.config, latentsOf(graph, base, size)),
  });
}

function latentsOf(graph: Graph, base: BaseModel, size: PictureSize): Value {
  return input(graph, 'latents', 'f32', latentShape(base, size));
}

/** What a decoder of a picture computes; loads nothing. */
export function decoderProgram(base: BaseModel, size: PictureSize): Program {
  return tracedProgram(base.vae.weights, decoderTrace(base, size));
}

/** What an encoder of a picture computes; loads nothing. */
export function encoderProgram(base: BaseModel, size: PictureSize): Program {
  return tracedProgram(base.vae.weights, encoderTrace(base, size));
}

/** Expected resident memory of a decoder of a picture in one piece, on the CPU; loads nothing. */
export function decoderBytes(base: BaseModel, size: PictureSize): number {
  return networkBytes(base.vae.weights, decoderTrace(base, size));
}

/** What a decoder in tiles computes in one piece; loads nothing. */
export function decoderStartProgram(base: BaseModel, size: PictureSize): Program {
  return tracedProgram(base.vae.weights, decoderStartTrace(base, size));
}

/** Expected resident memory of that. */
export function decoderStartBytes(base: BaseModel, size: PictureSize): number {
  return networkBytes(base.vae.weights, decoderStartTrace(base, size));
}

/** Expected resident memory of what a decoder computes in tiles. */
export function decoderTilesBytes(
  base: BaseModel,
  { tile, ...size }: PictureSize & { readonly tile: number },
): number {
  const { config, weights } = base.vae;
  const [, , height = 0, width = 0] = latentShape(base, size);
  const plane = [1, lastOf(config.blockChannels), height, width];
  const picture = { height: size.height, tile };
  return stagesBytes(weights, decoderStages(config), { plane, picture });
}
