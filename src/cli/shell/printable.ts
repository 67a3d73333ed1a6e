/** @file Texts from files, as a screen may be given them. */
import { shortened } from '../../base/messages/shortened.ts';

/** Everything that a terminal obeys instead of showing: C0 without tab and line feed, DEL, C1, and what turns lines around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Characters of a line that are shown: a name may be as long as the file that holds it. */
const longestLine = 4000;

/** The text with its control characters written out, as JSON does: names and metadata of files may hold any. */
export function printable(text: string): string {
  return text.replaceAll(
    controls,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The same for people, whose lines end somewhere. */
export function readable(text: string): string {
  return printable(text)
    .split('\n')
    .map((line) => shortened(line, longestLine))
    .join('\n');
}
