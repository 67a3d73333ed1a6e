/** @file A benchmark by its name, or from a file that lists subjects. */
import { ConfigError, DataError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';
import { type PromptLists, readPromptLists } from '../../metrics/prompts.ts';
import { dirname, join } from '../../platform/paths.ts';
import { namesIn } from '../../storage/files/folders.ts';
import type { Benchmark } from './benchmark.ts';
import { checkDreamBench } from './check-dreambench.ts';
import { chosenSubjects } from './chosen-subjects.ts';
import { readDreamBench } from './dreambench.ts';
import { findingLines, isFault } from './dreambench-findings.ts';
import { openPocketBench } from './pocketbench.ts';
import { phraseOf } from './protocol.ts';
import { readSubjectsFile, withPictures } from './subjects-file.ts';

export interface BenchmarkOptions {
  /** The user's copy of the pictures, for a benchmark that does not come with any; others leave it aside. */
  readonly pictures?: string | undefined;
  /** Names of those wanted; only their pictures need be there. @default all */
  readonly subjects?: readonly string[] | undefined;
  /**
   * For a file of subjects: the file of its prompts; false where they come from elsewhere.
   *
   * @default prompts.json or prompts.txt beside it
   */
  readonly prompts?: string | false | undefined;
}

/** Whether a name is that of a benchmark, not of a file. */
export function isBenchmarkName(name: string): boolean {
  return named.has(name);
}

const named: ReadonlyMap<string, (options: BenchmarkOptions) => Promise<Benchmark>> = new Map([
  ['pocket', openPocket],
  ['dreambench', openDreamBench],
]);

/**
 * Opens a benchmark.
 *
 * @param name `pocket`, `dreambench`, or the path of a JSON file as `krona evaluate --subjects` reads it
 * @throws ConfigError BENCHMARK_UNKNOWN, SUBJECT_UNKNOWN, DREAMBENCH_FOLDER, PROMPTS_MISSING, SETTING_UNUSED
 * @throws DataError DREAMBENCH_PICTURES, SUBJECTS_FILE and others where files are not as they should be
 */
export async function openBenchmark(
  name: string,
  options: BenchmarkOptions = {},
): Promise<Benchmark> {
  const open = named.get(name);
  if (open === undefined) return await openFile(name, options);
  if (!options.prompts) return await open(options);
  throw new ConfigError(
    'SETTING_UNUSED',
    `prompts: ${name} has prompts of its own; leave it out, or list the subjects in a JSON file to give them others`,
  );
}

/**
 * A benchmark to plan with: as openBenchmark, but the pictures of DreamBench need not be there.
 *
 * @throws as openBenchmark
 */
export async function outlineBenchmark(
  name: string,
  options: BenchmarkOptions = {},
): Promise<Benchmark> {
  if (name !== 'dreambench' || options.pictures !== undefined) {
    return await openBenchmark(name, options);
  }
  const { subjects, prompts } = await readDreamBench();
  const outlined = subjects.map(({ name: subject, className, type, pictures }) => ({
    ...{ name: subject, className, type, phrase: phraseOf(className) },
    images: Array.from({ length: pictures }, (_, i) => `${subject}/${i + 1}`),
  }));
  return { name, subjects: chosenSubjects(outlined, options.subjects, name), prompts };
}

async function openPocket({ subjects }: BenchmarkOptions): Promise<Benchmark> {
  const bench = await openPocketBench();
  return { ...bench, subjects: chosenSubjects(bench.subjects, subjects, bench.name) };
}

async function openDreamBench({ pictures, subjects }: BenchmarkOptions): Promise<Benchmark> {
  if (pictures === undefined) {
    throw new ConfigError(
      'DREAMBENCH_FOLDER',
      'dreambench: expected the folder of your copy of its pictures, got none; fetch them and give the folder as `pictures`',
    );
  }
  const check = await checkDreamBench(pictures, { subjects, decode: false });
  if (check.findings.some(isFault)) {
    throw new DataError(
      'DREAMBENCH_PICTURES',
      [
        `${check.root}: expected the pictures of DreamBench, a folder for each subject; fetch what is missing or name the subjects wanted. Found:`,
        ...findingLines(check),
      ].join('\n  '),
      { details: { folder: pictures } },
    );
  }
  const { prompts } = await readDreamBench();
  return {
    name: 'dreambench',
    subjects: check.complete.map(({ name, className, type, images }) => {
      return { name, className, type, phrase: phraseOf(className), images };
    }),
    prompts,
  };
}

async function openFile(path: string, options: BenchmarkOptions): Promise<Benchmark> {
  if (!/\.json$|[/\\]/i.test(path)) {
    throw new ConfigError(
      'BENCHMARK_UNKNOWN',
      `expected ${[...named.keys()].join(', ')} or a JSON file that lists subjects, got "${path}"${didYouMean(path, named.keys())}`,
    );
  }
  const listed = await readSubjectsFile(path);
  const prompts = await promptsOf(path, options.prompts);
  const subjects = await withPictures(chosenSubjects(listed, options.subjects, path));
  return { name: path, subjects, prompts };
}

async function promptsOf(path: string, given: BenchmarkOptions['prompts']): Promise<PromptLists> {
  if (given === false) return { object: [], live: [] };
  const folder = dirname(path);
  const names = await namesIn(folder);
  const beside = ['prompts.json', 'prompts.txt'].find((name) => names.includes(name));
  const file = given ?? (beside === undefined ? undefined : join(folder, beside));
  if (file !== undefined) return await readPromptLists(file);
  throw new ConfigError(
    'PROMPTS_MISSING',
    `${path}: expected its prompts beside it, in prompts.json or prompts.txt, found neither; write one with a prompt a line, {} in the place of the subject`,
  );
}
