import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../base/torch-random.ts';
import type { Site } from '../nn/index.ts';
import { matmul, relativeL2, transpose2d } from '../tensor/linear-algebra.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';
import { svdiff } from './svdiff.ts';

const adapter = svdiff.configure({});

function constantsOf(site: Site, weight: Tensor<'f32'>) {
  const { left, values, right } = adapter.constants?.(site, weight) ?? {};
  if (!(left && values && right)) throw new Error('a constant is missing');
  return { left, values, right };
}

describe.each<readonly [number, number]>([
  [24, 16],
  [10, 54],
  [1, 7],
  [7, 1],
])('of a weight of %i x %i', (out, inner) => {
  const site: Site = { name: 'unet.conv_in', kind: 'linear', out, in: inner };
  const weight = float32([out, inner], new TorchGenerator(1).randn(out * inner));
  const count = Math.min(out, inner);
  const { left, values, right } = constantsOf(site, weight);

  test('the constants multiply to the weight', () => {
    const scaled = float32(
      right.shape,
      right.data.map((value, i) => value * (values.data[Math.floor(i / inner)] ?? 0)),
    );
    // Up to 24 products of numbers rounded to float32.
    expect(relativeL2(matmul(left, scaled), weight)).toBeLessThan(1e-6);
  });

  test('the vectors are of length one and at right angles', () => {
    const one = float32([count, count]);
    for (let i = 0; i < count; i++) one.data[i * count + i] = 1;
    // As above.
    expect(relativeL2(matmul(transpose2d(left), left), one)).toBeLessThan(1e-6);
    expect(relativeL2(matmul(right, transpose2d(right)), one)).toBeLessThan(1e-6);
  });

  test('there is a shift for every value', () => {
    expect(adapter.parameters(site)[0]?.shape).toEqual([count]);
    expect(values.shape).toEqual([count]);
  });
});
