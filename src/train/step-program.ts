/** @file The training step as a program: (frozen weights, adapter parameters, batch) → (loss, gradients). */
import { attach, type PlacedAdapter } from '../adapters/index.ts';
import {
  gradients,
  input,
  mean,
  multiply,
  reshape,
  square,
  subtract,
  sum,
} from '../graph/index.ts';
import { unet } from '../models/unet/unet.ts';
import type { NamedTensors } from '../optim/optimizer.ts';
import type { BaseModel } from '../pipeline/base-model.ts';
import { unetFeeds, unetInputs } from '../pipeline/conditioning.ts';
import { openNetwork } from '../pipeline/network.ts';
import type { Session } from '../runtime/index.ts';
import type { Shape, Tensor } from '../tensor/tensor.ts';
import type { Batch } from './batches.ts';

/** What a step gives. */
export interface StepResult {
  readonly loss: number;
  /** Mean squared error of each sample, unweighted. */
  readonly perSample: Tensor<'f32'>; // [N]
  readonly gradients: Map<string, Tensor<'f32'>>;
}

export interface StepOptions {
  readonly placed: PlacedAdapter;
  /** Shape of the noisy samples: [N, C, h, w]. */
  readonly sampleShape: Shape;
  /** Prefix of a profile of the graph's execution. */
  readonly profile?: string;
}

/** A loaded training step. */
export class StepProgram {
  readonly #base: BaseModel;
  readonly #session: Session;
  readonly #parameters: readonly string[];

  private constructor(base: BaseModel, session: Session, parameters: readonly string[]) {
    this.#base = base;
    this.#session = session;
    this.#parameters = parameters;
  }

  static async open(base: BaseModel, options: StepOptions): Promise<StepProgram> {
    const { placed, sampleShape, profile } = options;
    const { config, weights } = base.unet;
    const [batch = 1] = sampleShape;
    const names: string[] = [];
    let attached: ReturnType<typeof attach> | undefined;
    const session = await openNetwork(
      weights,
      (graph, scope) => {
        const target = input(graph, 'target', 'f32', sampleShape);
        const sampleWeights = input(graph, 'weights', 'f32', [batch]);
        const prediction = unet(scope, config, unetInputs(graph, base, sampleShape));
        const errors = mean(square(subtract(prediction, target)), [1, 2, 3]);
        const perSample = reshape(errors, [batch]);
        const loss = reshape(sum(multiply(perSample, sampleWeights), [0]), []);
        const parameters = [...(attached?.parameters ?? [])];
        const found = gradients(
          loss,
          parameters.map(([, value]) => value),
        );
        names.push(...parameters.map(([name]) => name));
        const outputs = found.map(
          (gradient, i) => [gradientName(names[i] ?? ''), gradient] as const,
        );
        return { loss, perSample, ...Object.fromEntries(outputs) };
      },
      {
        hook: (graph) => {
          attached = attach(graph, placed);
          return attached.hook;
        },
        ...(profile === undefined ? {} : { profile }),
      },
    );
    return new StepProgram(base, session, names);
  }

  /** Floating-point operations of one step. */
  get flops(): number {
    return this.#session.flops;
  }

  /** Runs forward and backward once. */
  async run(batch: Batch, parameters: NamedTensors): Promise<StepResult> {
    const results = await this.#session.run({
      ...unetFeeds(this.#base, batch),
      target: batch.target,
      weights: batch.weights,
      ...Object.fromEntries(parameters),
    });
    return {
      loss: results.get('loss').data[0] ?? Number.NaN,
      perSample: results.get('perSample'),
      gradients: new Map(this.#parameters.map((name) => [name, results.get(gradientName(name))])),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}

function gradientName(parameter: string): string {
  return `gradient of ${parameter}`;
}
