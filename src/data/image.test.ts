import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../test/fixtures.ts';
import { DataError } from '../base/errors.ts';
import { decodeImage, encodePng, type Image } from './image.ts';

const width = 8;
const height = 4;
const size = { width, height };

function solid(channels: 3 | 4, background: { r: number; g: number; b: number; alpha?: number }) {
  return sharp({ create: { ...size, channels, background } });
}

const orange = { r: 200, g: 120, b: 40 };

/** A PNG whose header claims another size, with the checksum that belongs to it. */
function withPngSize(png: Uint8Array, claimedWidth: number, claimedHeight: number): Uint8Array {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(claimedWidth, 16);
  bytes.writeUInt32BE(claimedHeight, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

function firstPixel(image: Image): number[] {
  expect([image.width, image.height, image.data.length]).toEqual([
    width,
    height,
    width * height * 3,
  ]);
  return [...image.data.subarray(0, 3)];
}

describe('decoding', () => {
  test('brings back the levels of an encoded PNG', async () => {
    const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256);
    const image: Image = { ...size, data };
    expect(await decodeImage(await encodePng(image), 'a.png')).toEqual(image);
  });

  test.each([
    ['lossless WebP', () => solid(3, orange).webp({ lossless: true })],
    ['a palette PNG', () => solid(3, orange).png({ palette: true })],
    ['GIF', () => solid(3, orange).gif()],
    ['TIFF', () => solid(3, orange).tiff({ compression: 'lzw' })],
    ['lossless AVIF', () => solid(3, orange).avif({ lossless: true })],
  ])('reads %s', async (_, make) => {
    expect(firstPixel(await decodeImage(await make().toBuffer(), 'a'))).toEqual([200, 120, 40]);
  });

  test('reads JPEG, within its loss', async () => {
    const bytes = await solid(3, orange).jpeg({ quality: 95 }).toBuffer();
    const pixel = firstPixel(await decodeImage(bytes, 'a.jpg'));
    // Quantisation of a plain colour at quality 95 moves a level by at most 2.
    for (const [i, level] of [200, 120, 40].entries()) {
      expect(Math.abs((pixel[i] ?? 0) - level)).toBeLessThanOrEqual(2);
    }
  });

  test.each(['gif', 'webp'] as const)('reads the first frame of an animated %s', async (format) => {
    const frames = [orange, { r: 0, g: 0, b: 255 }].map((colour) => solid(3, colour).png());
    const files = await Promise.all(frames.map((frame) => frame.toBuffer()));
    const animation = sharp(files, { join: { animated: true } });
    const bytes = await animation.toFormat(format, { lossless: true }).toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    expect(firstPixel(await decodeImage(bytes, 'a'))).toEqual([200, 120, 40]);
  });

  test('reads grey levels of 8 and of 16 bits', async () => {
    const grey = Uint8Array.from({ length: width * height }, () => 77);
    const narrow = await sharp(grey, { raw: { ...size, channels: 1 } })
      .png()
      .toBuffer();
    expect(firstPixel(await decodeImage(narrow, 'a.png'))).toEqual([77, 77, 77]);
    const wide = Uint16Array.from({ length: width * height }, () => 77 * 257);
    const sixteen = await sharp(wide, { raw: { ...size, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect((await sharp(sixteen).metadata()).depth).toBe('ushort');
    expect(firstPixel(await decodeImage(sixteen, 'a.png'))).toEqual([77, 77, 77]);
  });

  test('reads colours of 16 bits', async () => {
    const pixel = [200, 120, 40].map((level) => level * 257);
    const levels = Uint16Array.from(Array.from({ length: width * height }, () => pixel).flat());
    const bytes = await sharp(levels, { raw: { ...size, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expect(firstPixel(await decodeImage(bytes, 'a.png'))).toEqual([200, 120, 40]);
  });

  test('reads CMYK', async () => {
    const bytes = await solid(3, { r: 255, g: 255, b: 255 })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    expect(firstPixel(await decodeImage(bytes, 'a.jpg')).every((level) => level > 250)).toBe(true);
  });

  test('turns a picture upright by its EXIF orientation', async () => {
    const bytes = await solid(3, orange).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const image = await decodeImage(bytes, 'a.jpg');
    expect([image.width, image.height]).toEqual([height, width]);
  });

  test('lays transparent pixels over white, or drops alpha on request', async () => {
    const clear = await solid(4, { ...orange, alpha: 0 })
      .png()
      .toBuffer();
    expect(firstPixel(await decodeImage(clear, 'a.png'))).toEqual([255, 255, 255]);
    expect(firstPixel(await decodeImage(clear, 'a.png', { alpha: 'drop' }))).toEqual([
      200, 120, 40,
    ]);
  });

  test('lays transparent palette and grey pictures over white, too', async () => {
    const clear = solid(4, { r: 50, g: 50, b: 50, alpha: 0 });
    const palette = await clear.clone().png({ palette: true }).toBuffer();
    const grey = await clear.clone().toColourspace('b-w').png().toBuffer();
    expect(firstPixel(await decodeImage(palette, 'a.png'))).toEqual([255, 255, 255]);
    expect(firstPixel(await decodeImage(grey, 'a.png'))).toEqual([255, 255, 255]);
  });
});

describe('an unreadable picture', () => {
  test.each([
    ['an empty file', '', 'the file is empty'],
    ['a text', 'this is a caption, not a picture', 'its content is no picture format we know'],
    [
      'an SVG',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      'inside it is svg',
    ],
  ])('is refused by name: %s', async (_, text, reason) => {
    const decoding = decodeImage(new TextEncoder().encode(text), 'photos/cat.jpg');
    await expect(decoding).rejects.toThrow(DataError);
    await expect(decoding).rejects.toThrow(`photos/cat.jpg is not a readable picture (${reason}`);
  });

  test('is one of more pixels than are decoded, judged by its header', async () => {
    const png = await encodePng({ ...size, data: new Uint8Array(width * height * 3) });
    const bytes = withPngSize(png, 12_001, 10_000);
    await expect(decodeImage(bytes, 'bomb.png')).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringMatching(
        /^bomb\.png is 12001 x 10000, 121 million pixels, and at most 120 million .*make it smaller/,
      ),
    });
    // As many as are decoded: refused for what it lacks, not for its size.
    const largest = decodeImage(withPngSize(png, 12_000, 10_000), 'cut.png');
    await expect(largest).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
  });

  test('is one cut anywhere in its pixels', async () => {
    const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 31 + i * 17) % 256);
    const picture = sharp(noise, { raw: { width: 64, height: 64, channels: 3 } });
    const encoded = [
      await picture.clone().jpeg().toBuffer(),
      await picture.clone().png().toBuffer(),
      await picture.clone().webp().toBuffer(),
      await picture.clone().gif().toBuffer(),
      await picture.clone().tiff().toBuffer(),
      await picture.clone().avif().toBuffer(),
    ];
    for (const bytes of encoded) {
      for (const share of [0.02, 0.3, 0.6, 0.9]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        await expect(decodeImage(cut, 'cut')).rejects.toThrow(DataError);
      }
    }
  });

  test('is the fixture JPEG with its second half missing', async () => {
    const bytes = await readFile(fixturePath('image-preprocess/exif6_120x80.jpg'));
    const cut = bytes.subarray(0, bytes.length / 2);
    await expect(decodeImage(cut, 'half.jpg')).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
  });
});

/** A TIFF of 2 x 2 grey samples. `format` is 1 for numbers without sign, 2 with sign, 3 for floating point (TIFF 6.0, SampleFormat). */
function greyTiff(samples: Float32Array | Uint32Array | Int16Array, format: number): Uint8Array {
  const tags = [
    [256, 2],
    [257, 2],
    [258, samples.BYTES_PER_ELEMENT * 8],
    [259, 1],
    [262, 1],
    [273, 8 + 2 + 10 * 12 + 4],
    [277, 1],
    [278, 2],
    [279, samples.byteLength],
    [339, format],
  ] as const;
  const head = new DataView(new ArrayBuffer(8 + 2 + tags.length * 12 + 4));
  head.setUint32(0, 0x002a4949, true);
  head.setUint32(4, 8, true);
  head.setUint16(8, tags.length, true);
  for (const [i, [tag, value]] of tags.entries()) {
    const at = 10 + i * 12;
    head.setUint16(at, tag, true);
    head.setUint16(at + 2, 4, true);
    head.setUint32(at + 4, 1, true);
    head.setUint32(at + 8, value, true);
  }
  return Buffer.concat([new Uint8Array(head.buffer), new Uint8Array(samples.buffer)]);
}

test.each([
  ['float', Float32Array.of(0.5, 0.5, 0.5, 0.5), 3],
  ['uint', Uint32Array.of(0, 2 ** 31, 2 ** 32 - 1, 7), 1],
  ['short', Int16Array.of(-5, 0, 5, 300), 2],
] as const)(
  'samples of type %s are refused: nothing says which is white',
  async (depth, samples, format) => {
    await expect(decodeImage(greyTiff(samples, format), 'a.tif')).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
      message: expect.stringContaining(`its samples are of type ${depth}, expected 8 or 16 bits`),
    });
  },
);
