/** @file Muon for matrices and convolutions, AdamW for all else (Jordan et al. 2024; Liu et al. 2025 for the scale). */
import { lastOf } from '../../src/base/required.ts';
import { adamw } from '../../src/optim/adamw.ts';
import type { NamedTensors, OptimizerState } from '../../src/optim/optimizer.ts';
import {
  elementCount,
  float32,
  reshaped,
  type Shape,
  type Tensor,
} from '../../src/tensor/tensor.ts';
import { type Orthogonal, openOrthogonal } from './orthogonal.ts';

/** Decay of the mean of gradients. */
const momentum = 0.95;
/** With it an orthogonal update is as large, by root mean square, as one of AdamW: both take one learning rate. */
const scale = 0.2;

/** Updates the weights of a whole network in place. Sessions are opened for every shape when it is first met. */
export class Muon {
  readonly #adamw = adamw({ weightDecay: 0, beta2: 0.99 });
  readonly #orthogonals = new Map<string, Promise<Orthogonal>>();
  readonly #isMatrix: (name: string, shape: Shape) => boolean;

  /** @param isMatrix whether a weight of rank two or more is a product's, not a table's */
  constructor(isMatrix: (name: string) => boolean) {
    this.#isMatrix = (name, shape) => shape.length > 1 && isMatrix(name);
  }

  init(weights: NamedTensors): OptimizerState {
    const { matrices, others } = this.#parted(weights);
    const rest = this.#adamw.init(others);
    const momenta = [...matrices].map(
      ([name, { shape }]) => [`momentum/${name}`, float32(shape)] as const,
    );
    return { step: 0, tensors: new Map([...rest.tensors, ...momenta]) };
  }

  async update(
    weights: NamedTensors,
    gradients: NamedTensors,
    state: OptimizerState,
    learningRate: number,
  ): Promise<void> {
    const { matrices, others } = this.#parted(weights);
    this.#adamw.update(others, gradients, state, learningRate);
    // One beside the other: each takes one thread.
    const updates = [...matrices].map(async ([name, weight]) => {
      const gradient = gradients.get(name);
      const mean = state.tensors.get(`momentum/${name}`);
      if (gradient === undefined || mean === undefined) throw new Error(`internal: ${name}`);
      const orthogonal = await this.#orthogonalised(steered(mean, gradient));
      const [rows, columns] = matrixShape(weight.shape);
      const rate = learningRate * scale * Math.sqrt(Math.max(rows, columns));
      const { data } = weight;
      for (let i = 0; i < data.length; i++) {
        data[i] = (data[i] ?? 0) - rate * (orthogonal.data[i] ?? 0);
      }
    });
    await Promise.all(updates);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#orthogonals.values()) await (await session)[Symbol.asyncDispose]();
  }

  #parted(weights: NamedTensors) {
    const all = [...weights];
    const isMatrix = ([name, { shape }]: (typeof all)[number]) => this.#isMatrix(name, shape);
    return {
      matrices: new Map(all.filter(isMatrix)),
      others: new Map(all.filter((entry) => !isMatrix(entry))),
    };
  }

  async #orthogonalised(update: Tensor<'f32'>): Promise<Tensor<'f32'>> {
    const [rows, columns] = matrixShape(update.shape);
    const key = `${rows} ${columns}`;
    const session = this.#orthogonals.get(key) ?? openOrthogonal(rows, columns);
    this.#orthogonals.set(key, session);
    return await (await session).of(reshaped(update, [rows, columns]));
  }
}

/** A kernel as a matrix: outputs by all that each sums over. */
function matrixShape(shape: Shape): readonly [number, number] {
  const [rows = 1] = shape;
  return shape.length === 2 ? [rows, lastOf(shape)] : [rows, elementCount(shape) / rows];
}

/** m ← μm + g, and Nesterov's look ahead: μm + g. */
function steered(mean: Tensor<'f32'>, gradient: Tensor<'f32'>): Tensor<'f32'> {
  const ahead = float32(mean.shape);
  for (let i = 0; i < ahead.data.length; i++) {
    const slope = gradient.data[i] ?? 0;
    const m = momentum * (mean.data[i] ?? 0) + slope;
    mean.data[i] = m;
    ahead.data[i] = momentum * m + slope;
  }
  return ahead;
}
