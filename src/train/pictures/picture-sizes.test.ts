import { describe, expect, test } from 'vitest';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { openBaseModel } from '../../pipeline/base/open-base.ts';
import { countSizes, pictureSizes } from './picture-sizes.ts';

const pocket = await openBaseModel('pocket');

/** The pocket model with another's numbers. */
function sized(numbers: { native: number; downsampling: number; levels: number }): BaseModel {
  const { unet, vae } = pocket;
  const { native, downsampling } = numbers;
  const [level] = unet.config.levels;
  if (level === undefined) throw new Error('a UNet without levels');
  const levels = Array.from({ length: numbers.levels }, () => level);
  const config = { ...unet.config, sampleSize: native / downsampling, levels };
  return {
    ...pocket,
    unet: { ...unet, config },
    vae: { ...vae, config: { ...vae.config, downsampling } },
  };
}

describe('training pictures', () => {
  test('are squares of the native side, or of the resolution', () => {
    expect(pictureSizes({ buckets: false }, pocket)).toEqual([{ width: 64, height: 64 }]);
    expect(pictureSizes({ buckets: false, resolution: 48 }, pocket)).toEqual([
      { width: 48, height: 48 },
    ]);
  });

  test.each([
    ['pocket', pocket, 16],
    ['Stable Diffusion 1.5', sized({ native: 512, downsampling: 8, levels: 4 }), 64],
    ['Stable Diffusion 2.1', sized({ native: 768, downsampling: 8, levels: 4 }), 64],
    ['Stable Diffusion XL', sized({ native: 1024, downsampling: 8, levels: 3 }), 64],
  ])('of %s in buckets have sides of its steps', (_, base, step) => {
    const sides = pictureSizes({ buckets: true }, base).flatMap(({ width, height }) => [
      width,
      height,
    ]);
    expect(sides.length).toBeGreaterThan(2);
    expect(sides.filter((side) => side % step !== 0)).toEqual([]);
    expect(sides.some((side) => side % (2 * step) !== 0)).toBe(true);
  });

  test.each([12, 128])('cannot be in buckets of steps of %i', (bucketStep) => {
    expect(() => pictureSizes({ buckets: true, bucketStep }, pocket)).toThrow(
      `bucketStep: expected a multiple of 8 pixels, at most the resolution of 64, got ${bucketStep}`,
    );
  });

  test('are counted by their size', () => {
    const wide = { width: 80, height: 48 };
    const square = { width: 64, height: 64 };
    expect(countSizes([wide, square, wide])).toEqual([
      { ...wide, pictures: 2 },
      { ...square, pictures: 1 },
    ]);
  });
});
