/** @file The UNet as samplers want it: one guided answer per noisy batch. */
import { type GuidanceOptions, guided } from '../../diffusion/guidance.ts';
import { resolveSettings } from '../../diffusion/scheduler-config.ts';
import type { Graph, Program } from '../../graph/index.ts';
import { unet } from '../../models/unet/unet.ts';
import { joinedWeights } from '../../models/weights.ts';
import type { Scope } from '../../nn/index.ts';
import type { Session } from '../../runtime/index.ts';
import { concatenated, rowsOf, type Tensor } from '../../tensor/tensor.ts';
import { withConstants } from '../adapters/adapted-weights.ts';
import { adaptersAt, fixedHook, type TrainedAdapter } from '../adapters/trained-adapter.ts';
import { type BaseModel, placeOf } from '../base/base-model.ts';
import { networkBytes, openNetwork, tracedProgram } from '../network/open-network.ts';
import {
  type Conditioning,
  commonTokens,
  joinedConditioning,
  unetFeeds,
  unetInputs,
} from '../text/conditioning.ts';
import { latentShape, type PictureSize } from './autoencoder.ts';
import { inTiles, tileSize, tilingOf } from './tiles/tiles.ts';

export interface DenoiserOptions {
  readonly size: PictureSize;
  /** Side of the tiles, in pixels, in which a larger picture is computed. @default one piece */
  readonly tile?: number | undefined;
  /** Pictures computed together. */
  readonly batch: number;
  readonly guidance: GuidanceOptions;
  /** Tokens of the texts. @default those of one chunk */
  readonly tokens?: number;
  readonly adapters?: readonly TrainedAdapter[];
}

/** Conditioning towards what to show and away from what not to show, of one sample each. */
export interface GuidanceTexts {
  readonly prompt: Conditioning;
  readonly negative: Conditioning;
}

/** Tokens that the texts have for a denoiser. */
export function tokensOf(
  base: BaseModel,
  { prompt, negative }: GuidanceTexts,
  options: Pick<DenoiserOptions, 'guidance'>,
): number {
  const asked = copies(base, options) === 2 ? [prompt, negative] : [prompt];
  return commonTokens(asked.flatMap(({ text }) => ('ids' in text ? [] : [text])));
}

/** A loaded UNet with classifier-free guidance. */
export class Denoiser {
  readonly #base: BaseModel;
  readonly #options: DenoiserOptions;
  /** By the adapters that are on: with weights that change, kernels would round otherwise than without adapters. */
  readonly #sessions = new Map<string, Session>();

  private constructor(base: BaseModel, options: DenoiserOptions) {
    this.#base = base;
    this.#options = options;
  }

  static async open(base: BaseModel, options: DenoiserOptions): Promise<Denoiser> {
    const denoiser = new Denoiser(base, options);
    await denoiser.#sessionAt(0);
    return denoiser;
  }

  /** The session for a share of the noise schedule, opened where it is asked for first. */
  async #sessionAt(share: number): Promise<Session> {
    const { adapters = [] } = this.#options;
    const active = adaptersAt(adapters, share);
    const key = adapters.map((each) => Number(active.includes(each))).join();
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const session = await openUNetSession(this.#base, this.#options, active);
    this.#sessions.set(key, session);
    return session;
  }

  /** Floating-point operations of one prediction. */
  get flops(): number {
    const [session] = this.#sessions.values();
    return session?.flops ?? 0;
  }

  /** The guided prediction for a scaled sample [batch, inChannels, h, w] at one timestep. */
  async predict(
    sample: Tensor<'f32'>,
    timestep: number,
    texts: GuidanceTexts,
  ): Promise<Tensor<'f32'>> {
    const tiling = tilingOf(this.#base, { ...this.#options, ...this.#options.size });
    return await inTiles(
      sample,
      tiling,
      async (part) => await this.#predictTile(part, timestep, texts),
    );
  }

  async #predictTile(
    sample: Tensor<'f32'>,
    timestep: number,
    texts: GuidanceTexts,
  ): Promise<Tensor<'f32'>> {
    const { batch, guidance } = this.#options;
    const both = copies(this.#base, this.#options) === 2;
    const repeat = (each: Conditioning) => Array.from({ length: batch }, () => each);
    const conditionings = both
      ? [...repeat(texts.negative), ...repeat(texts.prompt)]
      : repeat(texts.prompt);
    const feeds = unetFeeds(this.#base, {
      sample: both ? concatenated([sample, sample]) : sample,
      timesteps: new Float32Array(conditionings.length).fill(timestep),
      conditioning: joinedConditioning(conditionings),
      guidance: guidance.scale,
    });
    const share = 1 - timestep / resolveSettings(this.#base.scheduler).num_train_timesteps;
    const session = await this.#sessionAt(share);
    const results = await session.run(feeds);
    const output = results.get('output');
    if (!both) return output;
    return guided(rowsOf(output, 0, batch), rowsOf(output, batch, 2 * batch), guidance);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions.values()) await session[Symbol.asyncDispose]();
  }
}

/** What a denoiser computes; loads nothing. */
export function denoiserProgram(base: BaseModel, options: DenoiserOptions): Program {
  const { adapters = [] } = options;
  const { weights, trace } = unetNetwork(base, options, adapters);
  return tracedProgram(weights, trace, (graph) => fixedHook(graph, adapters));
}

/** Expected resident memory of a denoiser on the CPU; loads nothing. */
export function denoiserBytes(base: BaseModel, options: DenoiserOptions): number {
  const { adapters = [] } = options;
  const network = unetNetwork(base, options, adapters);
  return networkBytes(network.weights, network.trace, {
    hook: (graph) => fixedHook(graph, adapters),
  });
}

async function openUNetSession(
  base: BaseModel,
  options: DenoiserOptions,
  adapters: readonly TrainedAdapter[],
): Promise<Session> {
  const { weights, trace } = unetNetwork(base, options, adapters);
  const hook = (graph: Graph) => fixedHook(graph, adapters);
  return await openNetwork(weights, trace, { ...placeOf(base), hook });
}

function unetNetwork(
  base: BaseModel,
  options: DenoiserOptions,
  adapters: readonly TrainedAdapter[],
) {
  const { config, weights } = base.unet;
  const rows = options.batch * copies(base, options);
  const [, , ...sides] = latentShape(base, tileSize(base, { ...options, ...options.size }));
  const shape = [rows, config.inChannels, ...sides];
  const trace = (graph: Graph, root: Scope) => ({
    output: unet(
      root.child('unet'),
      config,
      unetInputs(graph, base, shape, { tokens: options.tokens }),
    ),
  });
  const placed = adapters.flatMap((each) => each.placed);
  return { weights: withConstants(joinedWeights({ unet: weights }), placed), trace };
}

/** Without guidance, or where the network is told its scale, it is asked for the prompt only. */
function copies(base: BaseModel, { guidance }: Pick<DenoiserOptions, 'guidance'>): 1 | 2 {
  return guidance.scale === 1 || base.unet.config.guidanceSize !== undefined ? 1 : 2;
}
