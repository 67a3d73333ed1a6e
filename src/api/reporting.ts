/** @file `writeReport`: what sweeps found, as a page and as Markdown. */
import * as z from 'zod';
import {
  type ReportFiles,
  type ReportOptions,
  writeReport as write,
} from '../experiments/report/write-report.ts';
import { checked, named } from './call/checked.ts';

/**
 * Writes `index.html` into a folder, and the Markdown with its figures. The same results give the same bytes.
 *
 * @throws ConfigError OUT_EXISTS where something else than a report would be replaced
 * @throws DataError RESULTS_FILE, RESULTS_CONTRADICTION, RESULTS_TWICE or SHEET_SIZE naming the file
 * @example
 * ```ts
 * const { file } = await sweep({ spec: 'experiments/mine.yaml' });
 * const { page } = await writeReport({ results: [file], out: 'report' });
 * ```
 */
export async function writeReport(options: ReportOptions): Promise<ReportFiles> {
  const { page, markdown, figures } = await write(checked(schema, options, 'a report'));
  return { page, markdown, figures };
}

const schema = z.strictObject({
  results: z.array(named).min(1),
  out: named,
  title: z.string().optional(),
  markdown: named.optional(),
});
