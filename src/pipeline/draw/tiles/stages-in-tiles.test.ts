/** @file What an autoencoder computes in tiles is what it computes in one piece. */
import { describe, expect, test } from 'vitest';
import { required } from '../../../base/required.ts';
import { TorchGenerator } from '../../../base/torch-random.ts';
import { elementCount, float32, type Shape, type Tensor } from '../../../tensor/tensor.ts';
import { openBaseModel } from '../../base/open-base.ts';
import { ImageDecoder, ImageEncoder, latentShape } from '../autoencoder.ts';
import { leastTile, pooled, stretches } from './stages-in-tiles.ts';

describe('tiles along a side', () => {
  test.each([
    [32, 16, 2],
    [33, 16, 3],
    [256, 64, 2],
    [100, 8, 3],
    [17, 16, 2],
  ])('of %i elements, of %i at most, that see %i around them', (length, side, reach) => {
    const tile = leastTile(length, side, reach);
    expect(tile).toBeLessThanOrEqual(Math.max(side, 3 * reach));
    let end = 0;
    for (const { start, from, to } of stretches(length, tile, reach)) {
      expect(from).toBe(end);
      expect(start).toBeLessThanOrEqual(Math.max(0, from - reach));
      expect(start + tile).toBeGreaterThanOrEqual(Math.min(length, to + reach));
      end = to;
    }
    expect(end).toBe(length);
  });

  test('is one where it is no longer', () => {
    const tile = leastTile(16, 16, 3);
    expect(stretches(16, tile, 3)).toEqual([{ start: 0, length: 16, from: 0, to: 16 }]);
  });
});

test('moments of parts make those of the whole', () => {
  const values = new TorchGenerator(5).randn(60);
  const momentsOf = (part: Float32Array) => {
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    const variance = part.reduce((sum, value) => sum + (value - mean) ** 2, 0) / part.length;
    return { share: part.length / values.length, mean: [mean], variance: [variance] };
  };
  const whole = momentsOf(values);
  const { means, variances } = pooled(
    [0, 10, 40].map((from, i) => momentsOf(values.slice(from, [10, 40, 60][i]))),
  );
  expect(means[0]).toBeCloseTo(required(whole.mean, 0), 12);
  expect(variances[0]).toBeCloseTo(required(whole.variance, 0), 12);
});

describe('the bundled autoencoder', async () => {
  const base = await openBaseModel('pocket');
  // Neither square nor a multiple of the tiles.
  const size = { height: 60, width: 100 };
  const random = (shape: Shape) => float32(shape, new TorchGenerator(7).randn(elementCount(shape)));
  /** Largest difference. */
  const difference = (a: Tensor<'f32'>, b: Tensor<'f32'>) => {
    expect(a.shape).toEqual(b.shape);
    return a.data.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - required(b.data, i))),
      0,
    );
  };
  // What is summed up in another order differs by float32's rounding, through some thirty layers; pictures are within ±1.
  const rounding = 1e-4;

  test('decodes in tiles what it decodes in one piece', async () => {
    const latents = random(latentShape(base, size));
    await using whole = await ImageDecoder.open(base, size);
    await using tiled = await ImageDecoder.open(base, { ...size, tile: 32 });
    const picture = await whole.decode(latents);
    expect(difference(await tiled.decode(latents), picture)).toBeLessThan(rounding);
  });

  test('encodes in tiles what it encodes in one piece', async () => {
    const picture = random([1, 3, size.height, size.width]);
    await using whole = await ImageEncoder.open(base, size);
    await using tiled = await ImageEncoder.open(base, { ...size, tile: 32 });
    const [expected, moments] = [await whole.encode(picture), await tiled.encode(picture)];
    expect(difference(moments.mean, expected.mean)).toBeLessThan(rounding);
    expect(difference(moments.deviation, expected.deviation)).toBeLessThan(rounding);
  });
});
