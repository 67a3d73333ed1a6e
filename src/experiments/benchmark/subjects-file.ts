/** @file A file that lists subjects, each with the folder of its real pictures. */
import * as z from 'zod';
import { DataError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { type SubjectType, subjectTypes } from '../../metrics/prompts.ts';
import { dirname, resolve } from '../../platform/paths.ts';
import { readJson } from '../../storage/files/json-file.ts';
import { isPathName, pathNameRule } from '../../storage/files/path-inside.ts';
import type { BenchmarkSubject } from './benchmark.ts';
import { pictureFiles } from './picture-files.ts';

const subjectsSchema = z
  .array(
    z.looseObject({
      /** Also names folders of runs and pictures. */
      name: z.string().refine(isPathName, `expected ${pathNameRule}`),
      class: z.string().min(1),
      type: z.enum(subjectTypes).default('object'),
      /** As the prompts were typed; the class where not given. */
      subject: z.string().min(1).optional(),
      /** Folder of the real pictures, from the file's. */
      images: z.string().min(1),
    }),
  )
  .min(1);

/** A subject of which nothing but its entry has been read. */
export interface ListedSubject {
  readonly name: string;
  readonly className: string;
  readonly type: SubjectType;
  readonly phrase: string;
  /** Of the real pictures. */
  readonly folder: string;
}

/** Entries that readSubjectsFile() reads back, once they are JSON. */
export type SubjectEntries = z.input<typeof subjectsSchema>;

/**
 * Reads the list; the folders are not looked at.
 *
 * @throws DataError SUBJECTS_FILE
 */
export async function readSubjectsFile(path: string): Promise<readonly ListedSubject[]> {
  const found = await readJson(path, 'list of subjects');
  const parsed = subjectsSchema.safeParse(found);
  if (!parsed.success) {
    throw new DataError(
      'SUBJECTS_FILE',
      `${path}: expected a list such as [{ "name": "dog6", "class": "dog", "type": "live", "subject": "sks dog", "images": "dog6" }]: ${schemaProblems(subjectsSchema, found, parsed.error)}`,
    );
  }
  return parsed.data.map(({ name, class: className, type, subject = className, images }) => {
    const folder = resolve(dirname(path), images);
    return { name, className, type, phrase: subject, folder };
  });
}

/**
 * The subjects with the files of their real pictures.
 *
 * @param note hears what of their folders is left out
 * @throws DataError where a folder is missing or holds no picture
 */
export async function withPictures(
  subjects: readonly ListedSubject[],
  note?: (message: string) => void,
): Promise<readonly BenchmarkSubject[]> {
  return await Promise.all(
    subjects.map(async ({ folder, ...subject }) => ({
      ...subject,
      images: await pictureFiles(folder, note),
    })),
  );
}
