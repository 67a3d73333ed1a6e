/** @file Means and softmax. */
import type { Operation, Value } from '../graph.ts';
import { axisSize } from '../graph.ts';
import { divide, multiply, subtract } from './arithmetic.ts';
import { sum } from './broadcast.ts';

/** Mean over axes, which stay as size 1. */
export function mean(x: Value, axes: readonly number[]): Value {
  const count = axes.reduce((product, axis) => product * axisSize(x, axis), 1);
  return divide(sum(x, axes), count);
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
