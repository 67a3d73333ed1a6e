/** @file Weights of words: the states of a chunk's tokens, multiplied, with the mean of all of them as it was. */
import { required } from '../../base/required.ts';
import { divide, mean, multiply, type Value } from '../../graph/index.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';

/** z' = w∘z · mean(z)/mean(w∘z), means over tokens and channels of each chunk; states [R, T, C], weights [R, T, 1]. */
export function weightedInGraph(states: Value, weights: Value): Value {
  const weighted = multiply(states, weights);
  const ratio = divide(mean(states, [1, 2]), mean(weighted, [1, 2])); // [R, 1, 1]
  return multiply(weighted, ratio);
}

/** Channels that come from one text encoder, and the weights of its tokens. */
export interface WeightedPart {
  readonly size: number;
  readonly weights: readonly number[];
}

/** The same of one chunk [1, T, C] whose channels are those of several encoders, each with a mean of its own. */
export function weightedStates(
  states: Tensor<'f32'>,
  parts: readonly WeightedPart[],
): Tensor<'f32'> {
  const channels = required(states.shape, 2);
  const result = float32(states.shape, states.data.slice());
  let from = 0;
  for (const { size, weights } of parts) {
    if (weights.some((weight) => weight !== 1))
      weigh(result, { from, to: from + size, channels, weights });
    from += size;
  }
  return result;
}

interface Columns {
  readonly from: number;
  readonly to: number;
  readonly channels: number;
  readonly weights: readonly number[];
}

function weigh({ data }: Tensor<'f32'>, { from, to, channels, weights }: Columns): void {
  const rows = weights.map((_, token) =>
    data.subarray(token * channels + from, token * channels + to),
  );
  const before = sumOf(rows);
  for (const [token, row] of rows.entries()) scale(row, required(weights, token));
  const ratio = before / sumOf(rows);
  for (const row of rows) scale(row, ratio);
}

function scale(row: Float32Array, factor: number): void {
  row.set(row.map((value) => value * factor));
}

function sumOf(rows: readonly Float32Array[]): number {
  return rows.reduce((all, row) => row.reduce((sum, value) => sum + value, all), 0);
}
