/** @file How tensors are laid out in a safetensors file, from their names and types alone. */
import { invariant } from '../../base/errors.ts';
import { bytesPerElement, type DType, elementCount, type Shape } from '../../tensor/tensor.ts';
import { tagOfDType } from './safetensors-header.ts';

/** The order in which the reference library lays tensors out: widest dtypes first, so all stay aligned. */
const layoutOrder: readonly DType[] = [
  ...(['i64', 'f64', 'f32', 'i32', 'bf16', 'f16', 'f8e4m3', 'f8e5m2', 'i8', 'u8', 'bool'] as const),
];

/** The type of a tensor whose elements may not exist yet. */
export interface TensorSpec {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** The start of a file, and the tensors whose bytes follow it without gaps. */
export interface SafetensorsLayout<Spec extends TensorSpec> {
  /** The length of the JSON, the JSON itself, and spaces up to a multiple of 8. */
  readonly header: Uint8Array<ArrayBuffer>;
  readonly tensors: readonly (readonly [string, Spec])[];
  /** Size of the whole file. */
  readonly fileSize: number;
}

/** Bytes of a tensor's elements. */
export function byteLengthOf({ dtype, shape }: TensorSpec): number {
  return elementCount(shape) * bytesPerElement[dtype];
}

/** Lays tensors out as the reference library does (wide dtypes first, then by name), metadata keys sorted. */
export function safetensorsLayout<Spec extends TensorSpec>(
  specs: Iterable<readonly [string, Spec]>,
  metadata: Readonly<Record<string, string>> = {},
): SafetensorsLayout<Spec> {
  const tensors = inLayoutOrder(specs);
  const fields: string[] = [];
  const metadataPairs = Object.entries(metadata).sort(([a], [b]) => compareText(a, b));
  if (metadataPairs.length > 0) {
    fields.push(`"__metadata__":{${metadataPairs.map(jsonField).join(',')}}`);
  }
  let end = 0;
  for (const [name, spec] of tensors) {
    const start = end;
    end += byteLengthOf(spec);
    const { dtype, shape } = spec;
    fields.push(jsonField([name, { dtype: tagOfDType[dtype], shape, data_offsets: [start, end] }]));
  }
  const json = new TextEncoder().encode(`{${fields.join(',')}}`);
  const jsonSize = Math.ceil(json.byteLength / 8) * 8;
  const header = new Uint8Array(8 + jsonSize);
  new DataView(header.buffer).setBigUint64(0, BigInt(jsonSize), true);
  header.fill(0x20, 8).set(json, 8);
  return { header, tensors, fileSize: header.byteLength + end };
}

function inLayoutOrder<Spec extends TensorSpec>(
  specs: Iterable<readonly [string, Spec]>,
): (readonly [string, Spec])[] {
  const sorted = [...specs].sort(
    ([nameA, a], [nameB, b]) =>
      layoutOrder.indexOf(a.dtype) - layoutOrder.indexOf(b.dtype) || compareText(nameA, nameB),
  );
  const names = new Set<string>();
  for (const [name] of sorted) {
    invariant(name !== '__metadata__', 'a tensor cannot be named __metadata__');
    invariant(!names.has(name), `two tensors named "${name}" for one safetensors file`);
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
