/** @file One downloader per blob: others wait instead of downloading the same bytes. A lock that breaks costs bandwidth, never content. */
import { open, readFile, rm, writeFile } from '../../../platform/files.ts';
import { hostname, processId } from '../../../platform/machine.ts';
import { dirname } from '../../../platform/paths.ts';
import { hasProcess } from '../../../platform/processes.ts';
import { repeatedly } from '../../../platform/waiting.ts';
import { fileError, systemCodeOf } from '../../file-errors.ts';
import { createFolder } from '../../files/folders.ts';
import type { Hub } from '../hub.ts';

/** Milliseconds between looks at a lock that somebody else holds. */
const pollEvery = 500;
/** Milliseconds between signs of life of a holder. */
const beatEvery = 10_000;
/** Looks without a sign of life after which a lock of another machine counts as left behind. */
const patientLooks = 240;

/** Locks of this process: one that bears our process id and is not among them is of a dead namesake. */
const held = new Set<string>();

/** Runs work while no other process, of this package, runs work under the same path. */
export async function withLock<T>(hub: Hub, path: string, work: () => Promise<T>): Promise<T> {
  await acquire(hub, path);
  held.add(path);
  let beats = 0;
  let lastBeat: Promise<void> = Promise.resolve();
  const stop = repeatedly(beatEvery, () => {
    beats += 1;
    lastBeat = writeFile(path, ownMark(beats)).catch(() => {});
  });
  try {
    return await work();
  } finally {
    stop();
    // A beat that is still being written would put the file back.
    await lastBeat;
    await rm(path, { force: true }).catch(() => {});
    held.delete(path);
  }
}

async function acquire(hub: Hub, path: string): Promise<void> {
  await createFolder(dirname(path));
  let seen: string | undefined;
  let unchanged = 0;
  while (!(await create(path))) {
    const mark = await readMark(path);
    if (mark === undefined) continue;
    unchanged = mark === seen ? unchanged + 1 : 0;
    seen = mark;
    if (isOfDeadProcess(mark, path) || unchanged >= patientLooks) {
      await rm(path, { force: true });
    } else {
      await hub.sleep(pollEvery, hub.signal);
    }
  }
}

async function create(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(ownMark(0));
    } finally {
      await handle.close();
    }
    return true;
  } catch (cause) {
    if (systemCodeOf(cause) === 'EEXIST') return false;
    throw fileError('write', path, cause);
  }
}

async function readMark(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return undefined;
    throw fileError('read', path, cause);
  }
}

function ownMark(beats: number): string {
  return `${hostname()} ${processId} ${beats}\n`;
}

function isOfDeadProcess(mark: string, path: string): boolean {
  const [host, id] = mark.split(' ');
  if (host !== hostname()) return false;
  const pid = Number(id);
  return pid === processId ? !held.has(path) : Number.isSafeInteger(pid) && !hasProcess(pid);
}
