/** @file Attention's gradient: however its map is parted, it is that of attention spelled out. */
import { expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import {
  attention,
  compile,
  Graph,
  input,
  joinHeads,
  matmul,
  multiply,
  peakBytes,
  removeDeadCode,
  type Shape,
  softmax,
  splitHeads,
  type Value,
  vectorJacobian,
  verify,
} from '../../src/graph/index.ts';
import { relativeL2 } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { elementCount, float32 } from '../../src/tensor/tensor.ts';
import { openProgram } from '../devices/test-device.ts';
import { attentionInParts } from './attention-in-parts.ts';
import { graphOf, messages, texts } from './protobuf-reader.ts';

type Form = (query: Value, key: Value, value: Value) => Value;

/** The gradients of one form of attention, given that of its output. */
function gradientProgram(shapes: readonly Shape[], form: Form) {
  const graph = new Graph();
  const inputs = shapes.map((shape, i) => input(graph, `x${i}`, 'f32', shape));
  const [query, key, value] = inputs as [Value, Value, Value];
  const output = form(query, key, value);
  const seed = input(graph, 'gradient', 'f32', output.shape);
  const found = vectorJacobian([[output, seed]], inputs);
  const named = found.map((gradient, i) => [`g${i}`, gradient as Value]);
  return removeDeadCode({ graph, outputs: Object.fromEntries(named) });
}

const spelledOut =
  (heads: number): Form =>
  (query, key, value) => {
    const scaled = multiply(splitHeads(query, heads), ((query.shape[2] ?? 0) / heads) ** -0.5);
    const weights = softmax(matmul(scaled, splitHeads(key, heads), { transposeB: true }));
    return joinHeads(matmul(weights, splitHeads(value, heads)));
  };

const apart = { apartFrom: 0 };
const together = { apartFrom: Number.POSITIVE_INFINITY };

test.each([
  { name: 'one chunk of all heads', sizes: together },
  { name: 'all heads, 4 rows', sizes: { ...together, ofAllHeads: 4 * 4 * 6 * 77 } },
  { name: 'one chunk a head', sizes: apart },
  { name: '4 rows of a head', sizes: { ...apart, ofOneHead: 4 * 4 * 77 } },
  { name: 'one row of a head', sizes: { ...apart, ofOneHead: 1 } },
])('$name, two samples, 11 rows of pictures that look at 77 of texts', async ({ sizes }) => {
  const [heads, shapes] = [3, [[2, 11, 12] as const, [2, 77, 12] as const, [2, 77, 15] as const]];
  const program = gradientProgram(shapes, (...inputs) => attentionInParts(inputs, heads, sizes));
  verify(program);
  const generator = new TorchGenerator(5);
  const draw = (shape: Shape) => float32(shape, generator.randn(elementCount(shape)));
  const feeds = {
    gradient: draw([2, 11, 15]),
    ...Object.fromEntries(shapes.map((shape, i) => [`x${i}`, draw(shape)])),
  };
  await using session = await openProgram(program);
  await using reference = await openProgram(gradientProgram(shapes, spelledOut(heads)));
  const expected = await reference.run(feeds);
  const actual = await session.run(feeds);
  for (const name of ['g0', 'g1', 'g2']) {
    // Float32 sums of at most 77 products, in another order.
    expect(relativeL2(actual.get(name), expected.get(name))).toBeLessThan(2e-6);
  }
});

const square = (batch: number, tokens: number, keys = tokens): readonly Shape[] =>
  [tokens, keys, keys].map((rows) => [batch, rows, 16]);
const twoHeads: Form = (query, key, value) => attention(query, key, value, 2);

test.each([
  { shapes: square(1, 4096), maps: 16 }, // 8 MB of 64 MB, of two heads
  { shapes: square(2, 1024), maps: 4 },
  { shapes: square(1, 9216), maps: 82 }, // 227 rows
  { shapes: square(1, 4096, 77), maps: 1 },
  { shapes: square(2, 256), maps: 1 },
])('the map of $shapes.0 is formed in $maps parts', ({ shapes, maps }) => {
  const { model } = compile(gradientProgram(shapes, twoHeads));
  const types = messages(graphOf(model), 1).flatMap((node) => texts(node, 4));
  expect(types.filter((type) => type === 'Softmax')).toHaveLength(maps);
});

test('of 64 MB of map a head no more than three parts of 8 MB are held at once', () => {
  const rest = 12 * 4096 * 18 * 4;
  expect(peakBytes(gradientProgram(square(1, 4096), twoHeads))).toBeLessThan(3 * 2 ** 23 + rest);
});
