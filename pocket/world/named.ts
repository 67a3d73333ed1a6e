/** @file Things of the world by their names. */
import { invariant } from '../../src/base/errors.ts';
import { didYouMean } from '../../src/base/nearest.ts';

/** The one of a list that has this name. @param kind says what the list has, where the name is wrong */
export function named<T extends { readonly name: string }>(
  list: readonly T[],
  name: string,
  kind: string,
): T {
  const found = list.find((one) => one.name === name);
  const known = list.map((one) => one.name);
  invariant(found !== undefined, `the world has no ${kind} "${name}"${didYouMean(name, known)}`);
  return found;
}
