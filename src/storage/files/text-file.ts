/** @file Reads a text file that people may have written with any editor. */
import { SystemError } from '../../base/errors.ts';
import { decodeText } from '../../formats/text.ts';
import { readBytes } from './binary-file.ts';

/**
 * The text of a file, without its byte-order mark.
 *
 * @throws SystemError where it cannot be read
 * @throws FormatError TEXT_ENCODING where it is neither UTF-8 nor marked as UTF-16
 */
export async function readText(path: string): Promise<string> {
  return decodeText(await readBytes(path), path);
}

/** The text of a file, or undefined where there is no such file; other failures as readText(). */
export async function readTextIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof SystemError && error.code === 'FILE_NOT_FOUND') return undefined;
    throw error;
  }
}
