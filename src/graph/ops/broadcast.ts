/** @file Reshape, and the pair that broadcasting lives on: expanding repeats, summing undoes it. */
import { required } from '../../base/required.ts';
import { elementCount, formatShape, int64, type Shape, sameShape } from '../../tensor/tensor.ts';
import { noFlops, type Operation, requireShape, type Value } from '../graph.ts';

/** Ones before the sizes of a shape of fewer axes. */
const ofRank = (shape: Shape, rank: number): Shape => [
  ...new Array<number>(rank - shape.length).fill(1),
  ...shape,
];

/** The shape two operands broadcast to, or a ShapeError. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const rights = ofRank(b, rank);
  return ofRank(a, rank).map((left, i) => {
    const right = required(rights, i);
    requireShape(
      left === right || left === 1 || right === 1,
      'CANNOT_BROADCAST',
      () => `${formatShape(a)} and ${formatShape(b)} do not broadcast at axis ${i}`,
    );
    return Math.max(left, right);
  });
}

const reshapeOperation = (shape: Shape): Operation => ({
  name: 'reshape',
  attributes: { shape },
  infer: (x) => {
    requireShape(
      shape.every((size) => Number.isInteger(size)),
      'SIZE_NOT_WHOLE',
      () => `${formatShape(shape)} has a size that is not a whole number`,
    );
    requireShape(
      elementCount(x.shape) === elementCount(shape),
      'RESHAPE_COUNT',
      () => `${elementCount(x.shape)} elements do not fill ${formatShape(shape)}`,
    );
    return [{ dtype: x.dtype, shape }];
  },
  emit: (emission, x) => [
    emission.node('Reshape', [x, emission.constant(int64([shape.length], shape))]),
  ],
  vjp: ({ gradient }, x) => [() => reshape(gradient, x.shape)],
  flops: noFlops,
  isView: true,
});

/** The same elements, in row-major order, under another shape. */
export function reshape(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : x.graph.apply1(reshapeOperation(shape), [x]);
}

const expandOperation = (shape: Shape): Operation => ({
  name: 'expand',
  attributes: { shape },
  infer: (x) => {
    requireShape(
      sameShape(broadcastShape(x.shape, shape), shape),
      'CANNOT_EXPAND',
      `${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}`,
    );
    return [{ dtype: x.dtype, shape }];
  },
  emit: (emission, x) => [
    emission.node('Expand', [x, emission.constant(int64([shape.length], shape))]),
  ],
  vjp: ({ gradient }, x) => [() => sumTo(gradient, x.shape)],
  flops: noFlops,
});

/** Repeats along axes of size 1 until the shape is reached. */
export function expand(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : x.graph.apply1(expandOperation(shape), [x]);
}

const sumOperation = (axes: readonly number[]): Operation => ({
  name: 'sum',
  attributes: { axes },
  infer: (x) => {
    for (const axis of axes) {
      requireShape(axis >= 0 && axis < x.shape.length, 'NO_SUCH_AXIS', `there is no axis ${axis}`);
    }
    return [{ dtype: x.dtype, shape: x.shape.map((size, i) => (axes.includes(i) ? 1 : size)) }];
  },
  emit: (emission, x) => {
    const axesName = emission.constant(int64([axes.length], axes));
    return [emission.node('ReduceSum', [x, axesName], { keepdims: { int: 1 } })];
  },
  vjp: ({ gradient }, x) => [() => expand(gradient, x.shape)],
  flops: (_, x) => elementCount(x.shape),
});

/** Sum over axes, which stay as size 1. */
export function sum(x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : x.graph.apply1(sumOperation(axes), [x]);
}

/** Sums a broadcast value back to the shape it was broadcast from. */
export function sumTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const added = x.shape.length - shape.length;
  const axes = x.shape.flatMap((size, i) =>
    i < added || (shape[i - added] === 1 && size !== 1) ? [i] : [],
  );
  return reshape(sum(x, axes), shape);
}
