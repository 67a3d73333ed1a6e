/** @file Pixels as a PNG that compresses nothing, for a decoder that shall go on with them: quickly made, of no use on a disk. */
import { joinedBytes } from '../../base/bytes.ts';
import { chunkFrame, dataStart, encodeChunk, frameChunk, pngSignature } from './png-chunks.ts';

/** Pixels of 8 bits. */
export interface StoredPixels {
  readonly width: number;
  readonly height: number;
  /** RGB, or RGB with how opaque each pixel is, not multiplied into the colours. */
  readonly channels: 3 | 4;
  /** A row from the top: width x channels bytes. */
  readonly row: (y: number) => Uint8Array;
  /** An ICC profile that says what the colours are. @default none: sRGB */
  readonly profile?: Uint8Array | undefined;
}

/** The bytes of a PNG (PNG specification, third edition, 10 and 11). */
export function storedPng(pixels: StoredPixels): Uint8Array<ArrayBuffer> {
  const { width, height, channels, profile } = pixels;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // 8 bits; colours, or colours with alpha.
  header.set([8, channels === 3 ? 2 : 6], 8);
  const before = joinedBytes([
    pngSignature,
    encodeChunk('IHDR', [header]),
    ...(profile === undefined ? [] : [encodeChunk('iCCP', [profileName, stored(profile)])]),
  ]);
  const end = encodeChunk('IEND', []);
  const length = height * (1 + width * channels);
  const data = chunkFrame + storedLength(length);
  // Hundreds of megabytes of a large photograph: written where they shall be, once.
  const png = new Uint8Array(before.length + data + end.length);
  png.set(before);
  const chunk = png.subarray(before.length, before.length + data);
  store(chunk.subarray(dataStart, -4), scanlines(pixels), length);
  frameChunk(chunk, 'IDAT');
  png.set(end, before.length + data);
  return png;
}

/** "icc", and 0 for the only method of compression. */
const profileName = Uint8Array.of(0x69, 0x63, 0x63, 0, 0);

/** Each row begins with its filter: 0, none. */
function* scanlines({ height, row }: StoredPixels): Generator<Uint8Array> {
  const filter = Uint8Array.of(0);
  for (let y = 0; y < height; y++) {
    yield filter;
    yield row(y);
  }
}

/** Of a block that is stored as it is (RFC 1951, 3.2.4). */
const largestBlock = 65_535;
const blockHeader = 5;

/** Bytes of a zlib stream of so many that are stored. */
function storedLength(length: number): number {
  return 2 + Math.ceil(length / largestBlock) * blockHeader + length + 4;
}

function stored(bytes: Uint8Array): Uint8Array {
  const stream = new Uint8Array(storedLength(bytes.length));
  store(stream, [bytes], bytes.length);
  return stream;
}

/** Writes a zlib stream (RFC 1950) of pieces that have so many bytes together. */
function store(stream: Uint8Array, pieces: Iterable<Uint8Array>, length: number): void {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  stream.set([0x78, 0x01]);
  let at = 2;
  let [unwritten, leftOfBlock] = [length, 0];
  const sum = new Adler32();
  for (const piece of pieces) {
    sum.add(piece);
    for (let from = 0; from < piece.length; ) {
      if (leftOfBlock === 0) {
        leftOfBlock = Math.min(largestBlock, unwritten);
        unwritten -= leftOfBlock;
        view.setUint8(at, unwritten === 0 ? 1 : 0);
        view.setUint16(at + 1, leftOfBlock, true);
        view.setUint16(at + 3, largestBlock - leftOfBlock, true);
        at += blockHeader;
      }
      const taken = piece.subarray(from, from + leftOfBlock);
      stream.set(taken, at);
      at += taken.length;
      from += taken.length;
      leftOfBlock -= taken.length;
    }
  }
  view.setUint32(at, sum.value);
}

/** RFC 1950, 8.2. */
class Adler32 {
  #sum = 1;
  #sumOfSums = 0;

  add(bytes: Uint8Array): void {
    // As many as can be added before a sum of sums needs more than 32 bits.
    for (let from = 0; from < bytes.length; from += 5552) {
      for (const byte of bytes.subarray(from, from + 5552)) {
        this.#sum += byte;
        this.#sumOfSums += this.#sum;
      }
      this.#sum %= 65_521;
      this.#sumOfSums %= 65_521;
    }
  }

  get value(): number {
    return this.#sumOfSums * 65_536 + this.#sum;
  }
}
