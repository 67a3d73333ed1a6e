/** @file Texts beside the pictures of a data set, in the files where a training looks for them. */
import { FormatError } from '../../base/errors.ts';
import { requireKnownPlaces } from '../../base/subject-template.ts';
import { stemOf } from '../../data/skip-reason.ts';
import { captionLine, captionNames } from '../../data/training-folder.ts';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { namesIn, removeFile } from '../../storage/files/folders.ts';
import { readTextIfPresent } from '../../storage/files/text-file.ts';

/**
 * The text beside a picture; undefined where there is none, or an empty one.
 *
 * @param names of the folder's files
 * @throws FormatError TEXT_ENCODING
 */
export async function readCaption(
  folder: string,
  picture: string,
  names: readonly string[],
): Promise<string | undefined> {
  const [name] = captionFiles(picture, names);
  const text = name === undefined ? undefined : await readTextIfPresent(join(folder, name));
  const line = captionLine(text ?? '');
  return line === '' ? undefined : line;
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
