/** @file Reads protobuf messages without their schema, independently of our writer: field numbers and raw values. */

/** One field of a message: a varint, eight or four bytes, or a length-delimited part. */
export type Field =
  | { readonly number: number; readonly varint: bigint }
  | { readonly number: number; readonly bytes: Uint8Array };

/** Every field of a message, in order. */
export function readMessage(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let position = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[position++];
      if (byte === undefined) throw new Error('a varint is cut off');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (position + length > bytes.length) throw new Error(`a field of ${length} bytes is cut off`);
    position += length;
    return bytes.subarray(position - length, position);
  };
  while (position < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    const wire = tag & 7;
    if (wire === 0) fields.push({ number, varint: varint() });
    else if (wire === 1) fields.push({ number, bytes: take(8) });
    else if (wire === 2) fields.push({ number, bytes: take(Number(varint())) });
    else if (wire === 5) fields.push({ number, bytes: take(4) });
    else throw new Error(`wire type ${wire} of field ${number}`);
  }
  return fields;
}

/** The length-delimited values of a field. */
export function parts(message: readonly Field[], number: number): Uint8Array[] {
  return message.flatMap((field) =>
    field.number === number && 'bytes' in field ? [field.bytes] : [],
  );
}

/** The submessages of a field. */
export function messages(message: readonly Field[], number: number): Field[][] {
  return parts(message, number).map(readMessage);
}

/** The strings of a field. */
export function texts(message: readonly Field[], number: number): string[] {
  return parts(message, number).map((bytes) => new TextDecoder().decode(bytes));
}

/** The integers of a field, as signed 64-bit numbers. */
export function integers(message: readonly Field[], number: number): number[] {
  return message.flatMap((field) =>
    field.number === number && 'varint' in field ? [Number(BigInt.asIntN(64, field.varint))] : [],
  );
}

/** The only submessage of a field. */
export function only<T>(values: readonly T[]): T {
  const [value, ...rest] = values;
  if (value === undefined || rest.length > 0) throw new Error(`expected one, got ${values.length}`);
  return value;
}

/** One initializer of an ONNX model (TensorProto). */
export interface StoredInitializer {
  readonly dims: number[];
  readonly dataType: number;
  /** Bytes inside the model; undefined for external data. */
  readonly raw: Uint8Array | undefined;
  /** `location`, `offset` and `length` of external data. */
  readonly external: Readonly<Record<string, string>>;
  readonly dataLocation: number | undefined;
}

/** The GraphProto of a model. */
export function graphOf(model: Uint8Array): Field[] {
  return only(messages(readMessage(model), 7));
}

/** Initializers of a graph, by name. */
export function initializersOf(graph: readonly Field[]): Map<string, StoredInitializer> {
  return new Map(
    messages(graph, 5).map((tensor) => {
      const external = messages(tensor, 13).map(
        (entry) => [only(texts(entry, 1)), only(texts(entry, 2))] as const,
      );
      return [
        only(texts(tensor, 8)),
        {
          dims: integers(tensor, 1),
          dataType: only(integers(tensor, 2)),
          raw: parts(tensor, 9)[0],
          external: Object.fromEntries(external),
          dataLocation: integers(tensor, 14)[0],
        },
      ] as const;
    }),
  );
}
