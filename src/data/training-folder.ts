/** @file A folder of training pictures: captions beside them, and how often each is shown. */
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { DataError } from '../base/errors.ts';
import { readTextIfPresent } from '../storage/text-file.ts';
import type { Image } from './image.ts';
import { type ImageFolder, readImageFolder, type Skipped } from './image-folder.ts';

export interface TrainingFolderOptions {
  /** Whether `dog1.txt` is the caption of `dog1.jpg`. */
  readonly captions: boolean;
  /** How often a picture is shown in an epoch where its folder's name does not say. */
  readonly repeats: number;
}

/** A picture of a training folder. */
export interface TrainingPicture<Prepared> {
  /** Relative to the folder. */
  readonly name: string;
  readonly image: Prepared;
  readonly caption: string | undefined;
  readonly repeats: number;
}

export interface TrainingFolder<Prepared> {
  readonly pictures: readonly TrainingPicture<Prepared>[];
  readonly skipped: readonly Skipped[];
}

/** kohya's convention: the pictures of `10_dog` are shown ten times in an epoch. */
const numbered = /^([1-9]\d*)_/;

/**
 * Reads a folder of training pictures and its sub-folders named like `10_dog`.
 *
 * @throws DataError as readImageFolder(), or CAPTION_EMPTY; FormatError TEXT_ENCODING where a caption is not UTF-8
 */
export async function readTrainingFolder<Prepared>(
  folder: string,
  options: TrainingFolderOptions,
  prepare: (image: Image) => Prepared,
): Promise<TrainingFolder<Prepared>> {
  const inside = await numberedFolders(folder);
  const pictures: TrainingPicture<Prepared>[] = [];
  const skipped: Skipped[] = [];
  for (const part of ['', ...inside]) {
    const path = join(folder, part);
    const repeats = repeatsOf(part === '' ? basename(path) : part) ?? options.repeats;
    // Beside numbered folders there need not be pictures.
    const isOptional = part === '' && inside.length > 0;
    const found = isOptional
      ? await unlessEmpty(readImageFolder(path, prepare))
      : await readImageFolder(path, prepare);
    if (found === undefined) continue;
    for (const { path: file, image } of found.images) {
      const caption = options.captions ? await captionOf(file) : undefined;
      pictures.push({ name: join(part, basename(file)), image, caption, repeats });
    }
    const used = found.images.map((picture) => captionPath(picture.path));
    for (const each of found.skipped) {
      if (inside.includes(each.name)) continue;
      if (options.captions && used.includes(join(path, each.name))) continue;
      skipped.push({ ...each, name: join(part, each.name) });
    }
  }
  return { pictures, skipped };
}

function repeatsOf(name: string): number | undefined {
  const found = numbered.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

async function numberedFolders(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && numbered.test(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch {
    return []; // readImageFolder() says what is wrong with the folder
  }
}

async function unlessEmpty<Prepared>(
  reading: Promise<ImageFolder<Prepared>>,
): Promise<ImageFolder<Prepared> | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof DataError && error.code === 'NO_IMAGES') return undefined;
    throw error;
  }
}

function captionPath(picture: string): string {
  return `${picture.slice(0, -extname(picture).length)}.txt`;
}

/** The text beside a picture, in one line; undefined where there is none. */
async function captionOf(picture: string): Promise<string | undefined> {
  const path = captionPath(picture);
  const text = await readTextIfPresent(path);
  if (text === undefined) return undefined;
  const caption = text.trim().replaceAll(/\s+/g, ' ');
  if (caption !== '') return caption;
  throw new DataError(
    'CAPTION_EMPTY',
    `${path} is empty; write the picture's caption into it, or remove it to use the prompt`,
  );
}
