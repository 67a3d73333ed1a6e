/** @file The training step as a program: (frozen weights, adapter parameters, batch) → (loss, gradients). */
import { type AttachedAdapters, attach, type PlacedAdapter } from '../adapters/index.ts';
import { required } from '../base/required.ts';
import { type LossName, sampleLosses } from '../diffusion/sample-loss.ts';
import {
  type Graph,
  gradientName,
  input,
  multiply,
  reshape,
  subtract,
  sum,
  type Value,
} from '../graph/index.ts';
import { unet } from '../models/unet/unet.ts';
import { joinedWeights, type ModelWeights } from '../models/weights.ts';
import type { Scope } from '../nn/index.ts';
import type { NamedTensors } from '../optim/optimizer.ts';
import { withConstants } from '../pipeline/adapters/adapted-weights.ts';
import { type BaseModel, placeOf, textLength } from '../pipeline/base/base-model.ts';
import { openStep, type PlannedStep, planStep } from '../pipeline/network/planned-step.ts';
import { unetFeeds, unetInputs } from '../pipeline/text/conditioning.ts';
import {
  adaptsTexts,
  type TextForm,
  textWeights,
  traceTexts,
} from '../pipeline/text/text-network.ts';
import type { SegmentedSession } from '../runtime/index.ts';
import type { Shape, Tensor } from '../tensor/tensor.ts';
import { droppingStrength } from './adapter/dropout.ts';
import type { Batch } from './pictures/batches.ts';

/** What a step gives. */
export interface StepResult {
  readonly loss: number;
  /** Loss of each sample, unweighted. */
  readonly perSample: Tensor<'f32'>; // [N]
  readonly gradients: Map<string, Tensor<'f32'>>;
}

export interface StepOptions {
  readonly placed: readonly PlacedAdapter[];
  /** Shape of the noisy samples: [N, C, h, w]. */
  readonly sampleShape: Shape;
  /** @default texts of one chunk, without weights */
  readonly texts?: Omit<TextForm, 'texts'> | undefined;
  /** @default 'l2' */
  readonly loss?: LossName;
  /** Whether places of samples have weights. @default all count alike */
  readonly isMasked?: boolean;
  /** Resident memory to stay within. @default as much as one piece takes */
  readonly memoryBytes?: number | undefined;
  /** Prefix of a profile of the graph's execution. */
  readonly profile?: string;
}

/** The weights that a step reads. */
export function stepWeights(base: BaseModel, placed: readonly PlacedAdapter[]): ModelWeights {
  const unetWeights = { unet: base.unet.weights };
  const weights = joinedWeights(
    adaptsTexts(placed) ? { ...textWeights(base), ...unetWeights } : unetWeights,
  );
  return withConstants(weights, placed);
}

type TracedOptions = Pick<StepOptions, 'placed' | 'sampleShape' | 'texts' | 'loss' | 'isMasked'>;

/** Traces the losses of a batch: what it is told of each sample, the UNet, and how far its prediction is off. */
export function lossTrace(
  base: BaseModel,
  { placed, sampleShape, texts: form = {}, loss: name = 'l2', isMasked = false }: TracedOptions,
): (graph: Graph, root: Scope) => { readonly loss: Value; readonly perSample: Value } {
  const [batch = 1, , ...sides] = sampleShape;
  const { chunks = 1, isWeighted = false } = form;
  return (graph, root) => {
    const target = input(graph, 'target', 'f32', sampleShape);
    const sampleWeights = input(graph, 'weights', 'f32', [batch]);
    const texts = adaptsTexts(placed)
      ? traceTexts(graph, root, { base, texts: batch, chunks, isWeighted })
      : undefined;
    const tokens = chunks * textLength(base);
    const inputs = unetInputs(graph, base, sampleShape, { texts, tokens });
    const prediction = unet(root.child('unet'), base.unet.config, inputs);
    const thresholds = () => input(graph, 'thresholds', 'f32', [batch]);
    const placeWeights = isMasked
      ? input(graph, 'placeWeights', 'f32', [batch, 1, ...sides])
      : undefined;
    const difference = subtract(prediction, target);
    const perSample = sampleLosses(difference, name, { thresholds, placeWeights });
    const loss = reshape(sum(multiply(perSample, sampleWeights), [0]), []);
    return { loss, perSample };
  };
}

/** What that trace is fed, but for the weights of its samples. */
export function lossFeeds(
  base: BaseModel,
  batch: Batch,
  texts: StepOptions['texts'],
): Readonly<Record<string, Tensor>> {
  const { target, thresholds, placeWeights } = batch;
  return {
    ...unetFeeds(base, batch, texts),
    target,
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(placeWeights === undefined ? {} : { placeWeights }),
  };
}

/** A loaded training step. */
export class StepProgram {
  readonly #base: BaseModel;
  readonly #session: SegmentedSession;
  readonly #parameters: readonly string[];
  readonly #texts: StepOptions['texts'];

  private constructor(
    base: BaseModel,
    session: SegmentedSession,
    { parameters, texts }: Pick<StepOptions, 'texts'> & { readonly parameters: readonly string[] },
  ) {
    this.#base = base;
    this.#session = session;
    this.#parameters = parameters;
    this.#texts = texts;
  }

  /** Traces the step and decides how to run it, without loading anything. */
  static plan(base: BaseModel, options: StepOptions): PlannedStep {
    const { placed, memoryBytes } = options;
    let attached: AttachedAdapters | undefined;
    return planStep(stepWeights(base, placed), lossTrace(base, options), {
      hook: (graph) => {
        attached = attach(
          graph,
          placed.map((each) => ({ placed: each, strength: droppingStrength(graph, each) })),
        );
        return attached.hook;
      },
      ...placeOf(base),
      parameters: () => attached?.parameters.keys() ?? [],
      memoryBytes,
    });
  }

  /**
   * Loads a step.
   *
   * @param planned the step, where it was traced before
   */
  static async open(
    base: BaseModel,
    options: StepOptions,
    planned = StepProgram.plan(base, options),
  ): Promise<StepProgram> {
    const { profile, texts } = options;
    const session = await openStep(stepWeights(base, options.placed), planned, {
      ...placeOf(base),
      ...(profile === undefined ? {} : { profile }),
    });
    return new StepProgram(base, session, { parameters: [...planned.step.parameters], texts });
  }

  /** Floating-point operations of one step. */
  get flops(): number {
    return this.#session.flops;
  }

  /** Runs forward and backward once. */
  async run(batch: Batch, parameters: NamedTensors): Promise<StepResult> {
    const results = await this.#session.run({
      ...lossFeeds(this.#base, batch, this.#texts),
      weights: batch.weights,
      ...batch.dropout,
      ...Object.fromEntries(parameters),
    });
    return {
      loss: required(results.get('loss').data, 0),
      perSample: results.get('perSample'),
      gradients: new Map(this.#parameters.map((name) => [name, results.get(gradientName(name))])),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}
