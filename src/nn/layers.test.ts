/** @file Layers against plain loops over the same numbers. */
import { expect, test } from 'vitest';
import { TorchGenerator } from '../base/torch-random.ts';
import { compile, Graph, input, type Value } from '../graph/index.ts';
import { openSession } from '../runtime/index.ts';
import { elementCount, float32, type Shape, type Tensor } from '../tensor/tensor.ts';
import { attention } from './attention-layer.ts';

function random(seed: number, shape: Shape): Tensor<'f32'> {
  return float32(shape, new TorchGenerator(seed).randn(elementCount(shape)));
}

async function evaluate(
  feeds: Readonly<Record<string, Tensor<'f32'>>>,
  build: (inputs: Readonly<Record<string, Value>>) => Value,
): Promise<Tensor<'f32'>> {
  const graph = new Graph();
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { shape }]) => [name, input(graph, name, 'f32', shape)]),
  );
  const y = build(inputs);
  await using session = await openSession(compile({ graph, outputs: { y } }));
  return (await session.run(feeds)).get('y');
}

const sizes = { batch: 2, tokens: 3, sources: 4, channels: 6, heads: 2 };

/** Attention one score at a time; masks are added to the scores of [T, S]. */
function attentionByLoops(
  query: Tensor<'f32'>,
  key: Tensor<'f32'>,
  value: Tensor<'f32'>,
  mask?: Tensor<'f32'>,
): number[] {
  const { batch, tokens, sources, channels, heads } = sizes;
  const size = channels / heads;
  const at = (x: Tensor<'f32'>, n: number, row: number, rows: number, channel: number) =>
    x.data[(n * rows + row) * channels + channel] ?? Number.NaN;
  const result: number[] = [];
  for (let n = 0; n < batch; n++) {
    for (let t = 0; t < tokens; t++) {
      for (let c = 0; c < channels; c++) {
        const first = Math.floor(c / size) * size;
        const scores = Array.from({ length: sources }, (_, s) => {
          let dot = 0;
          for (let i = first; i < first + size; i++) {
            dot += at(query, n, t, tokens, i) * at(key, n, s, sources, i);
          }
          return Math.exp(dot / Math.sqrt(size) + (mask?.data[t * sources + s] ?? 0));
        });
        const total = scores.reduce((sum, score) => sum + score, 0);
        result.push(
          scores.reduce((sum, score, s) => sum + (score / total) * at(value, n, s, sources, c), 0),
        );
      }
    }
  }
  return result;
}

const mask = float32([3, 4], [0, -1e9, 0, 0, 0.5, 0, -1, 0, 0, 0, 0, -1e9]);

test.each([
  ['without a mask', undefined],
  ['with a mask', mask],
])('attention %s', async (_, given) => {
  const { batch, tokens, sources, channels, heads } = sizes;
  const query = random(1, [batch, tokens, channels]);
  const key = random(2, [batch, sources, channels]);
  const value = random(3, [batch, sources, channels]);
  const feeds = { query, key, value, ...(given === undefined ? {} : { mask: given }) };
  const y = await evaluate(feeds, ({ query, key, value, mask }) => {
    if (query === undefined || key === undefined || value === undefined) throw new Error('inputs');
    return attention({ query, key, value, heads, mask });
  });
  expect(y.shape).toEqual(query.shape);
  attentionByLoops(query, key, value, given).forEach((expected, i) => {
    // A dozen float32 operations on numbers of about one.
    expect(y.data[i]).toBeCloseTo(expected, 5);
  });
});

test('attention refuses channels that do not split into its heads', () => {
  const graph = new Graph();
  const x = input(graph, 'x', 'f32', [1, 4, 20]);
  expect(() => attention({ query: x, key: x, value: x, heads: 8 })).toThrow(
    '20 channels do not split into 8 heads',
  );
});
