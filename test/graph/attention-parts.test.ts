/** @file Attention for targets that take no large buffer: formed in parts, it is the same. */
import { expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { attention, compile, Graph, input, type Target } from '../../src/graph/index.ts';
import { openSession } from '../../src/runtime/index.ts';
import { relativeL2 } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { elementCount, float32 } from '../../src/tensor/tensor.ts';
import { graphOf, messages, texts } from './protobuf-reader.ts';

const [batch, tokens, keys, channels, heads] = [2, 11, 7, 12, 3];
/** Bytes of a row of the map: all heads of all pictures. */
const row = 4 * batch * heads * keys;

function compiled(target: Target) {
  const graph = new Graph();
  const query = input(graph, 'query', 'f32', [batch, tokens, channels]);
  const key = input(graph, 'key', 'f32', [batch, keys, channels]);
  const value = input(graph, 'value', 'f32', [batch, keys, channels]);
  const outputs = { output: attention(query, key, value, heads) };
  return compile({ graph, outputs }, undefined, { target });
}

/** How many maps a program forms. */
const maps = (target: Target): number =>
  messages(graphOf(compiled(target).model), 1)
    .flatMap((node) => texts(node, 4))
    .filter((type) => type === 'Softmax').length;

async function outputOf(target: Target) {
  const program = compiled(target);
  const generator = new TorchGenerator(5);
  const given = [...program.inputs].map(([name, { shape }]) => {
    return [name, float32(shape, generator.randn(elementCount(shape)))] as const;
  });
  await using session = await openSession(program);
  return (await session.run(Object.fromEntries(given))).get('output');
}

test.each([
  { largestValue: row * tokens, parts: 1 },
  { largestValue: row * 4, parts: 3 },
  { largestValue: row * 4 + 1, parts: 3 },
  { largestValue: row, parts: 11 },
  { largestValue: row - 1, parts: 11 },
])(
  'with $largestValue bytes in a buffer the map has $parts parts',
  async ({ largestValue, parts }) => {
    const target = { fusedAttention: false, largestValue };
    expect(maps(target)).toBe(parts);
    const expected = await outputOf({ fusedAttention: true });
    // Sums of at most a dozen products in another order.
    expect(relativeL2(await outputOf(target), expected)).toBeLessThan(1e-6);
  },
);

test('Stable Diffusion at 512 pixels, with guidance, binds no more than WebGPU promises', () => {
  const graph = new Graph();
  const states = input(graph, 'x', 'f32', [2, 4096, 320]);
  const target = { fusedAttention: false, largestValue: 2 ** 27 };
  const outputs = { output: attention(states, states, states, 8) };
  const { model } = compile({ graph, outputs }, undefined, { target });
  const types = messages(graphOf(model), 1).flatMap((node) => texts(node, 4));
  // A map of 2 x 8 x 4096 x 4096 float32 is 1 GiB.
  expect(types.filter((type) => type === 'Softmax')).toHaveLength(8);
});
