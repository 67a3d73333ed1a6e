/** @file The fully connected layer, and the embedding table. */
import { axisSize, gather, type Value } from '../graph/index.ts';
import type { Scope } from './scope.ts';

/** y = x Wᵀ + b, x: [..., in] → [..., out]. Declares a site. */
export function linear(
  scope: Scope,
  x: Value,
  { out, bias = true }: { readonly out: number; readonly bias?: boolean },
): Value {
  return scope.at(() => {
    const weight = scope.weight('weight', [out, axisSize(x, -1)]);
    const offset = bias ? scope.vector('bias', out) : undefined;
    return scope.product(x, weight, offset);
  });
}

/** Rows of a table [entries, size] by index. Declares a site. */
export function embedding(
  scope: Scope,
  indices: Value,
  { entries, size }: { readonly entries: number; readonly size: number },
): Value {
  return scope.at(() =>
    gather(scope.adapted('table', scope.weight('weight', [entries, size])), indices),
  );
}
