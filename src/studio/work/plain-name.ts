/** @file Names that a person gives to what will be a file or folder. */
import { DataError } from '../../base/errors.ts';
import { isPathName } from '../../storage/files/path-inside.ts';

const longest = 80;

/** What Windows takes for devices, whatever stands after a dot; and what it has not in names, or takes away from their ends. */
const impossible = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|["*<>?|]|[. ]$/i;

/**
 * The name, the same on every system.
 *
 * @param setting what it is the value of
 * @throws DataError NAME_NOT_A_PATH
 */
export function plainName(given: string, setting: string): string {
  const name = given.trim().normalize('NFC');
  const isSound =
    [...name].length <= longest &&
    !name.includes('/') &&
    isPathName(name) &&
    !impossible.test(name);
  if (isSound) return name;
  throw new DataError(
    'NAME_NOT_A_PATH',
    `\`${setting}\`: ${JSON.stringify(name.slice(0, longest))} cannot be the name of a file on every system; give at most ${longest} characters, no dot at the beginning or the end, none of / \\ : * ? " < > |`,
  );
}
