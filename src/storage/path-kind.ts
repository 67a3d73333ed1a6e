/** @file What a path leads to, and when that was written. */
import { stat } from '../platform/files.ts';
import { fileError, systemCodeOf } from './file-errors.ts';

export type PathKind = 'file' | 'folder' | 'other' | 'nothing';

/** What is at a path, links followed. */
export async function kindOfPath(path: string): Promise<PathKind> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return 'file';
    return stats.isDirectory() ? 'folder' : 'other';
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(cause))) return 'nothing';
    throw fileError('read', path, cause);
  }
}

/** When what is at a path was last written, in milliseconds since 1970 began; 0 of what is not there. */
export async function timeOfPath(path: string): Promise<number> {
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
