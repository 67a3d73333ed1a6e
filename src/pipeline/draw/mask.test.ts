import { expect, test } from 'vitest';
import { blankImage, type Image } from '../../data/image.ts';
import { float32 } from '../../tensor/tensor.ts';
import { keepingOriginal, latentMask, maskFromImage, withoutRepainted } from './mask.ts';

/** A picture of grey pixels. */
function grey(width: number, levels: readonly number[]): Image {
  const data = Uint8Array.from(levels.flatMap((level) => [level, level, level]));
  return { width, height: levels.length / width, data };
}

test('white is repainted, black kept, grey whichever is nearer', () => {
  const mask = maskFromImage(grey(2, [255, 0, 127, 128]), 'mask.png');
  expect([...mask.data]).toEqual([1, 0, 0, 1]);
});

test('colours count by their brightness', () => {
  const green = maskFromImage(blankImage(1, 1, [0, 255, 0]), 'mask.png');
  expect([...green.data]).toEqual([1]);
  expect(() => maskFromImage(blankImage(1, 1, [255, 0, 255]), 'mask.png')).toThrow(
    'mask.png: nothing to repaint',
  );
});

test('a latent is repainted as soon as one of its pixels is', () => {
  const mask = maskFromImage(
    grey(4, [...[0, 0, 0, 0], ...[0, 255, 0, 0], ...[0, 0, 0, 0], ...[0, 0, 0, 0]]),
    'mask.png',
  );
  expect(latentMask(mask, 2)).toEqual(float32([1, 1, 2, 2], [1, 0, 0, 0]));
});

test('an in-painting network sees mid-grey where it paints', () => {
  const mask = maskFromImage(grey(2, [255, 0]), 'mask.png');
  const picture = float32([1, 3, 1, 2], [1, 2, 3, 4, 5, 6]);
  expect([...withoutRepainted(picture, mask).data]).toEqual([0, 2, 0, 4, 0, 6]);
});

test('what the mask keeps is taken from the original', () => {
  const mask = maskFromImage(grey(2, [255, 0]), 'mask.png');
  const result = keepingOriginal(grey(2, [10, 20]), grey(2, [30, 40]), mask);
  expect(result).toEqual(grey(2, [10, 40]));
});
