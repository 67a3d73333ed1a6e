/** @file The id of a new sweep, which is the name of its folder: its title in letters that every system takes. */
import { freeName } from '../work/plain-name.ts';

/** Characters of the part that is for people. */
const longestName = 48;
/** Where the page makes a new one. */
const reserved = 'new';

/** @param taken names that are there already */
export function newSweepId(title: string, taken: readonly string[]): string {
  const plain =
    title
      .normalize('NFC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
      .slice(0, longestName)
      .replace(/^-+|-+$/g, '') || 'sweep';
  return freeName(plain, [reserved, ...taken]);
}
