/** @file What tests make of the project once, for all of their processes, until what it is made of changes. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { systemCodeOf } from '../../src/storage/file-errors.ts';

/** The folder of the project. */
export const root = join(import.meta.dirname, '../..');

/** After this long without use, in milliseconds, a folder goes. */
const keptUnused = 24 * 60 * 60 * 1000;

/** All that decides what is in a folder, besides where the project lies. */
export interface Deciding {
  readonly values: unknown;
  /** Whose content does, as paths in the project. */
  readonly files: readonly string[];
}

/**
 * A folder named by all that decides its content, made unless it is there. Who uses it changes nothing in it.
 *
 * @param kind a word for people
 * @param make fills an empty folder; where two processes do at once, what the first made stays
 */
export async function keptFolder(
  kind: string,
  deciding: Deciding,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const place = join(root, 'node_modules', '.cache', 'diffusekrona');
  const target = join(place, `${kind}-${await keyOf(deciding)}`);
  const now = new Date();
  const isThere = await utimes(target, now, now).then(
    () => true,
    () => false,
  );
  if (isThere) return target;
  const made = `${target}.${process.pid}`;
  await mkdir(made, { recursive: true });
  try {
    await make(made);
    await rename(made, target);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    // Another process was faster.
    if (!['ENOTEMPTY', 'EEXIST'].includes(systemCodeOf(error) ?? '')) throw error;
  }
  await removeUnused(place, now.getTime() - keptUnused);
  return target;
}

/** Files in folders of the project, and files themselves, as paths in it, in order. */
export async function filesOf(paths: readonly string[]): Promise<readonly string[]> {
  const lists = paths.map(async (path) => {
    if ((await stat(join(root, path))).isFile()) return [path];
    const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
  });
  return (await Promise.all(lists)).flat().sort();
}

async function keyOf({ values, files }: Deciding): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([root, values, files]));
  for (const path of files) hash.update(await readFile(join(root, path)));
  return hash.digest('hex').slice(0, 16);
}

async function removeUnused(place: string, since: number): Promise<void> {
  for (const name of await readdir(place)) {
    const path = join(place, name);
    const used = await stat(path).catch(() => undefined);
    if (used !== undefined && used.mtimeMs < since)
      await rm(path, { recursive: true, force: true });
  }
}
