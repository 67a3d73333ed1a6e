import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import { float32 } from '../../tensor/tensor.ts';
import type { EncodedPicture } from './dataset.ts';
import { PictureQueue } from './picture-queue.ts';

/** A picture whose latents are as wide as that; its number is its text. */
function picture(width: number, text: number, repeats = 1): EncodedPicture {
  const latents = float32([1, 4, 2, width]);
  const size = { width, height: 2 };
  const framing = { original: size, crop: { top: 0, left: 0 }, target: size };
  return { mean: latents, deviation: latents, framing, text, repeats };
}

const numbers = (pictures: readonly EncodedPicture[]) => pictures.map(({ text }) => text);
const widths = (pictures: readonly EncodedPicture[]) => [
  ...new Set(pictures.map(({ mean }) => mean.shape[3])),
];

const kinds = fc.array(
  fc.record({ width: fc.integer({ min: 1, max: 3 }), repeats: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 1, maxLength: 8 },
);
const collections = kinds.map((each) =>
  each.map(({ width, repeats }, i) => picture(width, i, repeats)),
);
const counts = fc.integer({ min: 1, max: 6 });

describe('pictures in line', () => {
  test('of one size follow each other, epoch after shuffled epoch, across the batches', () => {
    const pictures = [picture(2, 0), picture(2, 1, 2), picture(2, 2)];
    const queue = new PictureQueue(pictures, new TorchGenerator(1));
    const shown = Array.from({ length: 4 }, () => numbers(queue.next(3))).flat();
    const generator = new TorchGenerator(1);
    const epoch = () => generator.randperm(4).map((at) => [0, 1, 1, 2][at] ?? 0);
    expect(shown).toEqual([...epoch(), ...epoch(), ...epoch()]);
  });

  test('come in batches of one size', () => {
    fc.assert(
      fc.property(collections, counts, (pictures, count) => {
        const queue = new PictureQueue(pictures, new TorchGenerator(2));
        for (let i = 0; i < 20; i++) {
          const batch = queue.next(count);
          expect(batch).toHaveLength(count);
          expect(widths(batch)).toHaveLength(1);
        }
      }),
    );
  });

  test('are shown equally often: what is not, is still in line', () => {
    fc.assert(
      fc.property(collections, counts, (pictures, count) => {
        const queue = new PictureQueue(pictures, new TorchGenerator(3));
        const shown = pictures.map(() => 0);
        const add = (i: number) => {
          shown[i] = (shown[i] ?? 0) + 1;
        };
        for (let i = 0; i < 30; i++) numbers(queue.next(count)).forEach(add);
        queue.order.forEach(add);
        const epochs = pictures.map(({ repeats }, i) => (shown[i] ?? 0) / repeats);
        expect(new Set(epochs).size).toBe(1);
        // A batch waits for as many epochs as it has pictures at most.
        const inEpoch = pictures.reduce((sum, { repeats }) => sum + repeats, 0);
        expect(queue.order.length).toBeLessThanOrEqual(count * inEpoch);
      }),
    );
  });

  test('of a size that is asked for have epochs of their own', () => {
    const pictures = [picture(1, 0), picture(2, 1), picture(2, 2), picture(3, 3)];
    const queue = new PictureQueue(pictures, new TorchGenerator(4));
    const shown = numbers(Array.from({ length: 4 }, () => queue.next(1, [1, 4, 2, 2])).flat());
    expect(shown.slice(0, 2).sort()).toEqual([1, 2]);
    expect(shown.slice(2).sort()).toEqual([1, 2]);
    expect(queue.order).toEqual([]);
    expect(numbers(queue.next(3, [1, 4, 2, 3]))).toEqual([3, 3, 3]);
  });

  test('go on from a saved order as if they had not stopped', () => {
    fc.assert(
      fc.property(collections, counts, (pictures, count) => {
        const generator = new TorchGenerator(5);
        const queue = new PictureQueue(pictures, generator);
        for (let i = 0; i < 5; i++) queue.next(count);
        const later = new PictureQueue(
          pictures,
          TorchGenerator.fromState(generator.state()),
          queue.order,
        );
        for (let i = 0; i < 10; i++) {
          expect(numbers(later.next(count))).toEqual(numbers(queue.next(count)));
        }
      }),
    );
  });
});
