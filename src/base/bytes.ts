/** @file Bytes of texts, and several pieces of bytes as one. */

/** How many bytes a text has as UTF-8, which is what file systems count. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Pieces one after the other. */
export function joinedBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
