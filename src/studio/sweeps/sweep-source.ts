/** @file A sweep as a page gives it, made into the files that the command runs: data sets become folders, and no path comes in. */
import * as z from 'zod';
import { ConfigError } from '../../base/errors.ts';
import { schemaProblems } from '../../base/messages/schema-problems.ts';
import { isRecord } from '../../base/record.ts';
import { pocketPrompts, pocketSubjects } from '../../data/pocket.ts';
import { readDreamBench } from '../../experiments/benchmark/dreambench.ts';
import { phraseOf } from '../../experiments/benchmark/protocol.ts';
import type { SubjectEntries } from '../../experiments/benchmark/subjects-file.ts';
import { parseYaml } from '../../formats/yaml-text.ts';
import { subjectTypes } from '../../metrics/prompts.ts';
import { isFamilyName } from '../../models/families.ts';
import { datasetFolder } from '../datasets/dataset-folders.ts';
import { recordOf } from '../datasets/dataset-look.ts';
import { requireNoPaths, requirePageModels } from '../work/page-settings.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { sweepNames } from './sweep-folders.ts';

/** Texts by the names of their files. */
export type SweepFiles = Readonly<Record<string, string>>;

const datasetStart = 'dataset:';

const subjectSchema = z.strictObject({
  images: z.string().startsWith(datasetStart, 'expected "dataset:" and the id of a data set'),
  name: z.string().min(1).max(100).optional(),
  class: z.string().min(1).max(100).optional(),
  type: z.enum(subjectTypes).optional(),
  subject: z.string().min(1).max(200).optional(),
});
const subjectsSchema = z.array(subjectSchema).min(1).max(1000);
type GivenSubject = z.output<typeof subjectSchema>;

/**
 * The files of a sweep.
 *
 * @throws ConfigError SWEEP_FILE of what is no YAML, PATH_FROM_PAGE, NOT_HERE of a data set
 */
export async function sweepFiles(source: string, work: WorkFolder): Promise<SweepFiles> {
  const content = parseYaml(source, refuse);
  if (!isRecord(content)) throw refuse('expected a sweep as "name: value" lines');
  await requireNoPlaces(content);
  const { benchmark } = content;
  if (!Array.isArray(benchmark)) return { [sweepNames.sweep]: source };
  const parsed = subjectsSchema.safeParse(benchmark);
  if (!parsed.success) {
    throw refuse(`benchmark: ${schemaProblems(subjectsSchema, benchmark, parsed.error)}`);
  }
  const subjects: SubjectEntries = [];
  for (const given of parsed.data) subjects.push(await entryOf(given, work));
  const isPocket = (content.base ?? 'pocket') === 'pocket';
  const prompts = isPocket ? await pocketPrompts() : (await readDreamBench()).prompts;
  const { object, live } = prompts;
  return {
    [sweepNames.source]: source,
    [sweepNames.sweep]: jsonOf({ ...content, benchmark: sweepNames.subjects }),
    [sweepNames.subjects]: jsonOf(subjects),
    [sweepNames.prompts]: jsonOf({ object, live }),
  };
}

/** A subject with the folder of its pictures; what it is, its data set may know. */
async function entryOf(given: GivenSubject, work: WorkFolder): Promise<SubjectEntries[number]> {
  const id = given.images.slice(datasetStart.length);
  const dataset = await datasetFolder(work, id);
  const { folder } = dataset;
  const known = (await pocketSubjects()).find((subject) => subject.folder === folder);
  const name = known?.name ?? id;
  const className = given.class ?? (await recordOf(dataset)).className;
  if (className === undefined) {
    throw refuse(`benchmark: "${given.images}" needs a \`class\`: one word for what it shows`);
  }
  return {
    ...{ name: given.name ?? name, class: className, images: folder },
    type: given.type ?? known?.type ?? 'object',
    subject: given.subject ?? phraseOf(className),
  };
}

/** @throws ConfigError PATH_FROM_PAGE */
async function requireNoPlaces(content: Readonly<Record<string, unknown>>): Promise<void> {
  const { base, benchmark, cases, ...others } = content;
  // A family is one of the hub's models, or its configurations alone.
  const model = isFamilyName(String(base)) ? {} : { base };
  const models = ['base', 'clip', 'dino'];
  requireNoPaths(others, ['extends']);
  await requirePageModels({ ...others, ...model }, models);
  if (!(benchmark === undefined || benchmark === 'pocket' || Array.isArray(benchmark))) {
    throw new ConfigError(
      'PATH_FROM_PAGE',
      '`benchmark`: expected "pocket", or a list of subjects such as { images: "dataset:ID", class: dog }; pictures of other benchmarks are added as data sets',
    );
  }
  const listed: readonly unknown[] = Array.isArray(cases) ? cases : [];
  for (const each of listed.filter(isRecord)) {
    requireNoPaths(each, ['pictures']);
    await requirePageModels(each);
  }
}

function refuse(problem: string): ConfigError {
  return new ConfigError('SWEEP_FILE', problem);
}

function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
