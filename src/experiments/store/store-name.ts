/** @file Names in a store: the same are possible in every kind of store, and none leads out of it. */
import { DataError } from '../../base/errors.ts';
import { isPathName, pathNameRule } from '../../storage/files/path-inside.ts';

/**
 * Refuses a name that is not parts with slashes between.
 *
 * Keys of tasks are parts of names, and a queue may hand a worker any key.
 *
 * @throws DataError STORE_NAME
 */
export function requireName(name: string): void {
  if (isPathName(name)) return;
  throw new DataError(
    'STORE_NAME',
    `store: ${JSON.stringify(name)} is no name of a result; expected ${pathNameRule}, such as "results/0f3a.json"`,
  );
}

/**
 * Refuses a prefix that does not end in a slash.
 *
 * @throws DataError STORE_NAME
 */
export function requirePrefix(prefix: string): void {
  requireName(prefix.endsWith('/') ? prefix.slice(0, -1) : '');
}
