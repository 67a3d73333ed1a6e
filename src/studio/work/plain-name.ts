/** @file Names of what will be a file or folder: what a name may be on every system, and one that is free. */
import { DataError } from '../../base/errors.ts';
import { extname } from '../../platform/paths.ts';
import { isPathName } from '../../storage/files/path-inside.ts';

const longest = 80;

/** What Windows takes for devices, whatever stands after a dot; and what it has not in names, or takes away from their ends. */
const impossible = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|["*<>?|]|[. ]$/i;

/** Whether a name can be a file's or folder's on every system. @param most characters */
export function isPlainName(name: string, most: number): boolean {
  return (
    [...name].length <= most && !name.includes('/') && isPathName(name) && !impossible.test(name)
  );
}

/** What such a name has to be, for messages. */
export function plainNameRule(most: number): string {
  return `at most ${most} characters, no dot at the beginning or the end, none of / \\ : * ? " < > |`;
}

/**
 * The name, the same on every system.
 *
 * @param setting what it is the value of
 * @throws DataError NAME_NOT_A_PATH
 */
export function plainName(given: string, setting: string): string {
  const name = given.trim().normalize('NFC');
  if (isPlainName(name, longest)) return name;
  throw new DataError(
    'NAME_NOT_A_PATH',
    `\`${setting}\`: ${JSON.stringify(name.slice(0, longest))} cannot be the name of a file on every system; give ${plainNameRule(longest)}`,
  );
}

/** The name, or with the first number that makes it another than those that are taken, in whatever case. */
export function freeName(name: string, taken: Iterable<string>): string {
  const folded = new Set([...taken].map((each) => each.toLowerCase()));
  const ending = extname(name);
  const stem = name.slice(0, name.length - ending.length);
  for (let number = 2, free = name; ; number++) {
    if (!folded.has(free.toLowerCase())) return free;
    free = `${stem}-${number}${ending}`;
  }
}
