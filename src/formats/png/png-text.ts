/** @file Text inside PNG files: tEXt and iTXt chunks (PNG specification, third edition, section 11.3.3). */
import { joinedBytes } from '../../base/bytes.ts';
import { FormatError } from '../../base/errors.ts';
import {
  encodeChunk,
  latin1,
  latin1Bytes,
  malformedPng,
  type PngChunk,
  pngChunks,
  pngSignature,
} from './png-chunks.ts';

/**
 * The text entries of a PNG by keyword; the last of equal keywords wins. Compressed entries are left out.
 *
 * @throws FormatError where the bytes are not a sound PNG; `where` names the file
 */
export function readPngText(png: Uint8Array, where = 'the picture'): Map<string, string> {
  const entries = new Map<string, string>();
  for (const chunk of pngChunks(png, where)) {
    const entry = textOf(chunk);
    if (entry !== undefined) entries.set(entry.keyword, entry.text);
  }
  return entries;
}

/** What stands before the pixels of a PNG. */
export interface PngHead {
  readonly width: number;
  readonly height: number;
  readonly entries: ReadonlyMap<string, string>;
}

/**
 * What stands before the pixels of a PNG; its first bytes are enough.
 *
 * @throws FormatError where they are not the beginning of a sound PNG, or end before the pixels begin
 */
export function readPngHead(beginning: Uint8Array, where = 'the picture'): PngHead {
  const entries = new Map<string, string>();
  let size = { width: 0, height: 0 };
  for (const chunk of pngChunks(beginning, where, 'IDAT')) {
    if (chunk.type === 'IHDR') size = sizeOf(chunk.data, where);
    const entry = textOf(chunk);
    if (entry !== undefined) entries.set(entry.keyword, entry.text);
  }
  return { ...size, entries };
}

/**
 * The PNG with these entries right after its header; entries it already has under the same keywords are replaced.
 * ASCII is written as tEXt, any other text as uncompressed iTXt in UTF-8: some readers take tEXt for UTF-8.
 *
 * @throws FormatError where the bytes are not a sound PNG, or a keyword or text cannot be written
 */
export function writePngText(
  png: Uint8Array,
  entries: Readonly<Record<string, string>>,
  where = 'the picture',
): Uint8Array<ArrayBuffer> {
  const [header, ...rest] = pngChunks(png, where);
  const kept = rest.filter((chunk) => !Object.hasOwn(entries, textOf(chunk)?.keyword ?? ''));
  const added = Object.entries(entries).map(([keyword, text]) => encodeText(keyword, text));
  return joinedBytes([
    pngSignature,
    ...(header ? [header.raw] : []),
    ...added,
    ...kept.map((chunk) => chunk.raw),
  ]);
}

function sizeOf(header: Uint8Array, where: string): { width: number; height: number } {
  if (header.length < 8) throw malformedPng(where, 'its header is too short');
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  return { width: view.getUint32(0), height: view.getUint32(4) };
}

function textOf({ type, data }: PngChunk): { keyword: string; text: string } | undefined {
  if (type !== 'tEXt' && type !== 'iTXt') return undefined;
  const end = data.indexOf(0);
  if (end < 1) return undefined;
  const keyword = latin1(data.subarray(0, end));
  if (type === 'tEXt') return { keyword, text: latin1(data.subarray(end + 1)) };
  if (data[end + 1] !== 0) return undefined;
  // After the keyword: compression flag, compression method, language tag, 0, translated keyword, 0, text.
  const language = data.indexOf(0, end + 3);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  if (translated < 0) return undefined;
  return { keyword, text: new TextDecoder().decode(data.subarray(translated + 1)) };
}

function encodeText(keyword: string, text: string): Uint8Array {
  if (!/^[!-~\xa1-\xff]([ -~\xa1-\xff]{0,77}[!-~\xa1-\xff])?$/.test(keyword)) {
    throw new FormatError(
      'PNG_KEYWORD',
      `a PNG keyword has 1 to 79 Latin-1 characters without outer spaces, not ${JSON.stringify(keyword)}`,
    );
  }
  if (text.includes('\0')) {
    throw new FormatError(
      'PNG_TEXT',
      `PNG text cannot hold the character U+0000 (under ${JSON.stringify(keyword)}); remove it`,
    );
  }
  const key = latin1Bytes(keyword);
  return isAscii(text)
    ? encodeChunk('tEXt', [key, Uint8Array.of(0), latin1Bytes(text)])
    : encodeChunk('iTXt', [key, new Uint8Array(5), new TextEncoder().encode(text)]);
}

function isAscii(text: string): boolean {
  return Array.from(text).every((character) => (character.codePointAt(0) ?? 0) < 0x80);
}
