/** @file Reads a whole file. */
import { readFile } from '../../platform/files.ts';
import { fileError } from '../file-errors.ts';

/** The bytes of a file, or a SystemError saying why not. */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}
