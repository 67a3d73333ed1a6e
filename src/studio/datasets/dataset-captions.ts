/** @file Texts of the pictures of a data set, in the files where a training looks for them. */
import { DataError, FormatError } from '../../base/errors.ts';
import { requireKnownPlaces } from '../../base/subject-template.ts';
import { type CaptionLists, captionLists } from '../../data/captions/caption-lists.ts';
import { metadataFile } from '../../data/captions/metadata-captions.ts';
import { stemOf } from '../../data/skip-reason.ts';
import { captionLine, captionNames } from '../../data/training-folder.ts';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { namesIn, removeFile } from '../../storage/files/folders.ts';
import { readTextIfPresent } from '../../storage/files/text-file.ts';

/** Where the texts of a folder's pictures may be. */
export interface CaptionPlaces {
  readonly folder: string;
  /** Of its files. */
  readonly names: readonly string[];
  /** Undefined where they cannot be read. */
  readonly lists: CaptionLists | undefined;
}

/**
 * The text of a picture, that beside it before that of a list; undefined where there is none, or an empty one.
 *
 * @throws FormatError TEXT_ENCODING
 */
export async function readCaption(
  picture: string,
  { folder, names, lists }: CaptionPlaces,
): Promise<string | undefined> {
  const [name] = captionFiles(picture, names);
  const text =
    name === undefined ? lists?.take(picture) : await readTextIfPresent(join(folder, name));
  const line = captionLine(text ?? '');
  return line === '' ? undefined : line;
}

/** The lists of a folder, as a training reads them. @throws FormatError METADATA_INVALID, TEXT_ENCODING */
export async function listsOf(folder: string): Promise<CaptionLists> {
  return await captionLists(folder, []);
}

/**
 * Refuses to take away the text of a picture that a list has, which would be its text still.
 *
 * @throws DataError CAPTION_LISTED; FormatError as listsOf()
 */
export async function requireUnlisted(folder: string, pictures: readonly string[]): Promise<void> {
  const lists = await listsOf(folder);
  const listed = pictures.find((picture) => lists.take(picture) !== undefined);
  if (listed === undefined) return;
  throw new DataError(
    'CAPTION_LISTED',
    `${listed}: its caption stands in ${metadataFile}, which is left as it is; write another one, which comes before it, or remove its line there`,
    { details: { name: listed } },
  );
}

/** @throws ConfigError UNKNOWN_PLACEHOLDER, with which no training would begin */
export function requireCaption(text: string): void {
  requireKnownPlaces(captionLine(text), 'the caption');
}

/** Writes the text beside a picture; an empty one removes it. @throws as requireCaption() */
export async function writeCaption(folder: string, picture: string, text: string): Promise<void> {
  const line = captionLine(text);
  requireCaption(line);
  const files = captionFiles(picture, await namesIn(folder));
  if (line === '') {
    for (const name of files) await removeFile(join(folder, name));
    return;
  }
  const [name = `${stemOf(picture)}.txt`] = files;
  await writeFileAtomic(join(folder, name), `${line}\n`);
}

/** Files that hold the text of a picture, the one that is read first. */
export function captionFiles(picture: string, names: readonly string[]): readonly string[] {
  return captionNames(picture, names).filter((name) => names.includes(name));
}

/** What is wrong with a text, where it is its letters. @throws what else it is */
export function captionProblem(error: unknown): FormatError {
  if (error instanceof FormatError) return error;
  throw error;
}
