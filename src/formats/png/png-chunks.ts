/** @file PNG as a sequence of chunks (PNG specification, third edition, section 5). */
import { FormatError } from '../../base/errors.ts';
import { crc32 } from '../crc.ts';

/** What every PNG begins with. */
export const pngSignature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Whether these are the first bytes of a PNG. */
export function isPng(beginning: Uint8Array): boolean {
  return pngSignature.every((byte, i) => beginning[i] === byte);
}

export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** The chunk as it lies in the file: length, type, data, checksum. */
  readonly raw: Uint8Array;
}

/**
 * The chunks one after the other, up to the last, or to the first of a type, which may then lie there in part.
 *
 * @throws FormatError where the bytes are not a sound PNG; `where` names the file
 */
export function* pngChunks(png: Uint8Array, where: string, before?: string): Generator<PngChunk> {
  if (png.length < pngSignature.length || pngSignature.some((byte, i) => png[i] !== byte)) {
    throw malformedPng(where, 'it does not begin with the PNG signature');
  }
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  let offset = pngSignature.length;
  for (let type = ''; type !== 'IEND'; ) {
    if (before !== undefined && latin1(png.subarray(offset + 4, offset + 8)) === before) return;
    const length = offset + 12 <= png.length ? view.getUint32(offset) : undefined;
    if (length === undefined || offset + 12 + length > png.length) {
      throw malformedPng(where, `it ends inside a chunk at byte ${offset}`);
    }
    const checked = png.subarray(offset + 4, offset + 8 + length);
    type = latin1(checked.subarray(0, 4));
    if (view.getUint32(offset + 8 + length) !== crc32(checked)) {
      throw malformedPng(
        where,
        `the checksum of ${JSON.stringify(type)} at byte ${offset} is wrong`,
      );
    }
    if (offset === pngSignature.length && type !== 'IHDR') {
      throw malformedPng(where, 'its first chunk is not IHDR');
    }
    yield { type, data: checked.subarray(4), raw: png.subarray(offset, offset + 12 + length) };
    offset += 12 + length;
  }
}

export function malformedPng(where: string, reason: string): FormatError {
  return new FormatError(
    'PNG_MALFORMED',
    `${where} is not a sound PNG: ${reason}; the file is damaged or another format, make or copy it again`,
  );
}

/** A chunk whose data are these pieces one after the other. */
export function encodeChunk(type: string, pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const chunk = new Uint8Array(chunkFrame + length);
  let at = dataStart;
  for (const piece of pieces) {
    chunk.set(piece, at);
    at += piece.length;
  }
  frameChunk(chunk, type);
  return chunk;
}

/** Bytes of a chunk beside its data. */
export const chunkFrame = 12;
/** Where the data of a chunk begin. */
export const dataStart = 8;

/** Writes what stands around the data of a chunk, which are there: length, type, checksum. */
export function frameChunk(chunk: Uint8Array, type: string): void {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  view.setUint32(0, chunk.length - chunkFrame);
  chunk.set(latin1Bytes(type), 4);
  view.setUint32(chunk.length - 4, crc32(chunk.subarray(4, -4)));
}

/** One character a byte. TextDecoder's "latin1" would read 0x80 to 0x9F as Windows-1252. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
