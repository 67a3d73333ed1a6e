import sharp from 'sharp';
import { expect, test } from 'vitest';
import { storedPng } from './stored-png.ts';

test.each([
  ['a picture of one pixel', 1, 1, 3],
  ['rows longer than a stored block', 22_000, 3, 3],
  ['rows with alpha that end inside blocks', 300, 400, 4],
] as const)('%s comes back as it was', async (_, width, height, channels) => {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 31) % 251);
  const stride = width * channels;
  const png = storedPng({
    ...{ width, height, channels },
    row: (y) => data.subarray(y * stride, (y + 1) * stride),
  });
  // Its checksums are looked at: an error of them fails.
  const read = await sharp(png, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
  expect(read.info).toMatchObject({ width, height, channels });
  expect(Buffer.compare(read.data, data)).toBe(0);
});
