import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { fixturePath } from '../../test/fixtures.ts';
import { required } from '../base/required.ts';
import { decodeImage, type Image } from './image.ts';

interface Expected {
  readonly width: number;
  readonly height: number;
  readonly pixels: readonly { x: number; y: number; levels: readonly number[] }[];
}

let expected: Readonly<Record<string, Expected>> = {};
beforeAll(async () => {
  expected = JSON.parse(await readFile(fixturePath('heic/expected.json'), 'utf8'));
});

const bytesOf = async (name: string) => new Uint8Array(await readFile(fixturePath(`heic/${name}`)));

const levelsAt = ({ width, data }: Image, x: number, y: number): number[] => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

/** The largest distance from what the reference decodes, at its pixels. */
async function distance(name: string, options: Parameters<typeof decodeImage>[2] = {}) {
  const image = await decodeImage(await bytesOf(name), name, options);
  const { width, height, pixels } = expected[name] ?? { width: 0, height: 0, pixels: [] };
  expect([image.width, image.height, pixels.length]).toEqual([width, height, 4]);
  const distances = pixels.flatMap(({ x, y, levels }) => {
    const shown = options.alpha === 'alone' ? Array(3).fill(required(levels, 3)) : levels;
    return levelsAt(image, x, y).map((level, i) => Math.abs(level - required(shown, i)));
  });
  return Math.max(...distances);
}

test.each(['plain.heic', 'turned.heic', 'ten-bits.heic'])('%s is read', async (name) => {
  // The reference is another build of libheif, which may round to the next level.
  expect(await distance(name)).toBeLessThanOrEqual(1);
});

test('a picture that its container turns and EXIF too is turned once', async () => {
  const bytes = await bytesOf('turned.heic');
  // What the file says twice.
  expect(Buffer.from(bytes).includes('irot')).toBe(true);
  expect(Buffer.from(bytes).includes(Buffer.from('011200030000000100060000', 'hex'))).toBe(true);
  const image = await decodeImage(bytes, 'turned.heic');
  const [red = 0, green = 0, blue = 0] = levelsAt(image, 4, 4);
  expect([image.width, image.height]).toEqual([64, 48]);
  expect(red > 200 && green < 60 && blue < 60).toBe(true);
});

test('colours of its profile become sRGB', async () => {
  // Two engines for profiles, and the loss of chroma before them.
  expect(await distance('p3.heic')).toBeLessThanOrEqual(2);
});

test('transparency is laid over white, dropped, or read alone', async () => {
  expect(await distance('faded.heic', { alpha: 'drop' })).toBeLessThanOrEqual(1);
  expect(await distance('faded.heic', { alpha: 'alone' })).toBeLessThanOrEqual(1);
  const over = await decodeImage(await bytesOf('faded.heic'), 'faded.heic');
  const [above, below] = [levelsAt(over, 40, 0), levelsAt(over, 40, 47)];
  expect(Math.min(...above)).toBeGreaterThan(250);
  expect(Math.min(...below)).toBeLessThan(250);
});

test('transparency that was multiplied into the colours is taken out of them', async () => {
  const image = await decodeImage(await bytesOf('multiplied.heic'), 'a', { alpha: 'drop' });
  for (const { x, y, levels } of expected['multiplied.heic']?.pixels ?? []) {
    const alpha = required(levels, 3);
    for (const [i, level] of levelsAt(image, x, y).entries()) {
      // A level that was rounded, and once more by the change to YCbCr, as much larger as it was made smaller.
      expect(Math.abs(level - required(levels, i))).toBeLessThanOrEqual((2 * 255) / alpha);
    }
  }
});

/** `plain.heic` with another number where it says its size. */
async function claiming(width: number, height: number): Promise<Uint8Array> {
  const bytes = Buffer.from(await bytesOf('plain.heic'));
  const size = bytes.indexOf('ispe') + 8;
  bytes.writeUInt32BE(width, size);
  bytes.writeUInt32BE(height, size + 4);
  // Nothing of it is cut away.
  bytes.write('free', bytes.indexOf('clap'));
  return bytes;
}

test('one of a giant size is refused before it is decoded, and the next one is read', async () => {
  await expect(decodeImage(await claiming(20_000, 20_000), 'giant.heic')).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    details: { pixels: '400' },
  });
  expect(await distance('plain.heic')).toBeLessThanOrEqual(1);
});

test.each([
  ['whose picture is larger than its container says', () => claiming(8, 8)],
  ['that is cut short', async () => (await bytesOf('plain.heic')).subarray(0, 900)],
  ['that is cut short in its header', async () => (await bytesOf('plain.heic')).subarray(0, 120)],
])('one %s is named as unreadable', async (_, make) => {
  await expect(decodeImage(await make(), 'bad.heic')).rejects.toMatchObject({
    code: 'IMAGE_UNREADABLE',
    message: expect.stringMatching(/^bad\.heic is not a readable picture \(.+\); replace it/),
  });
});
