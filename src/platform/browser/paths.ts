/** @file Paths of the files that a page has: absolute ones, with forward slashes. */
import { resolve as resolved } from 'pathe';

export { basename, dirname, extname, isAbsolute, join, relative } from 'pathe';

export const sep = '/';

/** Relative paths begin at the root. */
export function resolve(...parts: string[]): string {
  return resolved('/', ...parts);
}

/** Where the files of the package are found, as if they lay in a folder. */
export const packageFolder = '/package';

/**
 * A file or folder that comes with the package.
 *
 * @param path from the package's folder, with forward slashes: `models/pocket`
 */
export function packageFile(path: string): string {
  return `${packageFolder}/${path}`;
}
