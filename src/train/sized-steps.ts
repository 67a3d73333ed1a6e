/** @file Training steps for samples of several sizes: a graph is made for one, so that each has a program of its own. */
import { isLarge } from '../models/weights.ts';
import type { NamedTensors } from '../optim/optimizer.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import type { NetworkKey } from '../pipeline/network/lending.ts';
import type { PlannedStep } from '../pipeline/network/planned-step.ts';
import type { Shape } from '../tensor/tensor.ts';
import type { Batch } from './pictures/batches.ts';
import { type StepOptions, StepProgram, type StepResult } from './step-program.ts';

/** Programs that stay open together; of a large model one, as another would hold its activations and weights besides. */
const openTogether = 4;

/** What tells the programs of a run from those of others: the model, the methods and their sites, the batch. */
export function stepKey({
  base,
  placed,
  sampleShape,
  texts,
  loss = 'l2',
  isMasked = false,
  memoryBytes,
}: StepOptions & { readonly base: BaseModel }): NetworkKey {
  const methods = placed.map(({ adapter, sites }) => ({
    ...{ method: adapter.method, options: adapter.options, newTokens: adapter.newTokens },
    sites: sites.map(({ name }) => name),
  }));
  const { name, device = 'cpu', clipSkip, precision } = base;
  const shapes = { sampleShape, texts, clipSkip, precision, loss, isMasked, memoryBytes };
  return ['steps', name, device, JSON.stringify({ methods, ...shapes })];
}

/** Steps by the shape of their samples, each traced once: to know its memory, and whenever it is opened. */
export class TracedSteps {
  readonly #base: BaseModel;
  readonly #options: Omit<StepOptions, 'sampleShape'>;
  readonly #known = new Map<string, PlannedStep>();

  constructor(base: BaseModel, options: Omit<StepOptions, 'sampleShape'>) {
    this.#base = base;
    this.#options = options;
  }

  /** The step for samples of a shape [N, C, h, w]. */
  of(sampleShape: Shape): PlannedStep {
    const key = sampleShape.join(' x ');
    const known = this.#known.get(key);
    const step = known ?? StepProgram.plan(this.#base, { ...this.#options, sampleShape });
    this.#known.set(key, step);
    return step;
  }
}

/** Opens the program that a batch needs, and closes the one that was used longest ago where too many are open. */
export class StepPrograms {
  readonly #base: BaseModel;
  readonly #options: Omit<StepOptions, 'sampleShape'>;
  readonly #traced: TracedSteps;
  readonly #limit: number;
  /** By sample shape, the one that was used last at the end. */
  readonly #open = new Map<string, StepProgram>();

  /** @param traced what was traced already, of the same options */
  constructor(
    base: BaseModel,
    options: Omit<StepOptions, 'sampleShape'>,
    traced = new TracedSteps(base, options),
  ) {
    this.#base = base;
    this.#options = options;
    this.#traced = traced;
    const alone = isLarge(base.unet.weights) || options.memoryBytes !== undefined;
    this.#limit = alone ? 1 : openTogether;
  }

  /** Opens programs for sample shapes [N, C, h, w], as many as stay open. */
  async open(shapes: readonly Shape[]): Promise<void> {
    for (const shape of shapes.slice(0, this.#limit)) await this.#programFor(shape);
  }

  /** Runs forward and backward once. */
  async run(batch: Batch, parameters: NamedTensors): Promise<StepResult> {
    const program = await this.#programFor(batch.sample.shape);
    return await program.run(batch, parameters);
  }

  async #programFor(sampleShape: Shape): Promise<StepProgram> {
    const key = sampleShape.join(' x ');
    const known = this.#open.get(key);
    this.#open.delete(key);
    if (known === undefined) await this.#makeRoom();
    const program = known ?? (await this.#opened(sampleShape));
    this.#open.set(key, program);
    return program;
  }

  async #opened(sampleShape: Shape): Promise<StepProgram> {
    const options = { ...this.#options, sampleShape };
    return await StepProgram.open(this.#base, options, this.#traced.of(sampleShape));
  }

  async #makeRoom(): Promise<void> {
    const [oldest] = this.#open.entries();
    if (oldest === undefined || this.#open.size < this.#limit) return;
    const [key, program] = oldest;
    this.#open.delete(key);
    await program[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#open.values()) await program[Symbol.asyncDispose]();
  }
}
