/** @file Reads parts of a file; no handle stays open longer than it is used. */
import { FormatError } from '../../base/errors.ts';
import { type FileHandle, open } from '../../platform/files.ts';
import { fileError } from '../file-errors.ts';
import { requireRegularFile } from '../regular-file.ts';

/** The largest part read in one call; the system's limit is just below 2 GiB. */
const largestRead = 2 ** 30;

/**
 * Bytes of an open file.
 *
 * @param where names the file in errors
 * @throws FormatError FILE_TRUNCATED where the file ends before
 */
export async function readRange(
  handle: FileHandle,
  offset: number,
  byteLength: number,
  where: string,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(byteLength);
  let done = 0;
  while (done < byteLength) {
    const length = Math.min(byteLength - done, largestRead);
    const { bytesRead } = await handle.read(bytes, done, length, offset + done);
    if (bytesRead === 0) {
      throw new FormatError(
        'FILE_TRUNCATED',
        `${where}: expected ${byteLength} bytes at ${offset}, found ${done}; the file was cut short while it was read`,
      );
    }
    done += bytesRead;
  }
  return bytes.buffer;
}

/** Opens a file for reading, and closes it whatever happens. */
export async function withFile<T>(
  path: string,
  use: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  await requireRegularFile(path);
  const handle = await open(path, 'r');
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

/** Does work that reads `path`; what the system refuses becomes an error that says what to do. */
export async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}
