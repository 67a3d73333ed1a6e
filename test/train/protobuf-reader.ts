/** @file A small reader of protobuf messages that shares nothing with the writer. */

/** The fields of a message, in order: whole numbers, and the bytes of all else. */
export function fieldsOf(bytes: Buffer): [number, number | Buffer][] {
  const fields: [number, number | Buffer][] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const sizes: Record<number, () => number | Buffer> = {
      0: varint,
      1: () => take(8),
      2: () => take(varint()),
      5: () => take(4),
    };
    const read = sizes[tag & 7];
    if (read === undefined) throw new Error(`wire type ${tag & 7}`);
    fields.push([tag >> 3, read()]);
  }
  return fields;
}
