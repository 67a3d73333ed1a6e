/** @file The order in which values are computed, where it matters for memory. */
import { elementCount } from '../../tensor/tensor.ts';
import type { Value } from '../graph.ts';
import { add, multiply } from './arithmetic.ts';
import { reshape } from './broadcast.ts';
import { slice } from './shape.ts';

/**
 * The same value, not computed before all of `others` are. A graph has no other edges than data, so one element of
 * each of them is multiplied by zero and added.
 */
export function after(x: Value, others: readonly Value[]): Value {
  const [first, ...rest] = others.map((other) =>
    slice(reshape(other, [elementCount(other.shape)]), 0, 0, 1),
  );
  if (first === undefined) return x;
  return add(x, multiply(rest.reduce(add, first), 0));
}
