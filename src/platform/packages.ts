/** @file Packages that may be installed beside this one. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Path of the file that a package begins with. @throws Error with the code MODULE_NOT_FOUND */
export function packageEntry(name: string): string {
  return require.resolve(name);
}

/** What a package exports, loaded at once. @throws Error with the code MODULE_NOT_FOUND */
export function loadPackage(name: string): unknown {
  return require(name);
}
