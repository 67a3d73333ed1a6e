/** @file What lies in a folder, also under names that are not UTF-8, which Node would hand on damaged. */
import { strictUtf8 } from '../../formats/text.ts';
import { readdir } from '../../platform/files.ts';

/** A file or folder by its name. */
export interface FolderEntry {
  /** Where it is not UTF-8, with the bytes that are not as `\xe9`, as a shell lists them. */
  readonly name: string;
  readonly isFolder: boolean;
  /** Otherwise nothing can be opened by its name. */
  readonly isUtf8: boolean;
}

/**
 * The entries of a folder, in no order.
 *
 * @throws what the system throws where the folder cannot be read
 */
export async function folderEntries(folder: string): Promise<FolderEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  return entries.map((entry) => {
    const bytes = new Uint8Array(entry.name);
    const name = strictUtf8(bytes);
    return {
      name: name ?? withBytesSpelt(bytes),
      isFolder: entry.isDirectory(),
      isUtf8: name !== undefined,
    };
  });
}

function withBytesSpelt(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`,
  ).join('');
}
