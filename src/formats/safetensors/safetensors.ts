/** @file The safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes (little-endian). */
import { FormatError, invariant } from '../../base/errors.ts';
import { type DType, formatShape, type Storage, type Tensor, tensor } from '../../tensor/tensor.ts';
import {
  parseSafetensorsHeader,
  safetensorsHeaderSize,
  type TensorEntry,
} from './safetensors-header.ts';
import { byteLengthOf, safetensorsLayout } from './safetensors-layout.ts';

export {
  parseSafetensorsHeader,
  type SafetensorsHeader,
  safetensorsHeaderSize,
  type TensorEntry,
} from './safetensors-header.ts';

const viewOf: { readonly [D in DType]: (buffer: ArrayBuffer) => Storage[D] } = {
  f64: (buffer) => new Float64Array(buffer),
  f32: (buffer) => new Float32Array(buffer),
  f16: (buffer) => new Uint16Array(buffer),
  bf16: (buffer) => new Uint16Array(buffer),
  f8e4m3: (buffer) => new Uint8Array(buffer),
  f8e5m2: (buffer) => new Uint8Array(buffer),
  i64: (buffer) => new BigInt64Array(buffer),
  i32: (buffer) => new Int32Array(buffer),
  i8: (buffer) => new Int8Array(buffer),
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
  const layout = safetensorsLayout(tensors, metadata);
  const bytes = new Uint8Array(layout.fileSize);
  bytes.set(layout.header);
  let offset = layout.header.byteLength;
  for (const [name, { dtype, shape, data }] of layout.tensors) {
    invariant(
      data.byteLength === byteLengthOf({ dtype, shape }),
      `tensor "${name}" of shape ${formatShape(shape)} has ${data.byteLength} bytes`,
    );
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}
