import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixturePath } from '../../../test/fixtures.ts';
import { FormatError } from '../../base/errors.ts';
import { bytesPerElement, type DType, float32, type Tensor, tensor } from '../../tensor/tensor.ts';
import { decodeEntry, decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { parseSafetensorsHeader } from './safetensors-header.ts';

const dtypes: readonly DType[] = ['f64', 'f32', 'f16', 'bf16', 'i64', 'i32', 'u8', 'bool'];

/** A tensor with random bytes, so that NaN payloads and every bit pattern occur. */
const anyTensor: fc.Arbitrary<Tensor> = fc
  .tuple(fc.constantFrom(...dtypes), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }))
  .chain(([dtype, shape]) => {
    const byteLength = shape.reduce((product, size) => product * size, bytesPerElement[dtype]);
    return fc
      .uint8Array({ minLength: byteLength, maxLength: byteLength })
      .map((bytes) => decodeEntry(bytes, { name: '', dtype, shape, offset: 0, byteLength }));
  });
const anyName = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__');
const anyTensors = fc.uniqueArray(fc.tuple(anyName, anyTensor), {
  maxLength: 6,
  selector: ([name]) => name,
});
const anyMetadata = fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' }));

const bytesOf = ({ data }: Tensor): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** A file with this header text and this many bytes of data. */
function fileOf(header: string, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.byteLength + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.byteLength), true);
  bytes.set(text, 8);
  return bytes;
}

function refusal(bytes: Uint8Array): { code: string; message: string } {
  try {
    decodeSafetensors(bytes, 'weights.safetensors');
  } catch (error) {
    if (error instanceof FormatError) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: 'accepted', message: '' };
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text.padEnd(64, '.'));

describe('safetensors round trip', () => {
  test('keeps names, dtypes, shapes, every bit of the data, and metadata', () => {
    fc.assert(
      fc.property(anyTensors, anyMetadata, (tensors, metadata) => {
        const decoded = decodeSafetensors(encodeSafetensors(tensors, metadata), 'x');
        expect(decoded.metadata).toEqual(metadata);
        expect(decoded.tensors.size).toBe(tensors.length);
        for (const [name, { dtype, shape, data }] of tensors) {
          const back = decoded.tensors.get(name);
          expect(back).toMatchObject({ dtype, shape });
          expect(back && bytesOf(back)).toEqual(bytesOf({ dtype, shape, data }));
        }
      }),
    );
  });

  test('gives equal bytes whatever order tensors and metadata come in', () => {
    fc.assert(
      fc.property(anyTensors, anyMetadata, (tensors, metadata) => {
        const reversed = Object.fromEntries(Object.entries(metadata).reverse());
        expect(encodeSafetensors([...tensors].reverse(), reversed)).toEqual(
          encodeSafetensors(tensors, metadata),
        );
      }),
    );
  });

  test.each([
    'clip-text/model.safetensors',
    'unet-sd15/diffusion_pytorch_model.safetensors',
    'unet-sdxl/diffusion_pytorch_model.safetensors',
    'pocket/reference.safetensors',
  ])('writes %s byte for byte as the reference library did', (file) => {
    const bytes = readFileSync(fixturePath(file));
    const { tensors, metadata } = decodeSafetensors(bytes, file);
    expect(Buffer.compare(encodeSafetensors(tensors, metadata), bytes)).toBe(0);
  });

  test('starts the data on 8 bytes and lays wide dtypes first, then by name', () => {
    const bytes = encodeSafetensors([
      ['c', tensor('u8', [1], new Uint8Array(1))],
      ['b', float32([1])],
      ['d', tensor('i64', [1], new BigInt64Array(1))],
      ['a', float32([1])],
    ]);
    const { entries } = parseSafetensorsHeader(bytes, bytes.byteLength, 'x');
    const ordered = [...entries.values()].sort((a, b) => a.offset - b.offset);
    expect(ordered.map(({ name }) => name)).toEqual(['d', 'a', 'b', 'c']);
    expect((ordered[0]?.offset ?? 1) % 8).toBe(0);
  });

  test('reads tensors that are not aligned in the file', () => {
    const header =
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[],"data_offsets":[1,5]}}';
    const bytes = fileOf(header, 5);
    new DataView(bytes.buffer).setFloat32(bytes.byteLength - 4, 1.5, true);
    expect(decodeSafetensors(bytes, 'x').tensors.get('b')?.data[0]).toBe(1.5);
  });

  test('copies, so that a small tensor does not keep its whole file in memory', () => {
    const bytes = encodeSafetensors([['a', float32([2], [1, 2])]]);
    const decoded = decodeSafetensors(bytes, 'x').tensors.get('a');
    bytes.fill(0);
    expect(decoded?.data).toEqual(new Float32Array([1, 2]));
    expect(decoded?.data.buffer.byteLength).toBe(8);
  });
});

describe('a damaged safetensors file', () => {
  const entry = (text: string): string => `{"w":${text}}`;
  const offsets = (begin: number, end: number): string =>
    entry(`{"dtype":"F32","shape":[2],"data_offsets":[${begin},${end}]}`);

  test.each<[string, Uint8Array, string, string]>([
    ['empty', new Uint8Array(0), 'SAFETENSORS_TOO_SHORT', '0 bytes'],
    ['an absurd header length', new Uint8Array(64).fill(255), 'SAFETENSORS_HEADER_SIZE', '64'],
    ['no JSON', fileOf('{"w": nonsense}', 8), 'SAFETENSORS_HEADER_JSON', 'does not parse'],
    ['a JSON array', fileOf('[]', 0), 'SAFETENSORS_HEADER_JSON', '"{"'],
    ['an entry that is no object', fileOf(entry('3'), 8), 'SAFETENSORS_ENTRY', 'found 3'],
    ['no dtype', fileOf(entry('{"shape":[2]}'), 8), 'SAFETENSORS_ENTRY', 'a dtype'],
    [
      'an unknown dtype',
      fileOf(entry('{"dtype":"F8_E8M0","shape":[8],"data_offsets":[0,8]}'), 8),
      'SAFETENSORS_DTYPE',
      'F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I64, I32, I8, U8, BOOL',
    ],
    ['no shape', fileOf(entry('{"dtype":"F32"}'), 8), 'SAFETENSORS_ENTRY', 'a shape'],
    [
      'a negative size',
      fileOf(entry('{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}'), 8),
      'SAFETENSORS_ENTRY',
      '[-2]',
    ],
    [
      'no data_offsets',
      fileOf(entry('{"dtype":"F32","shape":[2]}'), 8),
      'SAFETENSORS_ENTRY',
      'data_offsets [begin, end]',
    ],
    ['offsets past the end', fileOf(offsets(0, 8), 4), 'SAFETENSORS_OFFSETS', '[0, 8]'],
    ['reversed offsets', fileOf(offsets(8, 0), 8), 'SAFETENSORS_OFFSETS', '[8, 0]'],
    ['a size that misses the shape', fileOf(offsets(0, 4), 4), 'SAFETENSORS_SIZE', '8 bytes'],
    ['a hole', fileOf(offsets(4, 12), 12), 'SAFETENSORS_LAYOUT', 'leaves a hole'],
    ['bytes after the end', fileOf(offsets(0, 8), 9), 'SAFETENSORS_LAYOUT', 'the file at'],
    [
      'an overlap',
      fileOf(`${offsets(0, 8).slice(0, -1)},${offsets(4, 12).slice(1).replace('w', 'v')}`, 12),
      'SAFETENSORS_LAYOUT',
      'overlaps tensor "w"',
    ],
    [
      'a tensor twice',
      fileOf(`${offsets(0, 8).slice(0, -1)},${offsets(0, 8).slice(1).replace('w', '\\u0077')}`, 8),
      'SAFETENSORS_DUPLICATE',
      '"w" twice',
    ],
    [
      'metadata that is no text',
      fileOf('{"__metadata__":{"rank":4}}', 0),
      'SAFETENSORS_METADATA',
      '"rank" to be a string, found 4',
    ],
    [
      'metadata that is no object',
      fileOf('{"__metadata__":"pt"}', 0),
      'SAFETENSORS_METADATA',
      'found pt',
    ],
  ])('with %s is refused', (_defect, bytes, code, part) => {
    const { code: found, message } = refusal(bytes);
    expect(found).toBe(code);
    expect(message).toContain('weights.safetensors');
    expect(message).toContain(part);
  });

  test.each([
    ['zip archive', ascii('PK\x03\x04\x14\x00\x08\x08archive/data.pkl')],
    ['Python pickle', Uint8Array.from([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 32])],
    ['git-LFS pointer', ascii('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a')],
    ['web page', ascii('<!DOCTYPE html><html>')],
    ['web page', ascii('\n<html>')],
    ['JSON text', ascii('{"metadata":{"total_size":3}}')],
    ['GGUF file', ascii('GGUF\x03\x00\x00\x00\x01\x00')],
  ])('that is really a %s is called by its name', (kind, bytes) => {
    const { code, message } = refusal(bytes);
    expect(code).toBe('NOT_SAFETENSORS');
    expect(message).toContain(kind);
  });

  test('never fails otherwise than with a FormatError, whatever bytes are changed', () => {
    const sound = encodeSafetensors(
      [
        ['a.weight', float32([2, 3])],
        ['b', tensor('f16', [4], new Uint16Array(4))],
      ],
      { format: 'pt' },
    );
    const change = fc.tuple(fc.nat(sound.byteLength - 1), fc.integer({ min: 0, max: 255 }));
    const cut = fc.nat(sound.byteLength);
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), cut, (changes, length) => {
        const bytes = sound.slice(0, length === 0 ? undefined : length);
        for (const [position, value] of changes) {
          if (position < bytes.byteLength) bytes[position] = value;
        }
        refusal(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test('never fails otherwise than with a FormatError, whatever JSON the header is', () => {
    const field = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('F32', [2], [0, 8], 1e308, [1e15, 1e15]),
    );
    const description = fc.record(
      { dtype: field, shape: field, data_offsets: field },
      { requiredKeys: [] },
    );
    const header = fc.dictionary(
      fc.constantFrom('w', '__metadata__', '__proto__', 'constructor'),
      fc.oneof(description, fc.jsonValue()),
    );
    fc.assert(
      fc.property(header, (json) => {
        refusal(fileOf(JSON.stringify(json), 8));
      }),
      { numRuns: 1000 },
    );
  });

  test('with a header nested a million deep is refused', () => {
    const deep = `{"w":${'['.repeat(1e6)}${']'.repeat(1e6)}}`;
    expect(refusal(fileOf(deep, 0)).code).toMatch(/^SAFETENSORS_/);
  });
});

test('refuses an entry whose bytes were cut short', () => {
  const entry = { name: 'w', dtype: 'f32', shape: [2], offset: 0, byteLength: 8 } as const;
  expect(() => decodeEntry(new Uint8Array(7), entry)).toThrow('expected 8 bytes, found 7');
});

test('refuses to write two tensors of one name', () => {
  const twice = [
    ['w', float32([1])],
    ['w', float32([2])],
  ] as const;
  expect(() => encodeSafetensors(twice)).toThrow('internal: two tensors named "w"');
});
