import { describe, expect, test } from 'vitest';
import { findZipDirectory, parseZipDirectory, zipContentOffset, zipTailSize } from './zip.ts';

const where = 'x.ckpt';
const wide = 0xffffffff;

/** Little-endian fields: [bytes, value]. */
function fields(...list: readonly (readonly [number, number])[]): Buffer {
  const parts = list.map(([size, value]) => {
    const part = Buffer.alloc(size);
    if (size === 8) part.writeBigUInt64LE(BigInt(value));
    else part.writeUIntLE(value, 0, size);
    return part;
  });
  return Buffer.concat(parts);
}

interface Listed {
  readonly name: string;
  readonly size: number;
  readonly compressed: number;
  readonly offset: number;
  readonly extra?: Buffer;
}

/** One entry of a directory. */
function listed({ name, size, compressed, offset, extra = Buffer.alloc(0) }: Listed): Buffer {
  const head = fields([4, 0x02014b50], [4, 0], [2, 0], [2, 0], [4, 0], [4, 0], [4, compressed]);
  const rest = fields([4, size], [2, name.length], [2, extra.length], [2, 0], [8, 0], [4, offset]);
  return Buffer.concat([head, rest, Buffer.from(name), extra]);
}

const endRecord = (count: number, size: number, offset: number): Buffer =>
  fields([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]);

describe('a zip directory', () => {
  test('gives every entry with its place', () => {
    const directory = Buffer.concat([
      listed({ name: 'a/x', size: 5, compressed: 5, offset: 0 }),
      listed({ name: 'a/y', size: 9, compressed: 7, offset: 100 }),
    ]);
    expect([...parseZipDirectory(directory, 2, where).values()]).toMatchObject([
      { name: 'a/x', byteLength: 5, headerOffset: 0, method: 0, encrypted: false },
      { name: 'a/y', byteLength: 7, headerOffset: 100 },
    ]);
  });

  test('takes from the 64-bit extension only what did not fit', () => {
    const far = 5 * 2 ** 32;
    const unrelated = fields([2, 0x4246], [2, 3], [3, 0]);
    const offsetOnly = Buffer.concat([unrelated, fields([2, 1], [2, 8], [8, far])]);
    const all = fields([2, 1], [2, 24], [8, far + 1], [8, far + 2], [8, far + 3]);
    const directory = Buffer.concat([
      listed({ name: 'far', size: 8, compressed: 8, offset: wide, extra: offsetOnly }),
      listed({ name: 'large', size: wide, compressed: wide, offset: wide, extra: all }),
    ]);
    expect([...parseZipDirectory(directory, 2, where).values()]).toMatchObject([
      { byteLength: 8, headerOffset: far },
      { byteLength: far + 2, headerOffset: far + 3 },
    ]);
  });

  test('is found at the end, before a comment, and in files beyond 4 GiB', () => {
    const start = 6 * 2 ** 32;
    const end64 = fields([4, 0x06064b50], [8, 44], [4, 0], [8, 0], [8, 3], [8, 3], [8, 140]);
    const record = Buffer.concat([end64, fields([8, start])]);
    const locator = fields([4, 0x07064b50], [4, 0], [8, start + 140], [4, 1]);
    const tail = Buffer.concat([Buffer.alloc(140), record, locator, endRecord(0xffff, wide, wide)]);
    const directory = { offset: start, byteLength: 140, count: 3 };
    expect(findZipDirectory(tail, start + tail.length, where)).toEqual(directory);
    const small = Buffer.concat([Buffer.alloc(60), endRecord(1, 50, 10), Buffer.from('comment')]);
    expect(findZipDirectory(small, small.length, where)).toEqual({
      offset: 10,
      byteLength: 50,
      count: 1,
    });
    expect(tail.length).toBeLessThan(zipTailSize);
  });
});

describe('a damaged zip archive is refused', () => {
  const damaged = (work: () => unknown): void =>
    expect(work).toThrow(expect.objectContaining({ code: 'ZIP_DAMAGED' }));
  const entry = { name: 'a', method: 0, encrypted: false, byteLength: 10, headerOffset: 0 };
  const x = listed({ name: 'x', size: 1, compressed: 1, offset: 0 });

  test('without an end record', () => damaged(() => findZipDirectory(x, x.length, where)));
  test('whose directory lies outside', () => {
    const end = endRecord(1, 50, 10);
    damaged(() => findZipDirectory(end, end.length, where));
  });
  test('with a name twice', () =>
    damaged(() => parseZipDirectory(Buffer.concat([x, x]), 2, where)));
  test('with another number of entries', () => damaged(() => parseZipDirectory(x, 2, where)));
  test('with an entry that breaks off', () =>
    damaged(() => parseZipDirectory(x.subarray(0, 40), 1, where)));
  test('with content beyond its end', () => {
    const header = Buffer.concat([fields([4, 0x04034b50]), Buffer.alloc(26)]);
    damaged(() => zipContentOffset(header, entry, { fileSize: 39, where }));
    expect(zipContentOffset(header, entry, { fileSize: 40, where })).toBe(30);
  });
});
