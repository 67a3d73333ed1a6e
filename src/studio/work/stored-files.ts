/** @file Files of the work folder that are made again when they are asked for: how much they take, and their removal. */
import { stat } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { filesUnder } from '../../storage/files/files-under.ts';
import { removeFolder } from '../../storage/files/folders.ts';
import type { Storage, StoredFiles, StoredKind } from '../interface/machine-operations.ts';
import type { WorkFolder } from './work-folder.ts';

/** What Studio has made in a room; whatever else lies there is left alone, and so is what is being written. */
const made: Readonly<Record<StoredKind, RegExp>> = {
  comparisons: /^[0-9a-f]{24}\.png$/,
  downloads: /^[0-9a-f]+\/[^/]+$/,
};

/** How many there are, and what they take. */
export async function storedFiles(work: WorkFolder): Promise<Storage> {
  return {
    comparisons: await sizeOf(work, 'comparisons'),
    downloads: await sizeOf(work, 'downloads'),
  };
}

/** Removes all of a kind. */
export async function removeStored(work: WorkFolder, kind: StoredKind): Promise<void> {
  for (const name of await namesOf(work, kind)) {
    // A download lies in a folder of its own.
    const [whole = name] = name.split('/');
    await removeFolder(join(work[kind], whole));
  }
}

async function sizeOf(work: WorkFolder, kind: StoredKind): Promise<StoredFiles> {
  const sizes = (await namesOf(work, kind)).map(async (name) => {
    // One may go meanwhile.
    const found = await stat(join(work[kind], name)).catch(() => undefined);
    return found?.size ?? 0;
  });
  const all = await Promise.all(sizes);
  return { count: all.length, bytes: all.reduce((sum, bytes) => sum + bytes, 0) };
}

async function namesOf(work: WorkFolder, kind: StoredKind): Promise<readonly string[]> {
  return (await filesUnder(work[kind])).filter((name) => made[kind].test(name));
}
