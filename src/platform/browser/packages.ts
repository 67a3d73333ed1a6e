/** @file Packages that may be installed beside this one: none, in a page. */

/** @throws Error with the code MODULE_NOT_FOUND */
export function packageEntry(name: string): string {
  throw Object.assign(new Error(`a page has no package ${name}`), { code: 'MODULE_NOT_FOUND' });
}

/** @throws Error with the code MODULE_NOT_FOUND */
export function loadPackage(name: string): unknown {
  return packageEntry(name);
}
