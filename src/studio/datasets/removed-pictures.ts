/** @file Pictures that were taken out of data sets: kept aside, so that one can change one's mind, until others need the room. */
import { masksBeside } from '../../data/masks/mask-files.ts';
import { stemOf } from '../../data/skip-reason.ts';
import { rename } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { trimCache } from '../../storage/cache-folder.ts';
import { fileError } from '../../storage/file-errors.ts';
import { createFolder, namesIn, removeFolder } from '../../storage/files/folders.ts';
import { notHere } from '../work/not-here.ts';
import { freeName } from '../work/plain-name.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { captionFiles } from './dataset-captions.ts';
import type { DatasetFolder } from './dataset-folders.ts';

/** Bytes kept of a data set; what was removed first goes first. */
const largest = 500e6;

function folderOf({ datasets }: WorkFolder, id: string): string {
  return join(datasets, '.removed', id);
}

/** Puts a picture aside, with its text and masks unless these are another picture's too. */
export async function putAside(
  work: WorkFolder,
  { id, folder }: DatasetFolder,
  picture: string,
): Promise<void> {
  const aside = folderOf(work, id);
  await createFolder(aside);
  const names = await namesIn(folder);
  const texts = filesOf(picture, names);
  const isShared = names.some(
    (name) => name !== picture && stemOf(name) === stemOf(picture) && !texts.includes(name),
  );
  for (const name of [...(isShared ? [] : texts), picture]) {
    await move(join(folder, name), join(aside, name));
  }
  await trimCache(aside, largest, new Set([join(aside, picture)]));
}

/**
 * Brings a picture back with its text and masks, and returns its name.
 *
 * @throws ConfigError NOT_HERE
 */
export async function bringBack(
  work: WorkFolder,
  { id, folder }: DatasetFolder,
  picture: string,
): Promise<string> {
  const aside = folderOf(work, id);
  const names = await namesIn(aside);
  if (!names.includes(picture)) throw notHere('removed picture', picture);
  const free = freeName(picture, await namesIn(folder));
  for (const name of filesOf(picture, names)) {
    const ending = name.slice(stemOf(picture).length);
    const there = await namesIn(folder);
    if (!there.includes(stemOf(free) + ending)) {
      await move(join(aside, name), join(folder, stemOf(free) + ending));
    }
  }
  await move(join(aside, picture), join(folder, free));
  return free;
}

/** Forgets what was put aside of a data set. */
export async function forgetRemoved(work: WorkFolder, id: string): Promise<void> {
  await removeFolder(folderOf(work, id));
}

/** Files that belong to a picture. */
function filesOf(picture: string, names: readonly string[]): readonly string[] {
  return [...captionFiles(picture, names), ...masksBeside(picture, names)];
}

async function move(from: string, to: string): Promise<void> {
  await rename(from, to).catch((cause) => {
    throw fileError('write', from, cause);
  });
}
