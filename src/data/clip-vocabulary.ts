/** @file CLIP's vocabulary as it follows from its byte-pair merges. */
import { ModelError } from '../base/errors.ts';

/** The two special tokens every CLIP vocabulary ends with, in this order. */
export const startOfText = '<|startoftext|>';
export const endOfText = '<|endoftext|>';

/** Marks a token that ends a word. */
export const endOfWord = '</w>';

/** GPT-2's printable character for each of the 256 bytes, in vocabulary order: printable bytes first. */
function byteSymbols(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const printable = bytes.filter(isPrintable);
  const others = bytes.filter((byte) => !isPrintable(byte));
  return [
    ...printable.map((byte) => String.fromCodePoint(byte)),
    ...others.map((_, index) => String.fromCodePoint(256 + index)),
  ];
}

/** The pairs of a `merges.txt`; `where` names the file in the error. */
export function parseMerges(text: string, where: string): [string, string][] {
  const lines = text.split(/\r?\n/);
  const first = lines[0]?.startsWith('#version') ? 1 : 0;
  const merges: [string, string][] = [];
  for (const [index, line] of lines.entries()) {
    if (index < first || line === '') continue;
    const [left, right, ...rest] = line.split(' ');
    if (!left || !right || rest.length > 0) {
      throw new ModelError(
        'TOKENIZER_MERGES',
        `${where}, line ${index + 1}: expected two tokens separated by one space, found ${JSON.stringify(line.slice(0, 40))}; download the file again`,
      );
    }
    merges.push([left, right]);
  }
  return merges;
}

/**
 * Token to id, from the merges alone: 256 byte symbols, the same 256 ending a word, one token per merge,
 * start and end of text (OpenAI CLIP, `simple_tokenizer.py`).
 */
export function vocabularyFromMerges(
  merges: readonly (readonly [string, string])[],
): Record<string, number> {
  const symbols = byteSymbols();
  const tokens = [
    ...symbols,
    ...symbols.map((symbol) => symbol + endOfWord),
    ...merges.map(([left, right]) => left + right),
    startOfText,
    endOfText,
  ];
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}
