/** @file Names of what is not whole yet, and the sweeping up of what killed writers left of it. */
import { utf8Length } from '../../base/bytes.ts';
import { lstat, readdir, rename, rm, writeFile } from '../../platform/files.ts';
import { createHash } from '../../platform/hashes.ts';
import { basename, dirname, join } from '../../platform/paths.ts';
import { fileError } from '../file-errors.ts';
import { isLiving, type ProcessIdentity, thisProcess } from '../process-identity.ts';

/** `.NAME.krona-MACHINE-PID-START-COUNT.tmp` */
const pattern = /^\..+\.krona-([0-9a-f]{8})-(\d+)-(\d+)-\d+\.tmp$/;

/** Bytes of a name that leave room for ours; file systems take 255. */
const longestName = 190;

let count = 0;

/** A path beside another that nobody else uses: in the same folder, because a rename is atomic only within a file system. */
export function temporaryBeside(path: string): string {
  const name = basename(path);
  const isLong = utf8Length(name) > longestName;
  const stem = isLong ? createHash('sha256').update(name).digest('hex').slice(0, 32) : name;
  const { machine, pid, start } = thisProcess();
  count += 1;
  return join(dirname(path), `.${stem}.krona-${machine}-${pid}-${start}-${count}.tmp`);
}

/**
 * Takes a folder out of sight at once, before it is removed: a removal that is cut short leaves no half of it, and what
 * is left is swept up later.
 *
 * @returns where it lies now
 * @throws SystemError
 */
export async function putOutOfSight(folder: string): Promise<string> {
  const aside = temporaryBeside(folder);
  await rename(folder, aside).catch((cause) => {
    throw fileError('write', folder, cause);
  });
  return aside;
}

/** Whether a name is one of ours. */
export function isTemporaryName(name: string): boolean {
  return pattern.test(name);
}

/** Whoever has not written for so long is gone, wherever it was: a day in milliseconds. */
const longestPause = 24 * 60 * 60 * 1000;

/**
 * Removes what writers that are no more left beside a temporary file or folder that has just been made. Whether a
 * writer of this machine lives is asked of the system; of another, and where the system does not say, how long ago it
 * wrote. What cannot be removed stays: that is no reason not to write.
 */
export async function sweepBeside(own: string): Promise<void> {
  try {
    const folder = dirname(own);
    const names = (await readdir(folder)).filter(isTemporaryName);
    const others = names.filter((name) => name !== basename(own));
    if (others.length === 0) return;
    // The clock of the file system, which may be another machine's.
    const now = (await lstat(own)).mtimeMs;
    for (const name of others) {
      const path = join(folder, name);
      if (await isAbandoned(path, now)) await rm(path, { recursive: true, force: true });
    }
  } catch {
    // Swept by somebody else at the same time, or not ours to remove.
  }
}

/** What time it is by the clock of the file system that a folder is on: milliseconds since 1970 began. */
export async function fileSystemTime(folder: string): Promise<number> {
  const path = temporaryBeside(join(folder, 'time'));
  try {
    await writeFile(path, '');
    return (await lstat(path)).mtimeMs;
  } finally {
    await rm(path, { force: true });
  }
}

async function isAbandoned(path: string, now: number): Promise<boolean> {
  const owner = ownerOf(basename(path));
  const living = owner && isLiving(owner);
  if (living !== undefined) return !living;
  return now - (await lastWrite(path)) > longestPause;
}

function ownerOf(name: string): ProcessIdentity | undefined {
  const [, machine, pid, start] = pattern.exec(name) ?? [];
  return machine === undefined ? undefined : { machine, pid: Number(pid), start: Number(start) };
}

/** When a file, or anything in a folder, was last written. */
async function lastWrite(path: string): Promise<number> {
  const found = await lstat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const inside = await readdir(path, { recursive: true });
  const times = inside.map(async (name) => (await lstat(join(path, name))).mtimeMs);
  return Math.max(found.mtimeMs, ...(await Promise.all(times)));
}
