import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { FormatError } from '../../base/errors.ts';
import { readPngHead, readPngText, writePngText } from './png-text.ts';

const raw = { width: 3, height: 2, channels: 3 } as const;
const pixels = Uint8Array.from({ length: 18 }, (_, i) => i * 14);
const png = new Uint8Array(await sharp(pixels, { raw }).png().toBuffer());

describe('text in PNG files', () => {
  test('is read as it was written, and the picture stays the same', async () => {
    const settings = { parameters: 'a sks teapot\nSteps: 25, Seed: 7', krona: '{"steps":25}' };
    const written = writePngText(png, settings);
    expect(Object.fromEntries(readPngText(written))).toEqual(settings);
    expect(new Uint8Array(await sharp(written).raw().toBuffer())).toEqual(pixels);
  });

  test('keeps ASCII as tEXt and everything else as iTXt, which another decoder reads', async () => {
    const written = writePngText(png, { plain: 'Steps: 25', wide: 'café, 一只猫 🐶' });
    const bytes = Buffer.from(written).toString('latin1');
    expect(bytes).toContain('tEXtplain');
    expect(bytes).toContain('iTXtwide');
    const { comments } = await sharp(written).metadata();
    expect(comments).toContainEqual({ keyword: 'plain', text: 'Steps: 25' });
    expect(comments?.find(({ keyword }) => keyword.includes('wide'))?.text).toBe('café, 一只猫 🐶');
  });

  test('is read with the size from the beginning alone, pixels left out', () => {
    const written = writePngText(png, { parameters: 'Steps: 25', wide: 'café' });
    const pixelsAt = Buffer.from(written).indexOf('IDAT');
    for (const end of [pixelsAt + 4, pixelsAt + 5, written.length]) {
      const { entries, ...size } = readPngHead(written.subarray(0, end));
      expect(size).toEqual({ width: 3, height: 2 });
      expect(Object.fromEntries(entries)).toEqual({ parameters: 'Steps: 25', wide: 'café' });
    }
    for (const end of [0, 7, 20, pixelsAt - 5]) {
      expect(() => readPngHead(written.subarray(0, end), 'x.png')).toThrow(
        /^x\.png is not a sound/,
      );
    }
  });

  test('replaces an entry of the same keyword and keeps the others', () => {
    const first = writePngText(png, { a: 'one', b: 'two' });
    const second = writePngText(first, { a: 'three ⊗' });
    expect(Object.fromEntries(readPngText(second))).toEqual({ a: 'three ⊗', b: 'two' });
  });

  test('survives any text without U+0000', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\0'));
        expect(readPngText(writePngText(png, { text })).get('text')).toBe(text);
      }),
    );
  });

  test.each(['', ' padded', 'padded ', 'x'.repeat(80), 'naïve⊗', 'a\nb'])(
    'refuses the keyword %j',
    (keyword) => {
      expect(() => writePngText(png, { [keyword]: 'x' })).toThrow(FormatError);
    },
  );

  test('refuses U+0000 in a text', () => {
    expect(() => writePngText(png, { a: 'x\0y' })).toThrow(FormatError);
  });
});

describe('damaged PNG files', () => {
  test('are refused wherever they are cut', () => {
    for (let length = 0; length < png.length; length++) {
      expect(() => readPngText(png.subarray(0, length))).toThrow(FormatError);
    }
  });

  test('are refused whichever byte changed', () => {
    fc.assert(
      fc.property(fc.nat(png.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Uint8Array.from(png);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        expect(() => readPngText(damaged)).toThrow(FormatError);
      }),
    );
  });

  test('are named in the message, with the place', () => {
    const damaged = Uint8Array.from(png);
    damaged[20] = 0xff;
    expect(() => readPngText(damaged, 'out/1.png')).toThrow(
      'out/1.png is not a sound PNG: the checksum of "IHDR" at byte 8 is wrong; the file is damaged or another format, make or copy it again',
    );
    expect(() => readPngText(new TextEncoder().encode('hello, world'), 'a.png')).toThrow(
      'does not begin with the PNG signature',
    );
  });

  test('whose text is compressed or cut off are read without it', () => {
    const odd = [
      ['iTXt', 'packed\0\x01\0\0\0x'],
      ['iTXt', 'short\0\0\0en'],
      ['tEXt', 'no end of keyword'],
    ] as const;
    const chunks = odd.map(([type, body]) => {
      const bytes = Buffer.from(type + body, 'latin1');
      const chunk = Buffer.alloc(bytes.length + 8);
      chunk.writeUInt32BE(bytes.length - 4, 0);
      bytes.copy(chunk, 4);
      chunk.writeUInt32BE(crc32(bytes), bytes.length + 4);
      return chunk;
    });
    const afterHeader = 8 + 25;
    const file = Buffer.concat([
      png.subarray(0, afterHeader),
      ...chunks,
      png.subarray(afterHeader),
    ]);
    expect(readPngText(file).size).toBe(0);
    expect(readPngText(writePngText(file, { a: 'one' })).get('a')).toBe('one');
  });
});
