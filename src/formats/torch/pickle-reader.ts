/** @file The arguments of pickle opcodes: numbers, texts and bytes, never read past the end. */
import { FormatError } from '../../base/errors.ts';

/** Bytes of the longest integer that is read; weight files need ten. */
const longestInteger = 32;

const text = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** The bytes end within an opcode; a caller that gave only the start of a file may try again with more. */
export class PickleCutShort extends FormatError {
  constructor(where: string) {
    super(
      'PICKLE_TRUNCATED',
      `${where}: the pickle ends in the middle; the file is damaged or incomplete, download it again`,
    );
  }
}

/** Reads forward through the bytes of a pickle. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #where: string;
  #position: number;

  constructor(bytes: Uint8Array, start: number, where: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#where = where;
    this.#position = start;
  }

  /** Bytes from the start of the array. */
  get position(): number {
    return this.#position;
  }

  byte(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A length of 8 bytes; one that no array can have is taken as a cut. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  /** Big-endian, alone among a pickle's numbers. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** A copy of the next bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    const start = this.#advance(length);
    return this.#bytes.slice(start, start + length);
  }

  utf8(length: number): string {
    const start = this.#advance(length);
    try {
      return text.decode(this.#bytes.subarray(start, start + length));
    } catch (cause) {
      throw new FormatError(
        'PICKLE_TEXT',
        `${this.#where}: the text of ${length} bytes at byte ${start} of the pickle is not UTF-8, and names read otherwise could become one; the file is damaged: download it again, or load and save it with the program that wrote it`,
        { cause },
      );
    }
  }

  /** Two's complement of `length` bytes, least significant first. */
  integer(length: number): number | bigint {
    if (length > longestInteger) this.#refuse(`an integer of ${length} bytes`);
    const digits = Array.from(this.bytes(length).reverse(), (byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    return small(BigInt.asIntN(8 * length, BigInt(`0x${digits.join('') || '0'}`)));
  }

  /** Text up to the next line feed, without it. */
  line(): string {
    const line = this.utf8(this.#lineLength());
    this.#advance(1);
    return line;
  }

  /** The bytes up to the next line feed, without it. */
  lineBytes(): Uint8Array<ArrayBuffer> {
    const line = this.bytes(this.#lineLength());
    this.#advance(1);
    return line;
  }

  /** An integer as decimal text; protocol 0 writes 00 and 01 for false and true. */
  decimal(): number | bigint | boolean {
    const digits = this.line().replace(/L$/, '');
    if (digits === '00' || digits === '01') return digits === '01';
    if (!/^-?\d{1,80}$/.test(digits)) this.#refuse('a malformed integer');
    return small(BigInt(digits));
  }

  #lineLength(): number {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw new PickleCutShort(this.#where);
    return end - this.#position;
  }

  #advance(length: number): number {
    const start = this.#position;
    if (length > this.#bytes.byteLength - start) throw new PickleCutShort(this.#where);
    this.#position += length;
    return start;
  }

  #refuse(found: string): never {
    throw new FormatError(
      'PICKLE_MALFORMED',
      `${this.#where}: ${found} at byte ${this.#position} of the pickle; the file is damaged, download it again`,
    );
  }
}

function small(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
