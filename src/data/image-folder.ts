/** @file The pictures of a folder: what counts as one, what is skipped and why. */
import { DataError, SystemError } from '../base/errors.ts';
import { join } from '../platform/paths.ts';
import { fileError, systemCodeOf } from '../storage/file-errors.ts';
import { type FolderEntry, folderEntries } from '../storage/files/folder-entries.ts';
import { readRegularFile } from '../storage/regular-file.ts';
import { decodeImage, type Image } from './image.ts';
import { isPictureName, reasonToSkip, type SkipReason, stemOf } from './skip-reason.ts';

/** A file that is not one of the pictures. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** One of which more is known than its words. */
export interface SkippedEntry extends Skipped, SkipReason {}

export interface ImageFolder<Prepared = Image> {
  /** In natural order: `2.png` before `10.png`. */
  readonly images: { readonly path: string; readonly image: Prepared }[];
  readonly skipped: SkippedEntry[];
}

export interface ListOptions {
  /** Whether a folder without any picture is fine. @default false */
  readonly mayBeEmpty?: boolean;
}

const subFolder: SkipReason = { kind: 'folder', reason: 'a sub-folder; its pictures are not read' };

/** A fixed locale, so that the order does not depend on the machine. */
const naturally = new Intl.Collator('en', { numeric: true });

/**
 * Decodes every picture of a folder; sub-folders are not entered. `prepare` runs on each picture as soon as it is
 * decoded, so that large photographs need not all be held.
 *
 * @throws DataError where the folder is missing, holds no picture, or holds an unreadable one (all are named)
 */
export async function readImageFolder<Prepared>(
  folder: string,
  prepare: (image: Image, name: string) => Prepared,
  options: ListOptions = {},
): Promise<ImageFolder<Prepared>> {
  const { names, skipped } = await listImageFolder(folder, options);
  const images: { path: string; image: Prepared }[] = [];
  const failures: DataError[] = [];
  for (const name of names) {
    const path = join(folder, name);
    try {
      images.push({ path, image: prepare(await decodeImage(await readPicture(path), path), name) });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  if (failures.length === 1 && first !== undefined) throw first;
  if (first !== undefined) {
    throw new DataError(
      first.code,
      [
        `${failures.length} of ${names.length} pictures cannot be used:`,
        ...failures.map((failure) => failure.message),
      ].join('\n  '),
    );
  }
  return { images, skipped };
}

/**
 * What of a folder is a picture by its name, in natural order, and everything else with the reason.
 *
 * @throws DataError where the folder is missing, holds no picture, or one whose name is not UTF-8
 */
export async function listImageFolder(
  folder: string,
  { mayBeEmpty = false }: ListOptions = {},
): Promise<{ names: string[]; skipped: SkippedEntry[] }> {
  const entries = await readFolder(folder);
  requireUtf8Names(folder, entries);
  const stems = new Set(
    entries
      .map(({ name }) => name)
      .filter(isPictureName)
      .map(stemOf),
  );
  const names: string[] = [];
  const skipped: SkippedEntry[] = [];
  for (const { name, isFolder } of entries) {
    const why = isFolder ? subFolder : reasonToSkip(name, stems);
    if (why === undefined) names.push(name);
    else skipped.push({ name, ...why });
  }
  if (names.length === 0 && !mayBeEmpty) throw noPictures(folder, skipped);
  return { names, skipped };
}

/** A picture that is left out would be missed, and one under another name cannot be opened. */
function requireUtf8Names(folder: string, entries: readonly FolderEntry[]): void {
  const damaged = entries.filter(
    ({ name, isFolder, isUtf8 }) => !isUtf8 && !isFolder && isPictureName(name),
  );
  if (damaged.length === 0) return;
  throw new DataError(
    'NAME_ENCODING',
    `${folder}: expected names in UTF-8, found ${damaged.map(({ name }) => `"${name}"`).join(', ')} in another encoding (\\x and its bytes); rename ${damaged.length === 1 ? 'it' : 'them'}`,
  );
}

function noPictures(folder: string, skipped: readonly Skipped[]): DataError {
  const first = skipped.slice(0, 5).map(({ name, reason }) => `${name} (${reason})`);
  const more = skipped.length > first.length ? `, and ${skipped.length - first.length} more` : '';
  const found = skipped.length === 0 ? 'it is empty' : `it holds only ${first.join(', ')}${more}`;
  return new DataError(
    'NO_IMAGES',
    `${folder} holds no picture: ${found}; put 3 to 10 .jpg, .png or .webp pictures of the subject into it`,
  );
}

async function readFolder(folder: string): Promise<FolderEntry[]> {
  try {
    const entries = await folderEntries(folder);
    return entries.sort((a, b) => naturally.compare(a.name, b.name) || (a.name < b.name ? -1 : 1));
  } catch (error) {
    switch (systemCodeOf(error)) {
      case 'ENOENT':
        throw new DataError(
          'FOLDER_MISSING',
          `${folder} does not exist; give the folder that holds the pictures`,
          { cause: error },
        );
      case 'ENOTDIR':
        throw new DataError(
          'NOT_A_FOLDER',
          `${folder} is a file, not a folder; give the folder that holds the pictures`,
          { cause: error },
        );
      default:
        throw fileError('read', folder, error);
    }
  }
}

async function readPicture(path: string): Promise<Uint8Array> {
  try {
    return await readRegularFile(path);
  } catch (error) {
    if (error instanceof SystemError && error.code === 'NOT_A_FILE') {
      throw new DataError(
        'IMAGE_UNREADABLE',
        `${path} is no file (a pipe, a device or a socket, or a link to one); remove it`,
        { cause: error },
      );
    }
    // A folder named like a picture is found through a symbolic link only.
    if (systemCodeOf(error) !== 'EISDIR' && systemCodeOf(error) !== 'ENOENT') {
      throw fileError('read', path, error);
    }
    throw new DataError(
      'IMAGE_UNREADABLE',
      `${path} is a link to no picture file; remove it or link to the picture`,
      { cause: error },
    );
  }
}
