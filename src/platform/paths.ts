/** @file Paths of files, as this system writes them, and where the package's own files lie. */
import { fileURLToPath } from 'node:url';

export { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/**
 * A file or folder that comes with the package.
 *
 * @param path from the package's folder, with forward slashes: `models/pocket`
 */
export function packageFile(path: string): string {
  // Two levels above this file, in the sources and in the built package alike.
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
