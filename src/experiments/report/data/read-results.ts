/** @file Reads a results file with what lies beside it, and refuses one that contradicts itself. */
import type * as z from 'zod';
import { DataError } from '../../../base/errors.ts';
import { basename, dirname, join } from '../../../platform/paths.ts';
import { readJson } from '../../../storage/files/json-file.ts';
import { resultsSchema, type SweepResults } from '../../sweep/run/results.ts';

/** Results and where they were read. */
export interface ResultsFile {
  readonly path: string;
  /** Thumbnails, where the results have some. */
  readonly sheetPath: string | undefined;
  readonly results: SweepResults;
}

/**
 * Reads one results file.
 *
 * @throws DataError RESULTS_FILE where it is none, RESULTS_CONTRADICTION where its parts do not fit together
 */
export async function readResults(path: string): Promise<ResultsFile> {
  const parsed = resultsSchema.safeParse(await readJson(path, 'results of a sweep'));
  if (!parsed.success) {
    throw new DataError(
      'RESULTS_FILE',
      `${path}: expected results as sweeps write them, found other JSON: ${firstIssues(parsed.error)}; give results files, or a folder that holds only such`,
    );
  }
  const { data } = parsed;
  const contradiction = contradictionOf(data);
  if (contradiction !== undefined) {
    throw new DataError(
      'RESULTS_CONTRADICTION',
      `${path}: ${contradiction}; the file was cut or edited: let the sweep write it again`,
    );
  }
  const sheetPath = data.sheet && join(dirname(path), `${basename(path, '.json')}.webp`);
  return { path, sheetPath, results: data };
}

/**
 * Reads several, in order.
 *
 * @throws DataError RESULTS_TWICE where two are of the same sweep
 */
export async function readAllResults(paths: readonly string[]): Promise<readonly ResultsFile[]> {
  const files = await Promise.all(paths.map(readResults));
  for (const [i, { path, results }] of files.entries()) {
    const before = files.slice(0, i).find((other) => other.results.name === results.name);
    if (before === undefined) continue;
    throw new DataError(
      'RESULTS_TWICE',
      `${path} and ${before.path} are both results of "${results.name}"; give only one of them`,
    );
  }
  return files;
}

/** The first few, one line each. */
function firstIssues(error: z.ZodError): string {
  const issues = error.issues.slice(0, 3).map(({ path, message }) => {
    const at = path.join('.');
    return at === '' ? message : `${at}: ${message}`;
  });
  return issues.join(', ');
}

function contradictionOf(results: SweepResults): string | undefined {
  const { variants, subjects, cells, sheet } = results;
  for (const cell of [...cells, ...(sheet?.pictures ?? [])]) {
    if (variants[cell.variant] === undefined) {
      return `"${cell.key}" is of variant ${cell.variant}, there are ${variants.length}`;
    }
    if (!subjects.some(({ name }) => name === cell.subject)) {
      return `"${cell.key}" is of subject "${cell.subject}", which is not listed`;
    }
  }
  for (const { key, subject, prompts } of cells) {
    const expected = subjects.find(({ name }) => name === subject)?.prompts.length ?? 0;
    if (prompts.length !== expected) {
      return `"${key}" has scores of ${prompts.length} prompts, its subject has ${expected}`;
    }
  }
  for (const { key, subject, prompt } of sheet?.pictures ?? []) {
    const numbers = subjects.find(({ name }) => name === subject)?.prompts ?? [];
    if (!numbers.some(({ number }) => number === prompt)) {
      return `the picture "${key}" is of prompt ${prompt}, which "${subject}" does not have`;
    }
  }
  return undefined;
}
