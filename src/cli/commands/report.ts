/** @file `krona report`: results of sweeps as one page and as Markdown. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { ConfigError } from '../../base/errors.ts';
import { formatPlural } from '../../base/quantities.ts';
import { type WrittenReport, writeReport } from '../../experiments/report/write-report.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { kindOfPath } from '../../storage/path-kind.ts';
import { addAction, type Work } from '../shell/action.ts';
import type { Terminal } from '../shell/terminal.ts';
import { formatFacts } from '../words/table.ts';

const examples = `
Examples:
  krona report experiments/results --out report
  krona report fig7.pocket.json table3.pocket.json --out report --title "KronA on the bundled model"
  krona report experiments/results --out report --markdown docs/results.md

The page, index.html, is one file with everything in it: tables, charts, pictures with their settings, and every claim
of the paper with what the numbers say of it. The Markdown has the same, its figures in the folder "figures" beside it.
`;

interface ReportFlags {
  readonly out: string;
  readonly title?: string;
  readonly markdown?: string;
}

/** Gives the command its options and its action. */
export function addReport(command: Command, terminal: Terminal): void {
  command
    .description(
      'Reads what sweeps found and writes one self-contained page and a Markdown document: the same results, the same bytes.',
    )
    .argument('<results...>', 'results files of krona sweep, or folders of them')
    .addHelpText('after', examples)
    .requiredOption('--out <dir>', 'folder for the page')
    .option('--title <text>', 'title of the page')
    .option('--markdown <file>', 'file for the Markdown; report.md in the folder by default');
  addAction(command, terminal, { json: 'result', without: ['offline', 'quiet'] }, report);
}

async function report(
  work: Work,
  paths: readonly string[],
  { out, title, markdown }: ReportFlags,
): Promise<void> {
  const results = (await Promise.all(paths.map(resultsAt))).flat();
  const written = await writeReport({ results, out, title, markdown });
  work.out({ text: textOf(written), value: jsonOf(written) });
}

/** The file itself, or all of a folder, "fig8" before "fig10". */
async function resultsAt(path: string): Promise<readonly string[]> {
  if ((await kindOfPath(path)) !== 'folder') return [path];
  const names = (await namesIn(path)).filter((name) => name.endsWith('.json'));
  if (names.length === 0) {
    throw new ConfigError(
      'NO_RESULTS',
      `${path} holds no results (.json); run krona sweep first, or name another folder`,
    );
  }
  const { compare } = new Intl.Collator('en', { numeric: true });
  return [...names].sort(compare).map((name) => join(path, name));
}

function textOf({ page, markdown, figures }: WrittenReport): string {
  return formatFacts([
    ['page', page],
    ['markdown', `${markdown}, ${formatPlural(figures.length, 'figure')} beside it`],
  ]);
}

function jsonOf({ experiments, ...files }: WrittenReport) {
  const claims = experiments.flatMap(({ name, claims: judged }) =>
    judged.map(({ claim, verdict, statement, ...found }) => ({
      sweep: name,
      ...claim,
      verdict,
      statement,
      ...found,
    })),
  );
  return { type: 'report', ...files, claims };
}
