/** @file What an optimiser is: a record of `init` and `update` over named float32 tensors. */
import type { Tensor } from '../tensor/tensor.ts';

/** Tensors by parameter name. */
export type NamedTensors = ReadonlyMap<string, Tensor<'f32'>>;

/** All that an optimiser remembers; saving both fields and giving them back resumes exactly. */
export interface OptimizerState {
  /** Updates made so far. */
  step: number;
  /** Running quantities, named `quantity/parameter`. */
  readonly tensors: NamedTensors;
}

/** A rule that turns gradients into new parameters. */
export interface Optimizer {
  /** The state before the first update, of its own memory. */
  init(parameters: NamedTensors): OptimizerState;
  /**
   * One step, in place: overwrites the data of `parameters` and of `state`, and counts `state.step` up.
   * Every parameter needs a gradient of its shape and a state made by `init` for it.
   */
  update(
    parameters: NamedTensors,
    gradients: NamedTensors,
    state: OptimizerState,
    learningRate: number,
  ): void;
}
