import { expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import { inTiles, type Tiling, tileLine } from './tiles.ts';

const generator = new TorchGenerator(3);
const whole = float32([2, 3, 11, 7], generator.randn(2 * 3 * 11 * 7));
const tiling: Tiling = { tile: { height: 4, width: 4 }, overlap: 2 };

test.each([
  [1, 4, 2],
  [4, 4, 2],
  [5, 4, 2],
  [64, 16, 8],
  [65, 16, 4],
  [100, 64, 0],
])(
  'weights of %i latents in tiles of %i that share %i sum to 1 at every pixel',
  (length, side, overlap) => {
    const tile = Math.min(length, side);
    const line = tileLine(length, tile, { overlap, scale: 4 });
    const sums = new Float64Array(length * 4);
    for (const { start, weights } of line) {
      expect(start + tile).toBeLessThanOrEqual(length);
      for (const [i, weight] of weights.entries()) {
        expect(weight).toBeGreaterThan(0);
        sums[start * 4 + i] = (sums[start * 4 + i] ?? 0) + weight;
      }
    }
    for (const sum of sums) expect(sum).toBeCloseTo(1, 12);
    const starts = line.map(({ start }) => start);
    for (const [i, start] of starts.slice(1).entries()) {
      expect((starts[i] ?? 0) + tile - start).toBeGreaterThanOrEqual(overlap);
    }
  },
);

test('what a tile computes of each place alone is computed of the whole', async () => {
  let tiles = 0;
  const twice = async (part: Tensor<'f32'>) => {
    tiles += 1;
    return float32(
      part.shape,
      part.data.map((value) => 2 * value),
    );
  };
  const result = await inTiles(whole, tiling, twice);
  expect(tiles).toBe(5 * 3);
  expect(result.shape).toEqual(whole.shape);
  // Weights are float64, sums of up to four products float32.
  for (const [i, value] of result.data.entries())
    expect(value).toBeCloseTo(2 * (whole.data[i] ?? 0), 5);
});

test('what is written may be larger than what is read, and the other way round', async () => {
  const one = async ([count = 0, , height = 0, width = 0]: readonly number[], scale: number) => {
    const shape = [count, 1, height * scale, width * scale];
    return float32(shape, new Float32Array(count * height * width * scale ** 2).fill(1));
  };
  const enlarged = await inTiles(whole, tiling, (part) => one(part.shape, 8), { written: 8 });
  expect(enlarged.shape).toEqual([2, 1, 88, 56]);
  for (const value of enlarged.data) expect(value).toBeCloseTo(1, 6);
  const picture = float32([1, 3, 88, 56]);
  const reduced = await inTiles(picture, tiling, (part) => one(part.shape, 1 / 8), { read: 8 });
  expect(reduced.shape).toEqual([1, 1, 11, 7]);
  for (const value of reduced.data) expect(value).toBeCloseTo(1, 6);
});

test('one tile is what there is without tiles, the same tensor', async () => {
  const result = float32([1]);
  const alone = { tile: { height: 11, width: 7 }, overlap: 5 };
  expect(await inTiles(whole, alone, async (part) => (part === whole ? result : part))).toBe(
    result,
  );
});
