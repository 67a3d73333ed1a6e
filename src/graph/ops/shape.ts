/** @file Operations that move elements: reshape, transpose, concatenate, slice, pad, expand. */
import { float32, formatShape, int64, sameShape } from '../../tensor/tensor.ts';
import { axisSize, noFlops, type Operation, requireShape, type Value } from '../graph.ts';

const transposeOperation = (permutation: readonly number[]): Operation => ({
  name: 'transpose',
  attributes: { permutation },
  infer: (x) => {
    requireShape(
      sameShape(
        [...permutation].sort(),
        x.shape.map((_, i) => i),
      ),
      'NOT_A_PERMUTATION',
      () => `${formatShape(permutation)} does not name every axis once`,
    );
    return [{ dtype: x.dtype, shape: permutation.map((axis) => axisSize(x, axis)) }];
  },
  emit: (emission, x) => [emission.node('Transpose', [x], { perm: { ints: permutation } })],
  vjp: ({ gradient }) => [
    () =>
      transpose(
        gradient,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
  ],
  flops: noFlops,
});

/** Output axis i is input axis `permutation[i]`. */
export function transpose(x: Value, permutation: readonly number[]): Value {
  return permutation.every((axis, i) => axis === i)
    ? x
    : x.graph.apply1(transposeOperation(permutation), [x]);
}

const concatenateOperation = (axis: number): Operation => ({
  name: 'concatenate',
  attributes: { axis },
  infer: (...parts) => {
    const [first] = parts;
    requireShape(first !== undefined, 'NOTHING_TO_JOIN', 'there is nothing to join');
    for (const part of parts) {
      requireShape(
        part.shape.length === first.shape.length &&
          part.shape.every((size, i) => i === axis || size === first.shape[i]),
        'PARTS_DIFFER',
        `parts may differ only along axis ${axis}`,
      );
    }
    const total = parts.reduce((length, part) => length + axisSize(part, axis), 0);
    return [
      { dtype: first.dtype, shape: first.shape.map((size, i) => (i === axis ? total : size)) },
    ];
  },
  emit: (emission, ...parts) => [emission.node('Concat', parts, { axis: { int: axis } })],
  vjp: ({ gradient }, ...parts) => {
    let start = 0;
    return parts.map((part) => {
      const from = start;
      start += axisSize(part, axis);
      const to = start;
      return () => slice(gradient, axis, from, to);
    });
  },
  flops: noFlops,
});

/** Joins values that are equal but for one axis. */
export function concatenate(parts: readonly Value[], axis: number): Value {
  const [first] = parts;
  requireShape(first !== undefined, 'NOTHING_TO_JOIN', 'there is nothing to concatenate');
  return parts.length === 1 ? first : first.graph.apply1(concatenateOperation(axis), parts);
}

const sliceOperation = (axis: number, start: number, end: number): Operation => ({
  name: 'slice',
  attributes: { axis, start, end },
  infer: (x) => {
    const size = axisSize(x, axis);
    requireShape(
      0 <= start && start < end && end <= size,
      'SLICE_RANGE',
      `axis ${axis} has ${size} entries, ${start} to ${end} were asked for`,
    );
    return [{ dtype: x.dtype, shape: x.shape.map((n, i) => (i === axis ? end - start : n)) }];
  },
  emit: (emission, x) => {
    const [starts, ends, axes] = [start, end, axis].map((n) => emission.constant(int64([1], [n])));
    return [emission.node('Slice', [x, starts ?? '', ends ?? '', axes ?? ''])];
  },
  vjp: ({ gradient }, x) => [() => pad(gradient, axis, start, axisSize(x, axis) - end)],
  flops: noFlops,
});

/** Entries `start` to `end` of one axis. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  return start === 0 && end === x.shape[axis]
    ? x
    : x.graph.apply1(sliceOperation(axis, start, end), [x]);
}

const padOperation = (axis: number, before: number, after: number): Operation => ({
  name: 'pad',
  attributes: { axis, before, after },
  infer: (x) => [
    { dtype: x.dtype, shape: x.shape.map((n, i) => (i === axis ? before + n + after : n)) },
  ],
  emit: (emission, x) => {
    const axes = emission.constant(int64([1], [axis]));
    const amounts = emission.constant(int64([2], [before, after]));
    return [emission.node('Pad', [x, amounts, emission.constant(float32([], [0])), axes])];
  },
  vjp: ({ gradient }, x) => [() => slice(gradient, axis, before, before + axisSize(x, axis))],
  flops: noFlops,
});

/** Zeros before and after, along one axis. */
export function pad(x: Value, axis: number, before: number, after: number): Value {
  return before === 0 && after === 0 ? x : x.graph.apply1(padOperation(axis, before, after), [x]);
}
