import { describe, expect, test } from 'vitest';
import { FormatError } from '../base/errors.ts';
import { parseTorchLegacy } from './torch/torch-legacy.ts';
import { readTorchPickle } from './torch/torch-pickle.ts';

const where = 'x.ckpt';
const text = (characters: string): Buffer => Buffer.from(characters, 'latin1');
const protocol = text('\x80\x02');
const end = text('N.');

function integer(value: number): Buffer {
  const buffer = Buffer.alloc(5);
  buffer.write('J', 'latin1');
  buffer.writeInt32LE(value, 1);
  return buffer;
}

function unicode(value: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.write('X', 'latin1');
  head.writeUInt32LE(value.byteLength, 1);
  return Buffer.concat([head, value]);
}

const repeated = (count: number, item: (i: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, i) => item(i)));

/** A list, remembered as value 1 and taken off the stack. */
const remembered = (items: Buffer): Buffer => Buffer.concat([text(']('), items, text('eq\x010')]);

const storage = Buffer.concat([
  ...[text('(('), unicode(text('storage')), text('ctorch\nFloatStorage\n')],
  ...[unicode(text('0')), unicode(text('cpu')), text('K\x01tQ')],
]);

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
  return 'nothing was refused';
}

describe('a small pickle that asks for endless work is refused before it is done:', () => {
  test.each<[string, string, Buffer]>([
    [
      'PICKLE_TOO_LARGE',
      'one list made a set again and again',
      Buffer.concat([
        remembered(repeated(200_000, integer)),
        repeated(3000, () => text('c__builtin__\nset\nh\x01\x85R0')),
      ]),
    ],
    [
      'PICKLE_TOO_LARGE',
      'one list of pairs made a dictionary again and again',
      Buffer.concat([
        remembered(repeated(100_000, (i) => Buffer.concat([integer(i), text('N\x86')]))),
        repeated(3000, () => text('ccollections\nOrderedDict\nh\x01\x85R0')),
      ]),
    ],
    ['PICKLE_TOO_LARGE', 'millions of empty dictionaries', text('}'.repeat(3_000_000))],
    [
      'TORCH_TENSOR',
      'tensors of 300,000 axes',
      Buffer.concat([
        text(`(${'K\x01'.repeat(300_000)}tq\x010`),
        ...[text('ctorch._utils\n_rebuild_tensor_v2\n'), storage.subarray(1)],
        text('q\x020'),
        repeated(1, () => text('(h\x02K\x00h\x01h\x01\x89NtR0')),
      ]),
    ],
    [
      'PICKLE_MALFORMED',
      'names as long as books',
      Buffer.concat([text('}('), unicode(Buffer.alloc(20_000, 'a')), text('Nu')]),
    ],
  ])('%s: %s', (code, _what, content) => {
    const bytes = Buffer.concat([protocol, content, end]);
    expect(codeOf(() => readTorchPickle(bytes, { where }))).toBe(code);
  });

  test('integers that share their low bits stay keys of their own, found by their digits', () => {
    // 2⁶⁴·i: V8 hashes such integers by their low 64 bits alone.
    const key = (i: number) => Buffer.from([0x8a, 10, ...Array(8).fill(0), i & 255, i >> 8]);
    const pairs = repeated(1000, (i) => Buffer.concat([key(i + 1), text('N')]));
    const bytes = Buffer.concat([protocol, text('}('), pairs, text('u.')]);
    const { value } = readTorchPickle(bytes, { where });
    expect(value instanceof Map && value.size).toBe(1000);
    expect(value instanceof Map && value.has(`${2n ** 64n}n`)).toBe(true);
  });
});

test('a legacy checkpoint whose storages are named by nested lists is refused', () => {
  const magic = Buffer.from('\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.', 'latin1');
  const version = text('M\xe9\x03.');
  // [[…], […]], doubled forty times: as text it would have 2⁴⁰ parts.
  const nested = text(`]${'q\x010](h\x01h\x01e'.repeat(40)}`);
  const keys = Buffer.concat([protocol, text('('), nested, text('l.')]);
  const parts = [magic, version, text('}.'), text('}.'), keys].map((part, i) =>
    i < 4 ? Buffer.concat([protocol, part]) : part,
  );
  const bytes = Buffer.concat(parts);
  expect(codeOf(() => parseTorchLegacy(bytes, bytes.byteLength, where))).toBe('TORCH_TENSOR');
});

describe('names that are not UTF-8', () => {
  test('are refused, where they would become one', () => {
    const pairs = [0xff, 0xfe].map((byte) => Buffer.concat([unicode(Buffer.from([byte])), end]));
    const [first = end] = pairs;
    const bytes = Buffer.concat([protocol, text('}'), first.subarray(0, -1), text('s.')]);
    expect(codeOf(() => readTorchPickle(bytes, { where }))).toBe('PICKLE_TEXT');
  });

  test('of Python 2, whose texts have no encoding, stay distinct', () => {
    const bytes = Buffer.concat([protocol, text('}(U\x01\xffK\x01U\x01\xfeK\x02u.')]);
    const { value } = readTorchPickle(bytes, { where });
    expect(value instanceof Map && [...value.values()]).toEqual([1, 2]);
    const lines = text('(dV\xff\nI1\nsV\xfe\nI2\ns.');
    const decimal = readTorchPickle(lines, { where }).value;
    expect(decimal instanceof Map && [...decimal.values()]).toEqual([1, 2]);
  });
});
