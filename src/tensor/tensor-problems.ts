/** @file How named tensors differ from those that were expected. */
import { didYouMean, nearest } from '../base/nearest.ts';
import { formatShape, type Shape, sameShape, type Tensor } from './tensor.ts';

/** What is missing, misshapen or left over among float32 tensors: the first few of each, with the nearest name. */
export function tensorProblems(
  found: ReadonlyMap<string, Tensor>,
  expected: ReadonlyMap<string, Shape>,
): string[] {
  const missing = [...expected.keys()].filter((name) => !found.has(name));
  const extra = [...found.keys()].filter((name) => !expected.has(name));
  const misshapen = [...expected].flatMap(([name, shape]) => {
    const value = found.get(name);
    if (value === undefined || (value.dtype === 'f32' && sameShape(value.shape, shape))) return [];
    return `"${name}" should be f32${formatShape(shape)}, is ${value.dtype}${formatShape(value.shape)}`;
  });
  return [
    ...firstFew(missing, (name) => `"${name}" is missing${didYouMean(name, extra)}`),
    ...firstFew(misshapen, (problem) => problem),
    ...firstFew(extra, (name) => {
      const near = nearest(name, missing);
      return `"${name}" does not belong here${near === undefined ? '' : ` (it may be "${near}")`}`;
    }),
  ];
}

/** The first few of a list in words, and how many more there are. */
export function firstFew<T>(
  items: readonly T[],
  describe: (item: T) => string,
  limit = 5,
): string[] {
  const lines = items.slice(0, limit).map(describe);
  return items.length > limit
    ? [...lines, `... and ${items.length - limit} more of this kind`]
    : lines;
}
