/** @file The safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes (little-endian). */
import { FormatError, invariant } from '../base/errors.ts';
import {
  bytesPerElement,
  type DType,
  elementCount,
  formatShape,
  type Storage,
  type Tensor,
  tensor,
} from '../tensor/tensor.ts';
import {
  parseSafetensorsHeader,
  safetensorsHeaderSize,
  type TensorEntry,
  tagOfDType,
} from './safetensors-header.ts';

export {
  parseSafetensorsHeader,
  type SafetensorsHeader,
  safetensorsHeaderSize,
  type TensorEntry,
} from './safetensors-header.ts';

/** The order in which the reference library lays tensors out: widest dtypes first, so all stay aligned. */
const layoutOrder: readonly DType[] = ['i64', 'f64', 'f32', 'i32', 'bf16', 'f16', 'u8', 'bool'];

const viewOf: { readonly [D in DType]: (buffer: ArrayBuffer) => Storage[D] } = {
  f64: (buffer) => new Float64Array(buffer),
  f32: (buffer) => new Float32Array(buffer),
  f16: (buffer) => new Uint16Array(buffer),
  bf16: (buffer) => new Uint16Array(buffer),
  i64: (buffer) => new BigInt64Array(buffer),
  i32: (buffer) => new Int32Array(buffer),
  u8: (buffer) => new Uint8Array(buffer),
  bool: (buffer) => new Uint8Array(buffer),
};

/** Everything a safetensors file holds. */
export interface SafetensorsContent {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Map<string, Tensor>;
}

/**
 * Reads a whole safetensors file; the tensors own their memory.
 *
 * @param where names the file in errors
 * @throws FormatError where the bytes break the format
 */
export function decodeSafetensors(bytes: Uint8Array, where: string): SafetensorsContent {
  safetensorsHeaderSize(bytes.subarray(0, 8), bytes.byteLength, where);
  const header = parseSafetensorsHeader(bytes, bytes.byteLength, where);
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of header.entries) {
    const part = bytes.subarray(entry.offset, entry.offset + entry.byteLength);
    tensors.set(name, decodeEntry(part, entry));
  }
  return { metadata: header.metadata, tensors };
}

/**
 * One tensor from a copy of its bytes, so that it is aligned and holds no larger buffer alive.
 *
 * @throws FormatError where `bytes` is not `entry.byteLength` long
 */
export function decodeEntry(bytes: Uint8Array, entry: TensorEntry): Tensor {
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return tensorOverBuffer(copy.buffer, entry);
}

/**
 * One tensor over a buffer that holds exactly its bytes; shares the memory.
 *
 * @throws FormatError where `buffer` is not `entry.byteLength` long
 */
export function tensorOverBuffer(buffer: ArrayBuffer, entry: TensorEntry): Tensor {
  if (buffer.byteLength !== entry.byteLength) {
    throw new FormatError(
      'SAFETENSORS_TRUNCATED',
      `tensor "${entry.name}": expected ${entry.byteLength} bytes, found ${buffer.byteLength}; the file was cut short or changed while it was read`,
    );
  }
  return tensor(entry.dtype, entry.shape, viewOf[entry.dtype](buffer));
}

/**
 * A safetensors file from tensors; equal content gives equal bytes, whatever order it comes in.
 *
 * Tensors are laid out as the reference library does (wide dtypes first, then by name), metadata
 * keys are sorted, and the header is padded with spaces so that the data starts on 8 bytes.
 */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, Tensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = inLayoutOrder(tensors);
  const fields: string[] = [];
  const metadataPairs = Object.entries(metadata).sort(([a], [b]) => compareText(a, b));
  if (metadataPairs.length > 0) {
    fields.push(`"__metadata__":{${metadataPairs.map(jsonField).join(',')}}`);
  }
  let end = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    const start = end;
    end += data.byteLength;
    fields.push(jsonField([name, { dtype: tagOfDType[dtype], shape, data_offsets: [start, end] }]));
  }
  const header = new TextEncoder().encode(`{${fields.join(',')}}`);
  const headerSize = Math.ceil(header.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + headerSize + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerSize), true);
  bytes.fill(0x20, 8, 8 + headerSize).set(header, 8);
  let offset = 8 + headerSize;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

function inLayoutOrder(
  tensors: Iterable<readonly [string, Tensor]>,
): (readonly [string, Tensor])[] {
  const sorted = [...tensors].sort(
    ([nameA, a], [nameB, b]) =>
      layoutOrder.indexOf(a.dtype) - layoutOrder.indexOf(b.dtype) || compareText(nameA, nameB),
  );
  const names = new Set<string>();
  for (const [name, { dtype, shape, data }] of sorted) {
    invariant(name !== '__metadata__', 'a tensor cannot be named __metadata__');
    invariant(!names.has(name), `two tensors named "${name}" given to encodeSafetensors`);
    invariant(
      data.byteLength === elementCount(shape) * bytesPerElement[dtype],
      `tensor "${name}" of shape ${formatShape(shape)} has ${data.byteLength} bytes`,
    );
    names.add(name);
  }
  return sorted;
}

function jsonField([key, value]: readonly [string, unknown]): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
