/** @file Sums and means, softmax, and the reduction that undoes broadcasting. */
import { int64, type Shape, sameShape } from '../../tensor/tensor.ts';
import { type Operation, requireShape, type Value } from '../graph.ts';
import { divide, multiply, subtract } from './arithmetic.ts';
import { expand, reshape } from './shape.ts';

const sumOperation = (axes: readonly number[]): Operation => ({
  name: 'sum',
  attributes: { axes },
  infer: (x) => {
    for (const axis of axes) {
      requireShape(axis < x.shape.length, 'NO_SUCH_AXIS', `there is no axis ${axis}`);
    }
    return [{ dtype: x.dtype, shape: x.shape.map((size, i) => (axes.includes(i) ? 1 : size)) }];
  },
  emit: (emission, x) => {
    const axesName = emission.constant(int64([axes.length], axes));
    return [emission.node('ReduceSum', [x, axesName], { keepdims: { int: 1 } })];
  },
  vjp: ({ gradient }, x) => [() => expand(gradient, x.shape)],
});

/** Sum over axes, which stay as size 1. */
export function sum(x: Value, axes: readonly number[]): Value {
  return axes.length === 0 ? x : x.graph.apply1(sumOperation(axes), [x]);
}

/** Mean over axes, which stay as size 1. */
export function mean(x: Value, axes: readonly number[]): Value {
  const count = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  return divide(sum(x, axes), count);
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

/** Along the last axis; gradient y ⊙ (g − Σ g⊙y). */
const softmaxOperation: Operation = {
  name: 'softmax',
  attributes: {},
  infer: (x) => [x],
  emit: (emission, x) => [emission.node('Softmax', [x], { axis: { int: -1 } })],
  vjp: ({ gradient, output }, x) => [
    () => {
      const weighted = multiply(gradient, output);
      const total = sum(weighted, [x.shape.length - 1]);
      return subtract(weighted, multiply(output, total));
    },
  ],
};

/** Softmax along the last axis. */
export function softmax(x: Value): Value {
  return x.graph.apply1(softmaxOperation, [x]);
}
