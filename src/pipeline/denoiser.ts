/** @file The UNet as samplers want it: one guided answer per noisy batch. */
import { type AdapterTensors, attach, type PlacedAdapter } from '../adapters/index.ts';
import { type GuidanceOptions, guided } from '../diffusion/guidance.ts';
import { input } from '../graph/index.ts';
import { sinusoids } from '../models/unet/time-features.ts';
import { unet } from '../models/unet/unet.ts';
import type { Session } from '../runtime/index.ts';
import { concatenated, rowsOf, type Tensor } from '../tensor/tensor.ts';
import { latentShape, type PictureSize } from './autoencoder.ts';
import type { BaseModel } from './base-model.ts';
import { openNetwork } from './network.ts';

/** An adapter with its trained values. */
export interface TrainedAdapter {
  readonly placed: PlacedAdapter;
  readonly tensors: AdapterTensors;
  /** Multiplies ΔW; 0 is the base model itself. @default 1 */
  readonly strength?: number;
}

export interface DenoiserOptions {
  readonly size: PictureSize;
  /** Pictures computed together. */
  readonly batch: number;
  readonly guidance: GuidanceOptions;
  readonly adapter?: TrainedAdapter | undefined;
}

/** Text states of what to show and what not to show, each [1, T, contextSize]. */
export interface GuidanceTexts {
  readonly prompt: Tensor<'f32'>;
  readonly negative: Tensor<'f32'>;
}

/** A loaded UNet with classifier-free guidance. */
export class Denoiser {
  readonly #base: BaseModel;
  readonly #session: Session;
  readonly #options: DenoiserOptions;

  private constructor(base: BaseModel, session: Session, options: DenoiserOptions) {
    this.#base = base;
    this.#session = session;
    this.#options = options;
  }

  static async open(base: BaseModel, options: DenoiserOptions): Promise<Denoiser> {
    const { config, weights } = base.unet;
    const rows = options.batch * copies(options);
    const [, , ...sides] = latentShape(base, options.size);
    const { adapter } = options;
    const session = await openNetwork(
      weights,
      (graph, scope) => ({
        output: unet(scope, config, {
          sample: input(graph, 'sample', 'f32', [rows, config.inChannels, ...sides]),
          timeFeatures: input(graph, 'timeFeatures', 'f32', [
            rows,
            config.levels[0]?.channels ?? 0,
          ]),
          context: input(graph, 'context', 'f32', [
            rows,
            base.text.config.positions,
            config.contextSize,
          ]),
        }),
      }),
      adapter === undefined
        ? {}
        : {
            hook: (graph) =>
              attach(graph, adapter.placed, {
                fixed: adapter.tensors,
                strength: adapter.strength ?? 1,
              }).hook,
          },
    );
    return new Denoiser(base, session, options);
  }

  /** The guided prediction for a scaled sample [batch, C, h, w] at one timestep. */
  async predict(
    sample: Tensor<'f32'>,
    timestep: number,
    texts: GuidanceTexts,
  ): Promise<Tensor<'f32'>> {
    const { batch, guidance } = this.#options;
    const { levels, cosineFirst, frequencyShift } = this.#base.unet.config;
    const both = copies(this.#options) === 2;
    const repeat = (states: Tensor<'f32'>) => Array.from({ length: batch }, () => states);
    const context = both
      ? [...repeat(texts.negative), ...repeat(texts.prompt)]
      : repeat(texts.prompt);
    const results = await this.#session.run({
      sample: both ? concatenated([sample, sample]) : sample,
      timeFeatures: sinusoids(new Float32Array(context.length).fill(timestep), {
        size: levels[0]?.channels ?? 0,
        cosineFirst,
        frequencyShift,
      }),
      context: concatenated(context),
    });
    const output = results.get('output');
    if (!both) return output;
    return guided(rowsOf(output, 0, batch), rowsOf(output, batch, 2 * batch), guidance);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}

/** Without guidance the network is asked for the prompt only. */
function copies({ guidance }: DenoiserOptions): 1 | 2 {
  return guidance.scale === 1 ? 1 : 2;
}
