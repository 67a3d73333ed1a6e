/** @file A folder for what can be computed again: found by the environment, kept within a size. */
import { stat, utimes } from '../platform/files.ts';
import { homedir, operatingSystem } from '../platform/machine.ts';
import { join, resolve } from '../platform/paths.ts';
import { systemCodeOf } from './file-errors.ts';
import { namesIn, removeFile } from './files/folders.ts';

/**
 * The folder: `KRONA_CACHE`, else `diffusekrona` in `XDG_CACHE_HOME`, else in `~/.cache` (Windows: `LOCALAPPDATA`).
 *
 * @param environment such as `process.env`
 */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const own = environment.KRONA_CACHE?.trim();
  if (own) return resolve(own);
  const usual = operatingSystem === 'win32' ? environment.LOCALAPPDATA : undefined;
  const caches = environment.XDG_CACHE_HOME?.trim() || usual || join(homedir(), '.cache');
  return resolve(caches, 'diffusekrona');
}

/**
 * Says that a file of a cache was of use, so that it stays longest.
 *
 * @param now milliseconds since 1970
 */
export async function markUsed(path: string, now: number): Promise<void> {
  // A cache that others own may be read only.
  await utimes(path, now / 1000, now / 1000).catch(() => {});
}

/**
 * Removes the files that were used longest ago until what is left fits.
 *
 * @param kept files that stay whatever their size
 * @param mostFiles how many stay at most
 */
export async function trimCache(
  folder: string,
  largestBytes: number,
  kept: ReadonlySet<string>,
  mostFiles = Number.POSITIVE_INFINITY,
): Promise<void> {
  const files = await Promise.all(
    (await namesIn(folder)).map((name) => sizeAndTime(join(folder, name))),
  );
  const known = files.filter((file) => file !== undefined).sort((a, b) => b.time - a.time);
  let bytes = 0;
  for (const [place, { path, size }] of known.entries()) {
    bytes += size;
    const isBeyond = bytes > largestBytes || place >= mostFiles;
    if (isBeyond && !kept.has(path)) await removeFile(path);
  }
}

/** Undefined of what another process removed meanwhile. */
async function sizeAndTime(path: string) {
  try {
    const { size, mtimeMs } = await stat(path);
    return { path, size, time: mtimeMs };
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
