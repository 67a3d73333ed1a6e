/** @file The bundled pocket model: where it lies, its held-out subjects and its prompts. */
import * as z from 'zod';
import { ConfigError, ModelError } from '../base/errors.ts';
import { schemaProblems } from '../base/messages/schema-problems.ts';
import { didYouMean } from '../base/nearest.ts';
import { parseJson } from '../formats/parse-json.ts';
import { join, packageFile } from '../platform/paths.ts';
import { readText } from '../storage/files/text-file.ts';
import { kindOfPath } from '../storage/path-kind.ts';

const subjectSchema = z.strictObject({
  name: z.string(),
  class: z.string(),
  type: z.enum(['live', 'object']),
  images: z.array(z.string()).min(1),
  backgrounds: z.array(z.string()),
  instance_prompt: z.string(),
  class_prompt: z.string(),
});

const promptsSchema = z.strictObject({
  object: z.array(z.string()).min(1),
  live: z.array(z.string()).min(1),
  note: z.string(),
});

/** A subject the pocket model has never seen, with five pictures. */
export interface PocketSubject {
  readonly name: string;
  /** The class word: "teapot". */
  readonly className: string;
  readonly type: 'live' | 'object';
  /** Folder of the pictures. */
  readonly folder: string;
  /** Absolute paths of the pictures. */
  readonly images: readonly string[];
  readonly instancePrompt: string;
  readonly classPrompt: string;
}

/** Evaluation prompts by type of subject; `{}` stands for the subject phrase. */
export interface PocketPrompts {
  readonly object: readonly string[];
  readonly live: readonly string[];
}

/** The folder of the bundled model. */
export function pocketFolder(): string {
  return packageFile('models/pocket');
}

/** The 40 held-out subjects of `subjects/subjects.json`. */
export async function pocketSubjects(): Promise<PocketSubject[]> {
  const folder = pocketFolder();
  const subjects = await readJson(
    join(folder, 'subjects', 'subjects.json'),
    z.array(subjectSchema),
  );
  return subjects.map((subject) => ({
    name: subject.name,
    className: subject.class,
    type: subject.type,
    folder: join(folder, 'subjects', subject.name),
    images: subject.images.map((image) => join(folder, image)),
    instancePrompt: subject.instance_prompt,
    classPrompt: subject.class_prompt,
  }));
}

/**
 * One of the bundled subjects.
 *
 * @throws ConfigError UNKNOWN_SUBJECT with the names that there are
 */
export async function pocketSubject(name: string): Promise<PocketSubject> {
  const subjects = await pocketSubjects();
  const found = subjects.find((subject) => subject.name === name);
  if (found !== undefined) return found;
  const names = subjects.map((subject) => subject.name);
  throw new ConfigError(
    'UNKNOWN_SUBJECT',
    `there is no bundled subject "${name}"${didYouMean(name, names)} (there are ${names.join(', ')})`,
  );
}

/**
 * The folder that is meant by a name of pictures: of `pocket/teapot`, where no such folder is there, the bundled
 * subject's; of all else, itself.
 *
 * @throws ConfigError UNKNOWN_SUBJECT
 */
export async function picturesFolder(name: string): Promise<string> {
  const [, subject] = /^pocket\/(\w+)$/.exec(name) ?? [];
  if (subject === undefined || (await kindOfPath(name)) !== 'nothing') return name;
  return (await pocketSubject(subject)).folder;
}

/** The 25 + 25 prompts of `prompts.json`. */
export async function pocketPrompts(): Promise<PocketPrompts> {
  const { object, live } = await readJson(join(pocketFolder(), 'prompts.json'), promptsSchema);
  return { object, live };
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const found = parseJson(await readText(path));
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data;
  throw new ModelError(
    'POCKET_DAMAGED',
    `${path} is damaged: ${schemaProblems(schema, found, parsed.error)}; install the package again`,
  );
}
