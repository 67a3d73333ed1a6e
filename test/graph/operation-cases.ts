/** @file One case of every operation: its shapes, and a program of its gradients. */
import { TorchGenerator } from '../../src/base/torch-random.ts';
import {
  add,
  attention,
  concatenate,
  constant,
  convolution,
  divide,
  erf,
  exp,
  expand,
  Graph,
  gather,
  gelu,
  gradients,
  input,
  layerNorm,
  linear,
  log,
  matmul,
  mean,
  multiply,
  negate,
  type Padding,
  type Program,
  pad,
  quickGelu,
  relu,
  reshape,
  resizeNearest,
  sigmoid,
  silu,
  slice,
  softmax,
  sqrt,
  square,
  subtract,
  sum,
  transpose,
  type Value,
} from '../../src/graph/index.ts';
import { product } from '../../src/graph/ops/product-chain.ts';
import { elementCount, float32, int64, type Shape, type Tensor } from '../../src/tensor/tensor.ts';
import { attentionInParts } from './attention-in-parts.ts';

/** An operation on inputs of some shapes. */
export interface OperationCase {
  readonly shapes: readonly Shape[];
  readonly build: (...inputs: Value[]) => Value;
  /** Added to the random inputs, to keep away from zero where an operation is singular there. */
  readonly shift?: number;
}

const pads: Padding = [1, 0, 2, 1];

export const operationCases: Readonly<Record<string, OperationCase>> = {
  add: { shapes: [[2, 3], [3]], build: (a, b) => add(a, b) },
  subtract: {
    shapes: [
      [3, 1],
      [2, 1, 4],
    ],
    build: (a, b) => subtract(a, b),
  },
  multiply: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    build: (a, b) => multiply(a, b),
  },
  divide: { shapes: [[2, 3], [3]], build: (a, b) => divide(a, b), shift: 4 },
  negate: { shapes: [[3]], build: (a) => negate(a) },
  square: { shapes: [[3]], build: (a) => square(a) },
  exp: { shapes: [[2, 2]], build: (a) => exp(a) },
  log: { shapes: [[4]], build: (a) => log(a), shift: 4 },
  sqrt: { shapes: [[4]], build: (a) => sqrt(a), shift: 4 },
  erf: { shapes: [[5]], build: (a) => erf(a) },
  sigmoid: { shapes: [[5]], build: (a) => sigmoid(a) },
  silu: { shapes: [[5]], build: (a) => silu(a) },
  relu: { shapes: [[7]], build: (a) => relu(a) },
  'quick gelu': { shapes: [[5]], build: (a) => quickGelu(a) },
  gelu: { shapes: [[5]], build: (a) => gelu(a) },
  sum: { shapes: [[2, 3, 4]], build: (a) => sum(a, [0, 2]) },
  mean: { shapes: [[2, 3, 4]], build: (a) => mean(a, [1]) },
  softmax: { shapes: [[2, 5]], build: (a) => softmax(a) },
  reshape: { shapes: [[2, 6]], build: (a) => reshape(a, [3, 4]) },
  transpose: { shapes: [[2, 3, 4]], build: (a) => transpose(a, [2, 0, 1]) },
  concatenate: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    build: (a, b) => concatenate([a, b, a], 1),
  },
  slice: { shapes: [[2, 5]], build: (a) => slice(a, 1, 1, 4) },
  pad: { shapes: [[2, 3]], build: (a) => pad(a, 1, 2, 1) },
  expand: { shapes: [[2, 1]], build: (a) => expand(a, [3, 2, 4]) },
  'matmul of matrices': {
    shapes: [
      [2, 3],
      [3, 4],
    ],
    build: (a, b) => matmul(a, b),
  },
  'matmul, both transposed': {
    shapes: [
      [2, 3, 2],
      [2, 4, 3],
    ],
    build: (a, b) => matmul(a, b, { transposeA: true, transposeB: true }),
  },
  'matmul, left transposed': {
    shapes: [
      [3, 2],
      [3, 4],
    ],
    build: (a, b) => matmul(a, b, { transposeA: true }),
  },
  'matmul that broadcasts': {
    shapes: [
      [2, 1, 2, 3],
      [5, 4, 3],
    ],
    build: (a, b) => matmul(a, b, { transposeB: true }),
  },
  linear: { shapes: [[2, 3, 4], [5, 4], [5]], build: (x, w, b) => linear(x, w, b) },
  convolution: {
    shapes: [[2, 3, 5, 4], [2, 3, 3, 3], [2]],
    build: (x, w, b) => convolution(x, w, b, { padding: [1, 1, 1, 1] }),
  },
  'convolution of a large picture, uneven': {
    shapes: [
      [1, 1, 46, 46],
      [1, 1, 1, 2],
    ],
    build: (x, w) => slice(convolution(x, w, undefined, { padding: [0, 1, 0, 0] }), 2, 0, 1),
  },
  'convolution of a picture that is turned, uneven': {
    shapes: [
      [1, 1, 32, 33],
      [1, 1, 3, 2],
    ],
    build: (x, w) => slice(convolution(x, w, undefined, { padding: pads }), 2, 0, 2),
  },
  'convolution of two pictures that are turned': {
    shapes: [
      [2, 1, 8, 65],
      [2, 1, 3, 2],
    ],
    build: (x, w) => slice(convolution(x, w, undefined, { padding: pads }), 2, 5, 6),
  },
  'convolution of a large picture with more padding than its kernel covers': {
    shapes: [
      [1, 1, 1, 2100],
      [1, 1, 1, 2],
    ],
    build: (x, w) => slice(convolution(x, w, undefined, { padding: [0, 2, 1, 1] }), 3, 0, 9),
  },
  'convolution, 1 x 1, of a picture': {
    shapes: [
      [1, 2, 1, 1024],
      [3, 2, 1, 1],
    ],
    build: (x, w) => slice(convolution(x, w, undefined), 3, 0, 9),
  },
  'strided convolution with uneven padding': {
    shapes: [
      [1, 2, 6, 5],
      [3, 2, 3, 3],
    ],
    build: (x, w) => convolution(x, w, undefined, { stride: 2, padding: pads }),
  },
  'strided convolution that leaves a rest': {
    shapes: [
      [2, 2, 6, 8],
      [2, 2, 3, 3],
    ],
    build: (x, w) => convolution(x, w, undefined, { stride: 2 }),
  },
  attention: {
    shapes: [
      [2, 3, 4],
      [2, 5, 4],
      [2, 5, 4],
    ],
    build: (q, k, v) => attention(q, k, v, 2),
  },
  'attention, head after head': {
    shapes: [
      [2, 5, 4],
      [2, 3, 4],
      [2, 3, 6],
    ],
    build: (q, k, v) => attentionInParts([q, k, v], 2, { apartFrom: 0, ofOneHead: 24 }), // 2 rows
  },
  'product that adds to another': {
    shapes: [
      [3, 2],
      [4, 3],
      [2, 4],
    ],
    build: (a, b, sum) => product(a, b, { transposeA: true, transposeB: true, plus: sum }),
  },
  'product that waits for another': {
    shapes: [
      [2, 3],
      [3, 4],
    ],
    build: (a, b) => product(a, b, { after: matmul(b, b, { transposeB: true }) }),
  },
  layerNorm: { shapes: [[2, 3, 5], [5], [5]], build: (x, s, b) => layerNorm(x, s, b, 1e-5) },
  gather: {
    shapes: [[4, 3]],
    build: (table) => gather(table, constant(table.graph, int64([2, 3], [0, 3, 3, 1, 0, 3]))),
  },
  'resizeNearest, doubled': { shapes: [[1, 2, 2, 3]], build: (x) => resizeNearest(x, 4, 6) },
  'resizeNearest to odd sizes': { shapes: [[2, 1, 3, 2]], build: (x) => resizeNearest(x, 5, 3) },
  'a value used twice': { shapes: [[3]], build: (a) => multiply(add(a, a), sigmoid(a)) },
};

/** A random combination of an operation's outputs, `loss`, its gradients `g0`, `g1`, ..., and what to feed. */
export function gradientProgram({ shapes, build, shift = 0 }: OperationCase): {
  readonly program: Program;
  readonly feeds: Record<string, Tensor<'f32'>>;
} {
  const graph = new Graph();
  const inputs = shapes.map((shape, i) => input(graph, `x${i}`, 'f32', shape));
  const output = build(...inputs);
  const generator = new TorchGenerator(7);
  const weights = constant(
    graph,
    float32(output.shape, generator.randn(elementCount(output.shape))),
  );
  const loss = reshape(
    sum(
      multiply(output, weights),
      output.shape.map((_, i) => i),
    ),
    [],
  );
  const found = gradients(loss, inputs);
  const program = {
    graph,
    outputs: { loss, ...Object.fromEntries(found.map((gradient, i) => [`g${i}`, gradient])) },
  };
  const feeds: Record<string, Tensor<'f32'>> = {};
  shapes.forEach((shape, i) => {
    feeds[`x${i}`] = float32(
      shape,
      generator.randn(elementCount(shape)).map((value) => value * 0.5 + shift),
    );
  });
  return { program, feeds };
}
