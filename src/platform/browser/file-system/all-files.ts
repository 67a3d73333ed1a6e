/** @file The end of a page's file system: every name and every content at once. */
import { removeAllContents } from './contents.ts';
import { removeNames } from './names.ts';

/**
 * Removes all files of this origin that the package keeps; for a worker of which no other has opened any.
 *
 * @throws where another tab holds some
 */
export async function removeAllFiles(): Promise<void> {
  // What has no name any more is removed by who comes next.
  await removeNames();
  await removeAllContents();
}
