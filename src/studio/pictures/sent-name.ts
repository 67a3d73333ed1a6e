/** @file Names that pages send with files. */
import { DataError } from '../../base/errors.ts';
import { extname } from '../../platform/paths.ts';
import { isPlainName, plainNameRule } from '../work/plain-name.ts';
import type { PictureType } from './picture-type.ts';

const longest = 120;

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
  if (!isPlainName(name, longest)) {
    throw new DataError(
      'NAME_NOT_A_PATH',
      `${JSON.stringify(name.slice(0, longest))} cannot be the name of a file on every system; rename it: ${plainNameRule(longest)}`,
    );
  }
  return [usual, ...others].includes(extname(name).toLowerCase()) ? name : `${name}${usual}`;
}
