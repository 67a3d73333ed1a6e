/** @file What a picture's file says at its beginning: its format and size, before anything is decoded. */
import type { PictureHeader } from '../pictures/picture.ts';

/** Of every format but HEIC, whose decoder says it. @throws Error where the bytes are no picture */
export function pictureHeader(bytes: Uint8Array): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const read of [png, jpeg, gif, webp, avif]) {
    const found = read(view);
    if (found !== undefined) return { depth: 'uchar', ...found };
  }
  throw new Error('unsupported image format');
}

type Found = Omit<PictureHeader, 'depth'> | undefined;

const text = (view: DataView, at: number, length: number): string =>
  at + length > view.byteLength
    ? ''
    : String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));

/** PNG's specification, 5.2 and 11.2.2. */
function png(view: DataView): Found {
  if (text(view, 1, 3) !== 'PNG' || view.byteLength < 24) return undefined;
  return { format: 'png', width: view.getUint32(16), height: view.getUint32(20) };
}

/** ITU-T T.81, B.2.2: the size stands in the frame's header, SOF0 to SOF15, behind any number of segments. */
function jpeg(view: DataView): Found {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 9 < view.byteLength) {
    const marker = view.getUint16(at);
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf;
    // DHT, JPG and DAC are among them.
    if (isFrame && ![0xffc4, 0xffc8, 0xffcc].includes(marker)) {
      return { format: 'jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw new Error('the file is cut short in its header');
}

function gif(view: DataView): Found {
  if (text(view, 0, 4) !== 'GIF8' || view.byteLength < 10) return undefined;
  return { format: 'gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** RFC 9649, 2.5 to 2.7: lossy, lossless, extended. */
function webp(view: DataView): Found {
  if (text(view, 0, 4) !== 'RIFF' || text(view, 8, 4) !== 'WEBP' || view.byteLength < 30) {
    return undefined;
  }
  const format = 'webp';
  const kind = text(view, 12, 4);
  if (kind === 'VP8 ') {
    const side = (at: number) => view.getUint16(at, true) & 0x3fff;
    return { format, width: side(26), height: side(28) };
  }
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { format, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  const side = (at: number) => 1 + view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  return { format, width: side(24), height: side(27) };
}

/** ISO 23008-12, 6.5.3: the property `ispe` of the container has the size. */
function avif(view: DataView): Found {
  if (text(view, 4, 7) !== 'ftypavi') return undefined;
  const searched = Math.min(view.byteLength - 16, 65_536);
  for (let at = 8; at < searched; at++) {
    if (text(view, at, 4) !== 'ispe') continue;
    return { format: 'avif', width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
  }
  throw new Error('the file does not say its size');
}
