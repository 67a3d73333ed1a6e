/** @file The file system of a page: names in IndexedDB, contents in the origin private file system. For workers. */

export type { FileHandle } from '../file-system.ts';
export {
  link,
  mkdir,
  mkdtemp,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
  utimes,
} from './file-system/naming.ts';
export {
  blobOf,
  contentStream,
  lstat,
  readdir,
  readFile,
  realpath,
  stat,
} from './file-system/reading.ts';
export { moreSpace, roomFor, statfs } from './file-system/space.ts';
export { appendFile, copyFile, open, writeFile } from './file-system/writing.ts';

/** A mode of copyFile, which no page needs. */
export const shareSpace = 0;
