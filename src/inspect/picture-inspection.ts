/** @file Inspects a picture: its size, and the settings that generating wrote into it. */
import { isRecord } from '../base/record.ts';
import { decodeImage } from '../data/image.ts';
import { parseJson } from '../formats/parse-json.ts';
import { isPng } from '../formats/png/png-chunks.ts';
import { readPngText } from '../formats/png/png-text.ts';
import { isHeic } from '../platform/pictures/heic-brand.ts';

/** A picture. */
export interface PictureInspection {
  readonly kind: 'picture';
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** What it was generated with; undefined where it was not made here. */
  readonly settings: Readonly<Record<string, unknown>> | undefined;
  /** Texts in a PNG, by keyword. */
  readonly texts: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/**
 * Inspects a picture file.
 *
 * @throws DataError or FormatError where it is broken
 */
export async function inspectPicture(path: string, bytes: Uint8Array): Promise<PictureInspection> {
  const { width, height } = await decodeImage(bytes, path);
  const texts = isPng(bytes) ? readPngText(bytes, path) : new Map<string, string>();
  const settings = settingsOf(texts.get('krona'));
  const warnings: string[] = [];
  const all = Object.fromEntries(texts);
  return { kind: 'picture', path, width, height, settings, texts: all, warnings };
}

/** First bytes of JPEG, WebP (RIFF), GIF and TIFF, which has them in two orders. */
const magics = [
  [0xff, 0xd8, 0xff],
  [0x52, 0x49, 0x46, 0x46],
  [0x47, 0x49, 0x46, 0x38],
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
];

/** "ftypavif" or "ftypavis", after the length of that box. */
const avif = [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69];

/** Whether the first bytes are those of a picture that can be decoded. */
export function isPicture(bytes: Uint8Array): boolean {
  return (
    isPng(bytes) ||
    magics.some((magic) => startsWith(bytes, magic)) ||
    startsWith(bytes.subarray(4), avif) ||
    isHeic(bytes)
  );
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** Undefined where there are none of ours. */
function settingsOf(text: string | undefined): Record<string, unknown> | undefined {
  const value = parseJson(text ?? '');
  return isRecord(value) ? value : undefined;
}
