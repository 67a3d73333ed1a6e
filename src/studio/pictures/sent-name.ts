/** @file Names that pages send with files. */
import { DataError } from '../../base/errors.ts';
import { extname } from '../../platform/paths.ts';
import { isPathName } from '../../storage/files/path-inside.ts';
import type { PictureType } from './picture-type.ts';

const longest = 120;

/** What Windows takes for devices, whatever stands after a dot. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** What Windows does not have in names, or takes away from their ends. */
const strange = /["*<>?|]|[. ]$/;

/**
 * The name that a file gets: the same on every system, and ending as what it is.
 *
 * @throws DataError NAME_NOT_A_PATH
 */
export function nameOfSent(
  sent: string,
  { endings: [usual = '', ...others] }: PictureType,
): string {
  const name = sent.normalize('NFC');
  const isSound =
    [...name].length <= longest &&
    !name.includes('/') &&
    isPathName(name) &&
    !device.test(name) &&
    !strange.test(name);
  if (!isSound) {
    throw new DataError(
      'NAME_NOT_A_PATH',
      `${JSON.stringify(name.slice(0, longest))} cannot be the name of a file on every system; rename it: at most ${longest} characters, no dot at the beginning, none of / \\ : * ? " < > |`,
    );
  }
  return [usual, ...others].includes(extname(name).toLowerCase()) ? name : `${name}${usual}`;
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
