/** @file Where WebGPU has an adapter: what is computed there against the CPU. Skipped elsewhere, saying so. */
import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import {
  attention,
  constant,
  convolution,
  Graph,
  gather,
  gelu,
  gradients,
  input,
  layerNorm,
  matmul,
  multiply,
  reshape,
  resizeNearest,
  silu,
  softmax,
  sum,
  type Value,
} from '../../src/graph/index.ts';
import { chooseDevice, type DeviceName } from '../../src/runtime/index.ts';
import { relativeL2 } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { elementCount, float32, int64, type Shape, type Tensor } from '../../src/tensor/tensor.ts';
import { attentionInParts } from '../graph/attention-in-parts.ts';
import { openProgram } from './test-device.ts';

const obstacle = await chooseDevice('webgpu').then(
  () => undefined,
  (error) => String(error),
);

interface Case {
  readonly shapes: readonly Shape[];
  readonly build: (...inputs: Value[]) => Value;
}

const cases: Record<string, Case> = {
  // The fused operator is wrong from 32 queries on, so that fewer would show nothing.
  'attention of 64 queries': {
    shapes: [
      [1, 64, 16],
      [1, 77, 16],
      [1, 77, 16],
    ],
    build: (q, k, v) => attention(q, k, v, 2),
  },
  'attention of a single wide head': {
    shapes: [
      [1, 66, 64],
      [1, 66, 64],
      [1, 66, 64],
    ],
    build: (q, k, v) => attention(q, k, v, 1),
  },
  'attention, head after head': {
    shapes: [
      [1, 32, 16],
      [1, 33, 16],
      [1, 33, 16],
    ],
    // Two chunks a head.
    build: (q, k, v) => {
      return attentionInParts([q, k, v], 2, { apartFrom: 0, ofOneHead: 4 * 16 * 33 });
    },
  },
  convolution: {
    shapes: [[1, 8, 6, 6], [12, 8, 3, 3], [12]],
    build: (x, w, b) => convolution(x, w, b, { padding: [1, 1, 1, 1] }),
  },
  'strided convolution': {
    shapes: [
      [1, 8, 6, 6],
      [12, 8, 3, 3],
    ],
    build: (x, w) => convolution(x, w, undefined, { stride: 2, padding: [1, 1, 1, 1] }),
  },
  'layer normalisation': {
    shapes: [[5, 33], [33], [33]],
    build: (x, scale, bias) => layerNorm(x, scale, bias, 1e-5),
  },
  'SiLU and GELU': { shapes: [[3, 35]], build: (x) => multiply(silu(x), gelu(x)) },
  softmax: { shapes: [[4, 77]], build: (x) => softmax(x) },
  'a product with a transposed matrix': {
    shapes: [
      [2, 7, 33],
      [9, 33],
    ],
    build: (x, w) => matmul(x, w, { transposeB: true }),
  },
  'resizing to twice the size': { shapes: [[1, 2, 3, 3]], build: (x) => resizeNearest(x, 6, 6) },
  'rows that are looked up often': {
    shapes: [[5, 33]],
    build: (table) => gather(table, constant(table.graph, int64([6], [0, 3, 3, 1, 3, 0]))),
  },
};

/** Output and gradients of a random combination of its elements. */
async function outcome(
  { shapes, build }: Case,
  device: DeviceName,
): Promise<readonly Tensor<'f32'>[]> {
  const graph = new Graph();
  const generator = new TorchGenerator(3);
  const random = (shape: Shape) => float32(shape, generator.randn(elementCount(shape)));
  const inputs = shapes.map((shape, i) => input(graph, `x${i}`, 'f32', shape));
  const output = build(...inputs);
  const axes = output.shape.map((_, axis) => axis);
  const weights = constant(graph, random(output.shape));
  const loss = reshape(sum(multiply(output, weights), axes), []);
  const found = gradients(loss, inputs).map((value, i) => [`gradient${i}`, value] as const);
  const outputs = { output, ...Object.fromEntries(found) };
  await using session = await openProgram({ graph, outputs }, { device });
  const feeds = Object.fromEntries(shapes.map((shape, i) => [`x${i}`, random(shape)]));
  const results = await session.run(feeds);
  return Object.keys(outputs).map((name) => results.get(name));
}

describe('WebGPU', () => {
  test.for(Object.entries(cases))('agrees with the CPU: %s', async ([, tried], { skip }) => {
    if (obstacle !== undefined) skip(obstacle);
    const expected = await outcome(tried, 'cpu');
    for (const [i, actual] of (await outcome(tried, 'webgpu')).entries()) {
      // Sums of up to a hundred products, in another order.
      expect(relativeL2(actual, expected[i] ?? float32([]))).toBeLessThan(2e-6);
    }
  });
});
