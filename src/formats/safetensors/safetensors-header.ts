/** @file The header of a safetensors file: parsed strictly, so that no defect survives until the data is used. */
import { FormatError, invariant } from '../../base/errors.ts';
import { isRecord } from '../../base/record.ts';
import {
  bytesPerElement,
  type DType,
  elementCount,
  formatShape,
  type Shape,
} from '../../tensor/tensor.ts';
import { duplicateKey } from '../duplicate-key.ts';
import { describeMistakenFile } from '../mistaken-file.ts';

/** Where one tensor lies in its file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  /** First byte, counted from the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

/** What a safetensors file says about itself before the data. */
export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: ReadonlyMap<string, TensorEntry>;
}

/** The format's names of the dtypes that are read and written here. */
export const tagOfDType: { readonly [D in DType]: string } = {
  f64: 'F64',
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  f8e4m3: 'F8_E4M3',
  f8e5m2: 'F8_E5M2',
  i64: 'I64',
  i32: 'I32',
  i8: 'I8',
  u8: 'U8',
  bool: 'BOOL',
};

const dtypeOfTag: ReadonlyMap<string, DType> = new Map(
  Object.entries(tagOfDType).map(([dtype, tag]) => [tag, dtype as DType]),
);

/** The reference library refuses longer headers too. */
const largestHeader = 100_000_000;

const downloadAgain = 'the file is damaged or incomplete; download or write it again';

/**
 * Length of the JSON header, from the first 8 bytes of a file.
 *
 * @param fileSize bytes of the whole file
 * @param where names the file in errors
 * @throws FormatError where the length cannot be right; other kinds of files are named
 */
export function safetensorsHeaderSize(
  first8Bytes: Uint8Array,
  fileSize: number,
  where: string,
): number {
  if (fileSize < 8 || first8Bytes.byteLength < 8) {
    refuseMistakenFile(first8Bytes, where);
    throw new FormatError(
      'SAFETENSORS_TOO_SHORT',
      `${where}: expected a safetensors file, found only ${fileSize} bytes; ${downloadAgain}`,
    );
  }
  const view = new DataView(first8Bytes.buffer, first8Bytes.byteOffset, 8);
  const size = view.getBigUint64(0, true);
  if (size > largestHeader || Number(size) > fileSize - 8) {
    refuseMistakenFile(first8Bytes, where);
    throw new FormatError(
      'SAFETENSORS_HEADER_SIZE',
      `${where}: the header claims ${size} bytes in a file of ${fileSize} (at most ${largestHeader} are accepted); not a safetensors file, or ${downloadAgain}`,
    );
  }
  return Number(size);
}

/**
 * Metadata and the place of every tensor.
 *
 * @param prefix the file from byte 0, holding at least the header
 * @param fileSize bytes of the whole file
 * @param where names the file in errors
 * @throws FormatError for every departure from the format, including holes and overlaps
 */
export function parseSafetensorsHeader(
  prefix: Uint8Array,
  fileSize: number,
  where: string,
): SafetensorsHeader {
  const headerSize = safetensorsHeaderSize(prefix.subarray(0, 8), fileSize, where);
  const dataStart = 8 + headerSize;
  invariant(prefix.byteLength >= dataStart, 'parseSafetensorsHeader() needs the whole header');
  const json = parseHeaderJson(prefix.subarray(8, dataStart), where);
  const { __metadata__: metadata, ...descriptions } = json;
  const entries = new Map<string, TensorEntry>();
  for (const [name, description] of Object.entries(descriptions)) {
    entries.set(name, parseEntry(name, description, { dataStart, fileSize, where }));
  }
  checkLayout(entries.values(), { dataStart, fileSize, where });
  return { metadata: parseMetadata(metadata, where), entries };
}

interface Place {
  readonly dataStart: number;
  readonly fileSize: number;
  readonly where: string;
}

function refuseMistakenFile(start: Uint8Array, where: string): void {
  const meaning = describeMistakenFile(start);
  if (meaning === undefined) return;
  throw new FormatError(
    'NOT_SAFETENSORS',
    `${where}: expected a safetensors file, found ${meaning}`,
  );
}

function parseHeaderJson(bytes: Uint8Array, where: string): Record<string, unknown> {
  const refuse = (found: string, cause?: unknown): never => {
    throw new FormatError(
      'SAFETENSORS_HEADER_JSON',
      `${where}: expected a JSON object as the header, found ${found}; ${downloadAgain}`,
      { cause },
    );
  };
  if (bytes[0] !== 0x7b) refuse(bytes.byteLength === 0 ? 'nothing' : 'bytes not starting with "{"');
  let text = '';
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    json = JSON.parse(text);
  } catch (cause) {
    refuse(`text that does not parse (${cause instanceof Error ? cause.message : cause})`, cause);
  }
  const duplicate = duplicateKey(text);
  if (duplicate !== undefined) {
    throw new FormatError(
      'SAFETENSORS_DUPLICATE',
      `${where}: the header holds "${duplicate}" twice; the file was written by a faulty tool, write it again`,
    );
  }
  return json as Record<string, unknown>;
}

function parseMetadata(metadata: unknown, where: string): Readonly<Record<string, string>> {
  if (metadata === undefined) return {};
  const refuse = (what: string, found: unknown): never => {
    throw new FormatError(
      'SAFETENSORS_METADATA',
      `${where}: ${what}, found ${summary(found)}; write other values as JSON text`,
    );
  };
  if (!isRecord(metadata)) return refuse('expected __metadata__ to be an object', metadata);
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') refuse(`expected __metadata__ "${key}" to be a string`, value);
  }
  return metadata as Record<string, string>;
}

function parseEntry(name: string, description: unknown, place: Place): TensorEntry {
  const { dataStart, fileSize, where } = place;
  const refuse = (code: string, message: string): never => {
    throw new FormatError(code, `${where}: tensor "${name}": ${message}`);
  };
  if (!isRecord(description)) {
    return refuse('SAFETENSORS_ENTRY', `expected an object, found ${summary(description)}`);
  }
  const { dtype: tag, shape, data_offsets: offsets } = description;
  if (typeof tag !== 'string') {
    return refuse('SAFETENSORS_ENTRY', `expected a dtype, found ${summary(tag)}`);
  }
  const dtype = dtypeOfTag.get(tag);
  if (dtype === undefined) {
    const known = [...dtypeOfTag.keys()].join(', ');
    return refuse(
      'SAFETENSORS_DTYPE',
      `dtype ${summary(tag)} is not supported; convert the tensor to one of ${known}`,
    );
  }
  if (!isSizes(shape)) {
    return refuse('SAFETENSORS_ENTRY', `expected a shape, found ${summary(shape)}`);
  }
  const [begin, end] = isSizes(offsets) && offsets.length === 2 ? offsets : [];
  if (begin === undefined || end === undefined) {
    return refuse(
      'SAFETENSORS_ENTRY',
      `expected data_offsets [begin, end], found ${summary(offsets)}`,
    );
  }
  if (begin > end || end > fileSize - dataStart) {
    return refuse(
      'SAFETENSORS_OFFSETS',
      `data_offsets [${begin}, ${end}] do not lie in the ${fileSize - dataStart} bytes of data; ${downloadAgain}`,
    );
  }
  const expected = elementCount(shape) * bytesPerElement[dtype];
  if (end - begin !== expected) {
    return refuse(
      'SAFETENSORS_SIZE',
      `${tag} ${summary(formatShape(shape))} takes ${expected} bytes, data_offsets [${begin}, ${end}] hold ${end - begin}; ${downloadAgain}`,
    );
  }
  return { name, dtype, shape, offset: dataStart + begin, byteLength: expected };
}

/** The format asks for the data to be covered once: no hole, no overlap, nothing left at the end. */
function checkLayout(entries: Iterable<TensorEntry>, { dataStart, fileSize, where }: Place): void {
  const sorted = [...entries].sort(
    (a, b) => a.offset - b.offset || a.byteLength - b.byteLength || Number(a.name > b.name),
  );
  let expected = dataStart;
  let before = 'the header';
  for (const { name, offset, byteLength } of sorted) {
    if (offset !== expected) {
      const defect = offset < expected ? 'overlaps' : 'leaves a hole after';
      throw new FormatError(
        'SAFETENSORS_LAYOUT',
        `${where}: tensor "${name}" ${defect} ${before}: expected at byte ${expected}, found at ${offset}; ${downloadAgain}`,
      );
    }
    expected = offset + byteLength;
    before = `tensor "${name}"`;
  }
  if (expected !== fileSize) {
    throw new FormatError(
      'SAFETENSORS_LAYOUT',
      `${where}: the tensors end at byte ${expected}, the file at ${fileSize}; ${downloadAgain}`,
    );
  }
}

function isSizes(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && Number(size) >= 0)
  );
}

/** A value as short text, for messages; never walks into nested values, which may be deep. */
function summary(value: unknown): string {
  if (isRecord(value)) return 'an object';
  if (Array.isArray(value)) {
    if (value.some((item) => typeof item === 'object')) return 'a nested array';
    return shortened(formatShape(value.slice(0, 20)));
  }
  return shortened(String(value ?? 'nothing'));
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
