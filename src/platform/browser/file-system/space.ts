/** @file The space that a browser gives a page, and what it takes away again. */
import type { FileSystem } from '../../file-system.ts';
import { contentIds, removeContents, takeSpace } from './contents.ts';
import { type Named, withNames, withoutNames } from './names.ts';

/** How to have more room where there is too little. */
export const moreSpace =
  'remove models and runs that this page keeps, or free some of the disk, of which a browser gives a page a share; a page that may keep its files for good (navigator.storage.persist()) may have a larger one';

/**
 * Bytes that may be written, as far as so many are wanted. What a browser tells is no more than a bound, the same for
 * everybody; so the space is taken for a moment.
 */
export async function roomFor(path: string, wanted: number): Promise<number> {
  const { bavail } = await statfs(path);
  return bavail < wanted ? bavail : await takeSpace(wanted);
}

export const statfs: FileSystem['statfs'] = async () => {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return { bavail: Math.max(0, quota - usage), bsize: 1 };
};

/**
 * Makes names and contents agree: removes contents that lost their name when a tab was closed at that moment, and names
 * of files whose content the browser has removed.
 *
 * @returns the paths of those files
 */
export async function agreeContents(): Promise<readonly string[]> {
  // Names first: a file gets its size when its content is there.
  const named = await withNames('readonly', (names) => names.under('/'));
  const ids = await contentIds();
  await removeContents(await withNames('readonly', (names) => withoutNames(names, ids)));
  const there = new Set(ids);
  const isGone = ({ content, size }: Named) =>
    content !== undefined && size > 0 && !there.has(content);
  return await withNames('readwrite', async (names) => {
    const gone: string[] = [];
    for (const { path, content } of named.filter(isGone)) {
      if ((await names.find(path))?.content !== content) continue;
      await names.remove(path);
      gone.push(path);
    }
    return gone;
  });
}
