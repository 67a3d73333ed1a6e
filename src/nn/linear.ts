/** @file The fully connected layer, and the embedding table. */
import { add, gather, linear as product, type Value } from '../graph/index.ts';
import type { Scope } from './scope.ts';

/** y = x Wᵀ + b, x: [..., in] → [..., out]. Declares a site. */
export function linear(
  scope: Scope,
  x: Value,
  { out, bias = true }: { readonly out: number; readonly bias?: boolean },
): Value {
  return scope.at(() => {
    const weight = scope.weight('weight', [out, x.shape.at(-1) ?? 0]);
    const offset = bias ? scope.weight('bias', [out]) : undefined;
    const adapted = scope.adapt('linear', x, weight);
    if (adapted === undefined) return product(x, weight, offset);
    return offset === undefined ? adapted : add(adapted, offset);
  });
}

/** Rows of a table [entries, size] by index. */
export function embedding(
  scope: Scope,
  indices: Value,
  { entries, size }: { readonly entries: number; readonly size: number },
): Value {
  return scope.at(() => gather(scope.weight('weight', [entries, size]), indices));
}
