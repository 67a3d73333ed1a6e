/** @file Files as programs have them: where they lie, or what is in them. */
import { DataError } from '../../base/errors.ts';

/** What is in a file: its bytes, or a `Blob` as browsers and `fs.openAsBlob` give it, such as a chosen `File`. */
export type FileContent = Uint8Array | Blob;

/** A picture: the path of its file, or what is in it. */
export type PictureSource = string | FileContent;

/** A path as it is, and of anything else its bytes. */
export async function pathOrBytes(
  source: PictureSource,
  name: string,
): Promise<string | Uint8Array> {
  return typeof source === 'string' ? source : await bytesIn(source, name);
}

/**
 * The bytes of what a program gave.
 *
 * @param name what they are called in messages
 * @throws DataError BLOB_UNREADABLE where the file behind a blob was changed or removed meanwhile, or is too large
 */
export async function bytesIn(content: FileContent, name: string): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content;
  try {
    return new Uint8Array(await content.arrayBuffer());
  } catch (cause) {
    throw new DataError(
      'BLOB_UNREADABLE',
      `${name}: a blob of ${content.size} bytes cannot be read: ${cause instanceof Error ? cause.message : String(cause)}; its file may have been changed, or be too large to be read whole; choose it again, or give its path`,
      { cause },
    );
  }
}
