/** @file What a file of a picture is, by its first bytes: the only types that pages are sent, and that are taken from them. */
import { isPng } from '../../formats/png/png-chunks.ts';
import { isHeic } from '../../platform/pictures/heic-brand.ts';

export interface PictureType {
  readonly mime: string;
  /** Endings of its files' names, the usual one first. */
  readonly endings: readonly string[];
  /** Whether every browser shows it; others are sent as what they show. @default true */
  readonly isShown?: boolean;
}

interface KnownType extends PictureType {
  readonly isIt: (bytes: Uint8Array) => boolean;
}

const known: readonly KnownType[] = [
  { mime: 'image/png', endings: ['.png'], isIt: isPng },
  {
    mime: 'image/jpeg',
    endings: ['.jpg', '.jpeg', '.jpe', '.jfif'],
    isIt: (bytes) => startsWith(bytes, 0, [0xff, 0xd8, 0xff]),
  },
  {
    mime: 'image/webp',
    endings: ['.webp'],
    // RIFF, four bytes of length, WEBP.
    isIt: (bytes) =>
      startsWith(bytes, 0, [0x52, 0x49, 0x46, 0x46]) &&
      startsWith(bytes, 8, [0x57, 0x45, 0x42, 0x50]),
  },
  // Its decoder reaches nothing but a memory of its own.
  { mime: 'image/heic', endings: ['.heic', '.heif'], isShown: false, isIt: isHeic },
];

/** Undefined of everything else: decoders of rarer formats never see what a page sends. */
export function pictureTypeOf(bytes: Uint8Array): PictureType | undefined {
  return known.find(({ isIt }) => isIt(bytes));
}

function startsWith(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  return expected.every((byte, i) => bytes[at + i] === byte);
}
