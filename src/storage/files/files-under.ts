/** @file The files in a folder and in those below it. */
import { readdir, stat } from '../../platform/files.ts';
import { join, relative, sep } from '../../platform/paths.ts';
import { fileError, systemCodeOf } from '../file-errors.ts';

/** Paths from the folder, with forward slashes, in order; hidden files are left out. None where there is no folder. */
export async function filesUnder(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort();
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return [];
    throw fileError('read', folder, cause);
  }
}

/** Bytes of a file, or of all files below a folder, links followed; what goes meanwhile has none. */
export async function bytesAt(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile()) return found?.size ?? 0;
  const names = await readdir(path).catch(() => []);
  const sizes = await Promise.all(names.map((name) => bytesAt(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
