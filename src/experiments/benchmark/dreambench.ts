/** @file DreamBench as data: its subjects, its prompts, and where its pictures are from. The pictures are the user's copy. */
import * as z from 'zod';
import { DataError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { type PromptLists, type SubjectType, subjectTypes } from '../../metrics/prompts.ts';
import { packageFile } from '../../platform/paths.ts';
import { readJson } from '../../storage/files/json-file.ts';

const subjectSchema = z
  .strictObject({
    name: z.string().min(1),
    class: z.string().min(1),
    type: z.enum(subjectTypes),
    pictures: z.number().int().positive(),
  })
  .transform(({ class: className, ...rest }) => ({ ...rest, className }));

const template = z.string().regex(/\{\}/);

const dreamBenchSchema = z.strictObject({
  name: z.string(),
  about: z.string(),
  pictures: z.strictObject({
    source: z.string(),
    hub: z.string(),
    licence: z.string(),
    credits: z.record(z.string(), z.array(z.string()).min(1)),
  }),
  subjects: z.array(subjectSchema).min(1),
  prompts: z.strictObject({
    object: z.array(template).min(1),
    live: z.array(template).min(1),
  }),
});

/** A subject; its pictures lie elsewhere. */
export interface DreamBenchSubject {
  /** Of its folder: "dog6". */
  readonly name: string;
  /** "stuffed animal" */
  readonly className: string;
  readonly type: SubjectType;
  /** How many real pictures there are. */
  readonly pictures: number;
}

/** Where the pictures are from, and who made them. */
export interface DreamBenchSource {
  readonly source: string;
  /** The dataset of the hub: `owner/name`. */
  readonly hub: string;
  readonly licence: string;
  /** Names of subjects by the maker of their pictures. */
  readonly credits: Readonly<Record<string, readonly string[]>>;
}

export interface DreamBench {
  readonly name: string;
  readonly about: string;
  readonly pictures: DreamBenchSource;
  readonly subjects: readonly DreamBenchSubject[];
  /** Templates; `{}` stands for the subject. */
  readonly prompts: PromptLists;
}

const file = packageFile('experiments/dreambench.json');

/**
 * The 30 subjects and 25 + 25 prompts of `experiments/dreambench.json`.
 *
 * @throws DataError DREAMBENCH_DAMAGED
 */
export async function readDreamBench(): Promise<DreamBench> {
  const found = await readJson(file, 'list of subjects');
  const parsed = dreamBenchSchema.safeParse(found);
  if (parsed.success) return parsed.data;
  throw new DataError(
    'DREAMBENCH_DAMAGED',
    `${file} is damaged: ${schemaProblems(dreamBenchSchema, found, parsed.error)}; install the package again`,
  );
}
