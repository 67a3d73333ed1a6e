import { expect, test } from 'vitest';
import { TorchGenerator } from '../../../base/torch-random.ts';
import { float32, type Tensor } from '../../../tensor/tensor.ts';
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
  'weights of %i latents in tiles of %i that share %i sum to 1 at every one',
  (length, side, overlap) => {
    const tile = Math.min(length, side);
    const line = tileLine(length, tile, overlap);
    const sums = new Float64Array(length);
    for (const { start, weights } of line) {
      expect(start + tile).toBeLessThanOrEqual(length);
      for (const [i, weight] of weights.entries()) {
        expect(weight).toBeGreaterThan(0);
        sums[start + i] = (sums[start + i] ?? 0) + weight;
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

test('one tile is what there is without tiles, the same tensor', async () => {
  const result = float32([1]);
  const alone = { tile: { height: 11, width: 7 }, overlap: 5 };
  expect(await inTiles(whole, alone, async (part) => (part === whole ? result : part))).toBe(
    result,
  );
});
