/** @file Texts as people bring them: bytes to characters, never by replacing what does not fit. */
import { FormatError } from '../base/errors.ts';

const lineBreak = 0x0a;

/** Byte-order marks, the longer ones first: that of UTF-32 begins with that of UTF-16. */
const marks = [
  { bytes: [0xff, 0xfe, 0x00, 0x00], encoding: 'UTF-32' },
  { bytes: [0x00, 0x00, 0xfe, 0xff], encoding: 'UTF-32' },
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

/**
 * The text of a file: UTF-8, or UTF-16 where a byte-order mark says so; the mark is not part of it.
 *
 * @param where names the file in errors
 * @throws FormatError TEXT_ENCODING naming the line, and the encoding that it looks like
 */
export function decodeText(bytes: Uint8Array, where: string): string {
  const mark = marks.find((each) => each.bytes.every((byte, i) => bytes[i] === byte));
  const encoding = mark?.encoding ?? 'utf-8';
  if (encoding === 'UTF-32') {
    throw refused(where, 'expected a text in UTF-8, found one in UTF-32');
  }
  const content = bytes.subarray(mark?.bytes.length ?? 0);
  const text = decodedAs(encoding, content);
  if (encoding === 'utf-8') {
    if (text === undefined) throw notUtf8(content, where);
    if (text.includes('\0')) throw withZeros(content, text, where);
  }
  if (text !== undefined) return text;
  throw refused(
    where,
    'expected UTF-16, as its byte-order mark says, found half a character: the file is cut or damaged',
  );
}

/** The text of bytes that are UTF-8; undefined where they are not. */
export function strictUtf8(bytes: Uint8Array): string | undefined {
  return decodedAs('utf-8', bytes);
}

/** Undefined where the bytes are not of that encoding. */
function decodedAs(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** No byte of a longer character is a line break in UTF-8, so that lines can be judged one by one. */
function notUtf8(bytes: Uint8Array, where: string): FormatError {
  let start = 0;
  for (let number = 1; ; number++) {
    const found = bytes.indexOf(lineBreak, start);
    const end = found === -1 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    if (strictUtf8(line) === undefined) {
      return refused(`${where}:${number}`, `expected a text in UTF-8, found ${likeness(line)}`);
    }
    start = end + 1;
  }
}

/** What a line that is not UTF-8 looks like. */
function likeness(line: Uint8Array): string {
  if (hasZeros(line))
    return 'what looks like UTF-16 without its byte-order mark, or no text at all';
  const replaced = new TextDecoder().decode(line);
  const lost = replaced.split('\uFFFD').length - 1;
  const sound = replaced.match(/[^\0-\x7F\uFFFD]/gu)?.length ?? 0;
  if (sound >= lost) return `damaged UTF-8 ("${excerpt(replaced)}")`;
  if (!isWestern(line)) return 'another encoding, such as Windows-1251, Shift-JIS or GBK';
  return `what looks like Windows-1252 or Latin-1 ("${excerpt(fromWindows1252(line))}")`;
}

/** Windows-1252's own characters, from byte 0x80; the others are Latin-1's. Not every Node decodes them. */
const windows1252 = '€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ';

function fromWindows1252(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => windows1252[byte - 0x80] ?? String.fromCharCode(byte)).join(
    '',
  );
}

/** Western letters beyond ASCII mostly stand alone between plain ones; other scripts write words of them. */
function isWestern(line: Uint8Array): boolean {
  const beyond = [...line.keys()].filter((i) => (line[i] ?? 0) > 0x7f);
  const alone = beyond.filter((i) => (line[i - 1] ?? 0) <= 0x7f && (line[i + 1] ?? 0) <= 0x7f);
  return alone.length * 2 > beyond.length;
}

/** Plain letters in UTF-16 are UTF-8 too, with a zero beside each. */
function withZeros(bytes: Uint8Array, text: string, where: string): FormatError {
  const number = text.slice(0, text.indexOf('\0')).split('\n').length;
  const zeros = bytes.filter((byte) => byte === 0).length;
  const found =
    zeros * 3 >= bytes.length
      ? 'what looks like UTF-16 without its byte-order mark'
      : 'a zero byte, so that it is no text';
  return refused(`${where}:${number}`, `expected a text in UTF-8, found ${found}`);
}

const hasZeros = (bytes: Uint8Array): boolean => bytes.includes(0);

function excerpt(line: string): string {
  const text = line.trim();
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function refused(where: string, problem: string): FormatError {
  return new FormatError(
    'TEXT_ENCODING',
    `${where}: ${problem}; save the file as UTF-8, as every editor can`,
  );
}
