import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { float32 } from '../tensor/tensor.ts';
import { blankImage, type Image } from './image.ts';
import {
  applyTransform,
  clipTransform,
  dreamboothTransform,
  imagesFromTensor,
  toTensor,
} from './transforms.ts';

describe('the tensor of a picture', () => {
  test('has channels first and values from -1 to 1', () => {
    const image: Image = { width: 2, height: 1, data: Uint8Array.of(0, 255, 51, 255, 0, 204) };
    const { shape, data } = toTensor(image);
    expect(shape).toEqual([3, 1, 2]);
    // 51 / 255 = 1/5 exactly, so these are float32 roundings of short decimals.
    expect([...data]).toEqual([-1, 1, 1, -1, Math.fround(-0.6), Math.fround(0.6)]);
  });

  test('has one size whatever the picture was, also for one pixel', () => {
    const side = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const image = blankImage(width, height, [9, 9, 9]);
        const wide = dreamboothTransform({ width: 16, height: 8 });
        expect(applyTransform(image, wide).shape).toEqual([3, 8, 16]);
        expect(applyTransform(image, clipTransform(16)).shape).toEqual([3, 16, 16]);
      }),
    );
  });

  test('turns back into the same picture', () => {
    const data = Uint8Array.from({ length: 256 * 3 }, (_, i) => (i * 7) % 256);
    const image: Image = { width: 16, height: 16, data };
    const { shape, data: values } = toTensor(image);
    expect(imagesFromTensor(float32([1, ...shape], values))).toEqual([image]);
  });

  test('is clamped where a model leaves [-1, 1]', () => {
    const [image] = imagesFromTensor(float32([1, 3, 1, 1], [-7, 7, 0]));
    // 0 is level 127.5, and half rounds to the even 128 as in numpy.
    expect([...(image?.data ?? [])]).toEqual([0, 255, 128]);
  });
});
