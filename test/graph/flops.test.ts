import { describe, expect, test } from 'vitest';
import {
  attention,
  compile,
  convolution,
  flops,
  Graph,
  gradients,
  input,
  linear,
  matmul,
  reshape,
  silu,
  sum,
  type Value,
} from '../../src/graph/index.ts';
import { openFamilyConfig } from '../../src/models/families.ts';
import { unet } from '../../src/models/unet/unet.ts';
import { Scope } from '../../src/nn/index.ts';

/** Operations of what `trace` gives of inputs of these shapes. */
function flopsOf(
  shapes: readonly (readonly number[])[],
  trace: (...inputs: Value[]) => Readonly<Record<string, Value>>,
): number {
  const graph = new Graph();
  const inputs = shapes.map((shape, i) => input(graph, `x${i}`, 'f32', shape));
  return compile({ graph, outputs: trace(...inputs) }).flops;
}

describe('operations are counted as by hand', () => {
  test.each<[string, readonly (readonly number[])[], (...inputs: Value[]) => Value, number]>([
    [
      'a product',
      [
        [3, 5],
        [5, 7],
      ],
      (a = never(), b = never()) => matmul(a, b),
      2 * 3 * 5 * 7,
    ],
    [
      'a batch of products of transposed matrices',
      [
        [2, 5, 3],
        [2, 7, 5],
      ],
      (a = never(), b = never()) => matmul(a, b, { transposeA: true, transposeB: true }),
      2 * 2 * 3 * 5 * 7,
    ],
    [
      'a linear layer over tokens',
      [
        [2, 11, 5],
        [7, 5],
      ],
      (x = never(), w = never()) => linear(x, w),
      2 * 2 * 11 * 5 * 7,
    ],
    [
      'a convolution of stride 2',
      [
        [2, 3, 8, 8],
        [5, 3, 3, 3],
      ],
      (x = never(), w = never()) =>
        convolution(x, w, undefined, { stride: 2, padding: [1, 1, 1, 1] }),
      2 * (2 * 5 * 4 * 4) * (3 * 3 * 3),
    ],
    [
      'attention',
      [
        [1, 10, 8],
        [1, 6, 8],
        [1, 6, 8],
      ],
      (q = never(), k = never(), v = never()) => attention(q, k, v, 2),
      2 * 2 * 10 * 6 * 8,
    ],
    ['an element-wise function', [[4, 6]], (x = never()) => silu(x), 24],
    ['a sum', [[4, 6]], (x = never()) => sum(x, [1]), 24],
    ['a reshape', [[4, 6]], (x = never()) => reshape(x, [24]), 0],
  ])('%s', (_, shapes, trace, expected) => {
    expect(flopsOf(shapes, (...inputs) => ({ y: trace(...inputs) }))).toBe(expected);
  });

  test('both gradients of a convolution cost as much as the convolution', () => {
    const forward = 2 * (2 * 5 * 8 * 8) * (3 * 3 * 3);
    const counted = flopsOf(
      [
        [2, 3, 8, 8],
        [5, 3, 3, 3],
      ],
      (x = never(), w = never()) => {
        const y = convolution(x, w, undefined, { padding: [1, 1, 1, 1] });
        const loss = reshape(sum(y, [0, 1, 2, 3]), []);
        const [dx = never(), dw = never()] = gradients(loss, [x, w]);
        return { y, dx, dw };
      },
    );
    expect(counted).toBe(3 * forward);
  });

  test('repeated and dead work does not count', () => {
    const counted = flopsOf([[3, 3]], (x = never()) => {
      matmul(silu(x), x);
      return { first: matmul(x, x), second: matmul(x, x) };
    });
    expect(counted).toBe(2 * 27);
  });
});

test('a forward pass of the UNet of SD 1.5 at 512 pixels takes 0.8 TFLOP', async () => {
  const { unet: config } = await openFamilyConfig('sd15');
  const graph = new Graph();
  const output = unet(Scope.root(graph), config, {
    sample: input(graph, 'sample', 'f32', [1, 4, 64, 64]),
    timeFeatures: input(graph, 'timeFeatures', 'f32', [1, 320]),
    context: input(graph, 'context', 'f32', [1, 77, 768]),
    additionFeatures: undefined,
  });
  // Kim et al. 2023 (BK-SDM) give 339 G multiply-adds without the products inside attention, which are 63 G:
  // 5 modules at 4096 tokens, 5 at 1024, 5 at 256 and 1 at 64 with themselves and with 77 tokens of text.
  const inside = [
    { modules: 5, tokens: 4096, channels: 320 },
    { modules: 5, tokens: 1024, channels: 640 },
    { modules: 5, tokens: 256, channels: 1280 },
    { modules: 1, tokens: 64, channels: 1280 },
  ].reduce((total, { modules, tokens, channels }) => {
    return total + 4 * modules * tokens * (tokens + 77) * channels;
  }, 0);
  const counted = flops({ graph, outputs: { output } });
  // Their count leaves out norms and other element-wise work: below 1 %.
  expect((counted - inside) / 2 / 339e9).toBeCloseTo(1, 2);
});

function never(): never {
  throw new Error('too few inputs');
}
