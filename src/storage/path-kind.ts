/** @file What a path leads to. */
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
