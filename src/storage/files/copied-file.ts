/** @file Copies of files. */
import { copyFile, shareSpace } from '../../platform/files.ts';
import { fileError } from '../file-errors.ts';

/** Copies a file, links followed; the copy shares its space with the original where the file system can do that. */
export async function copyOfFile(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, shareSpace);
  } catch (cause) {
    throw fileError('write', `${to} (a copy of ${from})`, cause);
  }
}
