/** @file Files that were made to be downloaded can be made again: the latest are kept. */
import { stat } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { namesIn, removeFolder } from '../../storage/files/folders.ts';
import { isTemporaryName } from '../../storage/files/temporary.ts';

const mostKept = 20;

/** Removes the oldest, so that with one more there are not too many. */
export async function keepLatestDownloads(downloads: string): Promise<void> {
  const names = (await namesIn(downloads)).filter((name) => !isTemporaryName(name));
  const folders = names.map(async (name) => {
    const path = join(downloads, name);
    return { path, made: (await stat(path)).mtimeMs };
  });
  const latest = (await Promise.all(folders)).sort((a, b) => b.made - a.made);
  for (const { path } of latest.slice(mostKept - 1)) await removeFolder(path);
}
