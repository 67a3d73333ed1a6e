/** @file Whether what is to be written has room, before any of it is. */
import { SystemError } from '../base/errors.ts';
import { formatBytes } from '../base/quantities.ts';
import { moreSpace, roomFor } from '../platform/files.ts';
import { dirname } from '../platform/paths.ts';
import { fileError, systemCodeOf } from './file-errors.ts';

/** What is to be written. */
export interface Writing {
  /** It need not be there yet. */
  readonly folder: string;
  readonly bytes: number;
  /** What takes them, as the message says it: `7 files of owner/name`. */
  readonly what: string;
}

/** @throws SystemError DISK_FULL with what is needed, what is free, and what to do */
export async function requireSpace({ folder, bytes, what }: Writing): Promise<void> {
  const free = await roomIn(folder, bytes);
  if (bytes <= free) return;
  throw new SystemError(
    'DISK_FULL',
    `${folder}: ${what} need ${formatBytes(bytes)}, ${formatBytes(free)} are free; ${moreSpace}`,
  );
}

/** Bytes that may be written to a folder, or to where it would be made, as far as so many are wanted. */
async function roomIn(folder: string, wanted: number): Promise<number> {
  try {
    return await roomFor(folder, wanted);
  } catch (cause) {
    const above = dirname(folder);
    if (systemCodeOf(cause) === 'ENOENT' && above !== folder) return await roomIn(above, wanted);
    throw fileError('read', folder, cause);
  }
}
