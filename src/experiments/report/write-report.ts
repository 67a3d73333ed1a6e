/** @file Turns results of sweeps into a page and a Markdown document. */
import { ConfigError } from '../../base/errors.ts';
import { formatPlural } from '../../base/quantities.ts';
import { required } from '../../base/required.ts';
import { dirname, join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { createFolder } from '../../storage/files/folders.ts';
import { readTextIfPresent } from '../../storage/files/text-file.ts';
import { readPaperClaims } from './data/claims-of-the-paper.ts';
import { type Experiment, experimentOf } from './data/experiment.ts';
import { judgeAll } from './data/paper-claims.ts';
import { readAllResults } from './data/read-results.ts';
import { reportPage } from './html/page.ts';
import { markdownReport } from './markdown/document.ts';
import { methodsHeading } from './words/summary-of-claims.ts';

export interface ReportOptions {
  /** Results files, in the order of the report. */
  readonly results: readonly string[];
  /** Folder of the page. */
  readonly out: string;
  /** @default the title of a single sweep, or how many there are */
  readonly title?: string | undefined;
  /** File of the Markdown, whose figures lie in `figures` beside it. @default report.md in `out` */
  readonly markdown?: string | undefined;
}

/** What was written. */
export interface ReportFiles {
  readonly page: string;
  readonly markdown: string;
  readonly figures: readonly string[];
}

/** The same, and what it says. */
export interface WrittenReport extends ReportFiles {
  readonly experiments: readonly Experiment[];
}

/**
 * Writes `index.html` into the folder, and the Markdown with its figures. The same results give the same bytes.
 *
 * @throws ConfigError OUT_EXISTS where something else than a report would be replaced
 * @throws DataError RESULTS_FILE, RESULTS_CONTRADICTION, RESULTS_TWICE or SHEET_SIZE naming the file
 */
export async function writeReport({
  results,
  out,
  title,
  markdown = join(out, 'report.md'),
}: ReportOptions): Promise<WrittenReport> {
  const page = join(out, 'index.html');
  for (const path of [page, markdown]) await requireReplaceable(path);
  const files = await readAllResults(results);
  const experiments: Experiment[] = [];
  // One after the other: each holds the pictures of its sheet.
  const claims = judgeAll(files.map(({ results: found }) => found));
  for (const [i, file] of files.entries()) {
    experiments.push(await experimentOf(file, required(claims, i)));
  }
  const heading = title ?? usualTitle(experiments);
  const ofPaper = await readPaperClaims();
  const document = await markdownReport(heading, experiments, ofPaper);
  await createFolder(out);
  await writeFileAtomic(page, reportPage(heading, experiments, ofPaper));
  const figures: string[] = [];
  for (const [name, content] of document.figures) {
    const path = join(dirname(markdown), ...name.split('/'));
    await createFolder(dirname(path));
    await writeFileAtomic(path, content);
    figures.push(path);
  }
  await createFolder(dirname(markdown));
  await writeFileAtomic(markdown, document.text);
  return { page, markdown, figures, experiments };
}

/** A report takes the place of an earlier one, and of nothing else. */
async function requireReplaceable(path: string): Promise<void> {
  const text = await readTextIfPresent(path);
  if (text === undefined || text.includes(methodsHeading)) return;
  throw new ConfigError(
    'OUT_EXISTS',
    `${path} is there already and is no report; choose another name or folder`,
  );
}

function usualTitle(experiments: readonly Experiment[]): string {
  const [only] = experiments;
  return only !== undefined && experiments.length === 1
    ? only.title
    : `Results of ${formatPlural(experiments.length, 'sweep')}`;
}
