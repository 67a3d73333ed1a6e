import { expect, test } from 'vitest';
import { float32 } from '../../tensor/tensor.ts';
import { interpolated } from './enlarged-latents.ts';

// torch.nn.functional.interpolate(x, size, mode='bilinear', antialias=False), torch 2.15.0
test.each([
  [
    { height: 4, width: 6 },
    [
      ...[0, 0.25, 0.75, 1.25, 1.75, 2, 0.75, 1, 1.5, 2, 2.5, 2.75],
      ...[2.25, 2.5, 3, 3.5, 4, 4.25, 3, 3.25, 3.75, 4.25, 4.75, 5],
    ],
  ],
  [{ height: 3, width: 5 }, [0, 0.4, 1, 1.6, 2, 1.5, 1.9, 2.5, 3.1, 3.5, 3, 3.4, 4, 4.6, 5]],
])('latents are interpolated to %j as torch does', (size, expected) => {
  const result = interpolated(float32([1, 1, 2, 3], [0, 1, 2, 3, 4, 5]), size);
  expect(result.shape).toEqual([1, 1, size.height, size.width]);
  for (const [i, value] of expected.entries()) expect(result.data[i]).toBeCloseTo(value, 6);
});
