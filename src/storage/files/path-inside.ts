/** @file Names that become paths: one rule for all that come from files, queues and the network, so that none leads elsewhere. */
import { utf8Length } from '../../base/bytes.ts';
import { DataError } from '../../base/errors.ts';
import { join } from '../../platform/paths.ts';

/** What no part of a name may be, because a folder, an address or another system would understand it differently. */
const impossiblePart = /^$|^\.|[\\:]|\p{Cc}|\p{Surrogate}/u;

/** Bytes of a part: the least that is usual (ext4, APFS, NTFS) less what endings such as `.krona.incomplete` add. */
const longestPart = 200;

/** What a name has to be, for messages. */
export const pathNameRule = `parts with slashes between, each of 1 to ${longestPart} bytes, none beginning with a dot, without backslashes, colons, control characters and unpaired surrogates`;

/** Whether a name can stand for a path inside a folder, the same on every system. */
export function isPathName(name: string): boolean {
  return name
    .split('/')
    .every((part) => !impossiblePart.test(part) && utf8Length(part) <= longestPart);
}

/**
 * The path of a name inside a folder.
 *
 * @param name parts with forward slashes between
 * @param what what the name is of, for messages: `subject`
 * @throws DataError NAME_NOT_A_PATH where it would lead out of the folder, or be understood differently elsewhere
 */
export function pathInside(folder: string, name: string, what: string): string {
  if (isPathName(name)) return join(folder, ...name.split('/'));
  throw new DataError(
    'NAME_NOT_A_PATH',
    `${what}: ${shown(name)} cannot be the name of a file or folder; expected ${pathNameRule}: rename it`,
  );
}

function shown(name: string): string {
  const most = 80;
  return JSON.stringify(name.length > most ? `${name.slice(0, most)}...` : name);
}
