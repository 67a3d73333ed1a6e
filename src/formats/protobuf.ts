/** @file The protobuf wire format: tag = field << 3 | type, with type 0 = varint, 1 = 64 bits, 2 = length-delimited, 5 = 32 bits. */

const encoder = new TextEncoder();

/** A field with a whole number. */
export function integer(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(field << 3), ...varint(value)]);
}

/** A field with a float32. */
export function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([Uint8Array.from(varint((field << 3) | 5)), bytes]);
}

/** A field with a text. */
export function text(field: number, value: string): Uint8Array {
  return bytesField(field, encoder.encode(value));
}

/** A field with a message, given by its encoded fields. */
export function message(field: number, parts: readonly Uint8Array[]): Uint8Array {
  return bytesField(field, join(parts));
}

/** A field with a float64. */
export function double(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return join([Uint8Array.from(varint((field << 3) | 1)), bytes]);
}

/** A field with bytes. */
export function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return join([Uint8Array.from([...varint((field << 3) | 2), ...varint(bytes.length)]), bytes]);
}

/** Base 128, least significant group first; a negative number as its 64-bit two's complement. */
function varint(value: number): number[] {
  const groups: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    groups.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  groups.push(Number(rest));
  return groups;
}

/** Encoded fields one after the other: a message. */
export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
