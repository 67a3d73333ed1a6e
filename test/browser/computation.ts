/** @file What the engine of a page under test computes, as messages hold it. */
import type { DeviceName } from '../../src/runtime/index.ts';

/** A model, float32 inputs by name, and where to run it. */
export interface Computation {
  readonly device: DeviceName;
  readonly model: readonly number[];
  readonly inputs: Readonly<Record<string, Values>>;
}

export interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
