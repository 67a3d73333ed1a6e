import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../test/fixtures.ts';
import { checkImagePreprocess } from '../../test/parity/checks/image-preprocess.ts';
import { blankImage, type Image } from './image.ts';
import { enlarge, resize } from './resize.ts';

/** One row of grey pixels. */
function row(levels: readonly number[]): Image {
  const data = Uint8Array.from(levels.flatMap((level) => [level, level, level]));
  return { width: levels.length, height: 1, data };
}

function levels(image: Image): number[] {
  return Array.from(image.data).filter((_, i) => i % 3 === 0);
}

describe('resampling', () => {
  test("gives Pillow's levels for every fixture picture, exactly", async () => {
    const checks = await checkImagePreprocess(fixturePath('image-preprocess'));
    expect(checks.filter((check) => check.status !== 'ok')).toEqual([]);
    const png = checks.filter(({ tensor }) => tensor.includes('_u8') && !tensor.includes('jpeg'));
    expect(Math.max(...png.map((check) => check.error))).toBe(0);
  });

  test('averages with a triangle twice the reduction wide (worked by hand)', () => {
    // Four to two pixels: weights 1/8, 3/8, 3/8, 1/8 around each centre, renormalised at the edges to (3, 3, 1) / 7.
    const halved = resize(row([0, 70, 140, 210]), { width: 2, height: 1 }, 'bilinear');
    expect(levels(halved)).toEqual([50, 160]);
  });

  test.each(['bilinear', 'bicubic', 'lanczos'] as const)(
    'by %s keeps a plain colour plain',
    (filter) => {
      const side = fc.integer({ min: 1, max: 40 });
      fc.assert(
        fc.property(side, side, side, side, (width, height, toWidth, toHeight) => {
          const plain = blankImage(width, height, [255, 128, 3]);
          const resized = resize(plain, { width: toWidth, height: toHeight }, filter);
          expect(resized).toEqual(blankImage(toWidth, toHeight, [255, 128, 3]));
        }),
      );
    },
  );

  test('leaves a picture of the right size alone', () => {
    const image = row([1, 250, 3, 77]);
    expect(resize(image, { width: 4, height: 1 }, 'lanczos')).toEqual(image);
  });

  test('treats width and height alike', () => {
    const image = row([3, 200, 90, 31, 5]);
    const upright = { ...image, width: 1, height: 5 };
    const across = resize(image, { width: 3, height: 1 }, 'bicubic');
    const down = resize(upright, { width: 1, height: 3 }, 'bicubic');
    expect(down.data).toEqual(across.data);
  });
});

describe('enlarging', () => {
  test('makes every pixel a square', () => {
    const big = enlarge(row([10, 20]), 2);
    expect(levels(big)).toEqual([10, 10, 20, 20, 10, 10, 20, 20]);
    expect([big.width, big.height]).toEqual([4, 2]);
  });
});
