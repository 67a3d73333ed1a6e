/** @file Ids of what lies in the work folder. A page sends ids, never paths: each is looked for in a fresh listing. */
import { createHash } from '../../platform/hashes.ts';

/** Characters of the part that is for people. */
const longestName = 60;

/**
 * The id of what lies at a path: `dog-3f9a1c7e`, the same as long as it is not moved.
 *
 * @param relativePath from the work folder, with forward slashes
 * @param name that people know it by
 */
export function listedId(relativePath: string, name: string): string {
  const hash = createHash('sha256').update(relativePath).digest('hex').slice(0, 8);
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .slice(0, longestName);
  return `${plain}-${hash}`;
}
