/** @file The log of records of LevelDB (doc/log_format.md) as W&B writes it, with seven bytes of its own before the first. */
import { joinedBytes } from '../../base/bytes.ts';
import { crc32 } from '../crc.ts';

/** ":W&B", 0xBEE1 and version 0; it counts as part of the first block. */
const beginning = Uint8Array.of(0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0);
const blockSize = 32768;
const headSize = 7;
/** Of a piece, which stands after its checksum (CRC-32, not masked), its length (16 bits) and its kind. */
const kinds = { whole: 1, first: 2, middle: 3, last: 4 } as const;

/**
 * The bytes that append records to a log.
 *
 * @param position bytes that the log has; a log of none is begun
 */
export function encodeRecords(
  records: readonly Uint8Array[],
  position: number,
): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = position === 0 ? [beginning] : [];
  let at = position === 0 ? beginning.length : position;
  for (const record of records) {
    for (let start = 0, more = true; more; ) {
      const room = blockSize - (at % blockSize);
      if (room < headSize) {
        pieces.push(new Uint8Array(room));
        at += room;
        continue;
      }
      const data = record.subarray(start, start + room - headSize);
      const isLast = start + data.length === record.length;
      const kind = isLast ? kinds[start === 0 ? 'whole' : 'last'] : undefined;
      pieces.push(encodePiece(kind ?? kinds[start === 0 ? 'first' : 'middle'], data));
      at += headSize + data.length;
      start += data.length;
      more = !isLast;
    }
  }
  return joinedBytes(pieces);
}

function encodePiece(kind: number, data: Uint8Array): Uint8Array {
  const piece = new Uint8Array(headSize + data.length);
  piece.set(data, headSize);
  piece[headSize - 1] = kind;
  const view = new DataView(piece.buffer);
  view.setUint32(0, crc32(piece.subarray(headSize - 1)), true);
  view.setUint16(4, data.length, true);
  return piece;
}
