/** @file The protobuf wire format: tag = field << 3 | type, with type 0 = varint, 1 = 64 bits, 2 = length-delimited, 5 = 32 bits. */

const encoder = new TextEncoder();

/** Writes a message field by field into one buffer: of thousands of small ones, most of the time would go to collecting them. */
export class MessageWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** A field with a whole number. */
  integer(field: number, value: number): void {
    this.#varint(field << 3);
    this.#varint(value);
  }

  /** A field with a float32. */
  float(field: number, value: number): void {
    this.#varint((field << 3) | 5);
    this.#view.setFloat32(this.#claim(4), value, true);
  }

  /** A field with a float64. */
  double(field: number, value: number): void {
    this.#varint((field << 3) | 1);
    this.#view.setFloat64(this.#claim(8), value, true);
  }

  /** A field with a text. */
  text(field: number, value: string): void {
    this.message(field, () => {
      const start = this.#claim(3 * value.length); // the most that UTF-8 takes
      const { written } = encoder.encodeInto(value, this.#bytes.subarray(start));
      this.#length = start + written;
    });
  }

  /** A field with bytes. */
  bytes(field: number, value: Uint8Array): void {
    this.#varint((field << 3) | 2);
    this.#varint(value.length);
    const start = this.#claim(value.length);
    this.#bytes.set(value, start);
  }

  /** A field with a message, whose fields `write` adds. */
  message(field: number, write: () => void): void {
    this.#varint((field << 3) | 2);
    const start = this.#length;
    write();
    // The length stands before what it counts, in as few bytes as it takes.
    const end = this.#length;
    this.#claim(varintSize(end - start));
    this.#bytes.copyWithin(this.#length - (end - start), start, end);
    this.#length = start;
    this.#varint(end - start);
    this.#length += end - start;
  }

  /** What was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** Base 128, least significant group first; a negative number as its 64-bit two's complement. */
  #varint(value: number): void {
    // Nearly all are small, for which big integers take many times as long.
    if (value >= 0 && value === (value | 0)) {
      let small = value;
      for (; small >= 128; small >>= 7) this.#byte((small & 127) | 128);
      this.#byte(small);
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) this.#byte(Number(rest & 127n) | 128);
    this.#byte(Number(rest));
  }

  #byte(value: number): void {
    const at = this.#claim(1);
    this.#bytes[at] = value;
  }

  /** Makes room for so many bytes at the end, and says where it begins. */
  #claim(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }
}

/** Bytes of a whole number that is not negative, in groups of 7 bits. */
function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}
