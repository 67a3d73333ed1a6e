/** @file Reads a whole file. */
import { fileError } from '../file-errors.ts';
import { readRegularFile } from '../regular-file.ts';

/** The bytes of a file, or a SystemError saying why not. */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readRegularFile(path);
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}
