/** @file The table of an experiment: every variant with its scores, the paper's beside them, its size and its cost. */
import { median } from '../../../base/numbers/median.ts';
import { formatBytes, formatCount } from '../../../base/quantities.ts';
import { mean } from '../../../metrics/cosine.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Measure } from '../../sweep/spec/spec.ts';
import { measureTitle } from '../charts/variant-points.ts';
import { summarizeVariant, type VariantSummary } from '../statistics/variant-summary.ts';
import { measureWords } from '../words/metric-words.ts';
import { range, score, seconds } from '../words/number-words.ts';
import { type PaperRow, type PaperScore, type PaperTable, rowBeside } from './paper-table.ts';
import {
  noCell,
  type ReportCell,
  type ReportColumn,
  type ReportRow,
  type ReportTable,
} from './report-table.ts';

/** The measures that are means of scores. */
export function scoreMeasures({ spec }: SweepResults): readonly Measure[] {
  return spec.metrics.filter((measure) => measure !== 'parameters');
}

/** Of the bundled model, whose world is a toy and whose encoders know nothing else. */
export function isToy({ spec }: SweepResults): boolean {
  return spec.base === 'pocket';
}

/** A column of the table and what it says of a variant. */
interface TableColumn extends ReportColumn {
  readonly cell: (variant: number) => ReportCell;
  /** In the row of real pictures. */
  readonly real?: ReportCell;
  /** Of a column of the paper: what stands in a row that is nobody's here. */
  readonly printedIn?: (row: PaperRow) => ReportCell;
}

/** All variants; columns without any value are left out. */
export function resultTable(results: SweepResults, paper: PaperTable | undefined): ReportTable {
  const columns = [
    ...scoreMeasures(results).map((measure) => scoreColumn(results, measure)),
    parametersColumn(results),
    costColumn(results, 'training', ({ trainSeconds }) => trainSeconds, seconds),
    costColumn(results, 'worker memory', ({ memoryBytes }) => memoryBytes, formatBytes),
    ...paperColumns(results, paper),
  ].filter(({ cell }) => results.variants.some((_, i) => cell(i) !== noCell));
  const rows = results.variants.map(({ name }, i): ReportRow => {
    return { cells: [{ text: name }, ...columns.map(({ cell }) => cell(i))] };
  });
  return {
    columns: [{ title: 'variant', align: 'left' }, ...columns],
    rows: [...rows, ...realRow(columns), ...printedRows(results, paper, columns)],
    notes: notesOf(results, paper, columns),
  };
}

function scoreColumn(results: SweepResults, measure: Measure): TableColumn {
  const summaries = results.variants.map((_, i) => summarizeVariant(results, i, measure));
  const real = results.subjects.flatMap((subject) => subject.real[measure] ?? []);
  return {
    title: measureTitle(measure),
    cell: (variant) => {
      const summary = summaries[variant];
      return summary === undefined ? noCell : summaryCell(summary);
    },
    ...(real.length > 0 && { real: { text: score(mean(real)) } }),
  };
}

/** `0.712 ± 0.081`, under it the interval, and what the seeds scatter. */
function summaryCell({
  mean: value,
  deviation,
  interval,
  betweenSeeds,
}: VariantSummary): ReportCell {
  const small = [
    ...(interval === undefined ? [] : [range(interval)]),
    ...(betweenSeeds === undefined ? [] : [`seeds ± ${score(betweenSeeds)}`]),
  ];
  return {
    text: deviation === undefined ? score(value) : `${score(value)} ± ${score(deviation)}`,
    ...(small.length > 0 && { small }),
  };
}

function paperColumns(
  results: SweepResults,
  paper: PaperTable | undefined,
): readonly TableColumn[] {
  if (paper === undefined || paper.bySubject) return [];
  const beside = rowsBeside(results, paper);
  const group = `paper, ${paper.title}`;
  return [
    ...scoreMeasures(results).map((measure) => {
      const printedIn = (row: PaperRow | undefined) => printed(row?.scores[measure]);
      const cell = (variant: number) => printedIn(beside[variant]);
      return { title: measureWords[measure].label, group, cell, printedIn };
    }),
    {
      ...{ title: 'parameters', group, printedIn: printedCount },
      cell: (variant) => printedCount(beside[variant]),
    },
  ];
}

/** The printed row of every variant that has one. */
function rowsBeside(
  { variants, spec }: SweepResults,
  paper: PaperTable,
): readonly (PaperRow | undefined)[] {
  return variants.map((variant) => {
    const ofCase = spec.cases?.find(({ name }) => name === variant.case);
    return rowBeside(paper, variant, ofCase?.paper);
  });
}

/** Rows of the paper's table that none of the variants stands for. */
function printedRows(
  results: SweepResults,
  paper: PaperTable | undefined,
  columns: readonly TableColumn[],
): readonly ReportRow[] {
  if (paper === undefined || paper.bySubject) return [];
  const beside = rowsBeside(results, paper);
  if (beside.every((row) => row === undefined)) return [];
  return paper.rows
    .filter((row) => !beside.includes(row))
    .map((row) => ({
      cells: [
        { text: `${row.name} (printed)` },
        ...columns.map(({ printedIn }) => printedIn?.(row) ?? noCell),
      ],
      isContext: true,
    }));
}

function printed(value: PaperScore | undefined): ReportCell {
  if (value === undefined) return noCell;
  const { mean: printedMean, std } = value;
  return { text: score(printedMean), ...(std === undefined ? {} : { small: [`± ${score(std)}`] }) };
}

function printedCount(row: PaperRow | undefined): ReportCell {
  if (row?.parameters === undefined) return noCell;
  return {
    text: typeof row.parameters === 'number' ? formatCount(row.parameters) : row.parameters,
  };
}

function parametersColumn({ variants }: SweepResults): TableColumn {
  return {
    title: 'parameters',
    cell: (variant) => {
      const parameters = variants[variant]?.parameters;
      return parameters === undefined ? noCell : { text: formatCount(parameters) };
    },
  };
}

type Cost = SweepResults['cells'][number]['cost'];

/** Medians over subjects and seeds. */
function costColumn(
  { cells }: SweepResults,
  title: string,
  of: (cost: Cost) => number | undefined,
  words: (value: number) => string,
): TableColumn {
  return {
    title,
    cell: (variant) => {
      const own = cells.filter((cell) => cell.variant === variant);
      const values = own.flatMap(({ cost }) => of(cost) ?? []);
      const middle = median(values);
      return middle === undefined ? noCell : { text: words(middle) };
    },
  };
}

function realRow(columns: readonly TableColumn[]): readonly ReportRow[] {
  if (columns.every(({ real }) => real === undefined)) return [];
  const cells = [
    { text: 'real pictures among themselves' },
    ...columns.map(({ real = noCell }) => real),
  ];
  return [{ cells, isContext: true }];
}

function notesOf(
  results: SweepResults,
  paper: PaperTable | undefined,
  columns: readonly TableColumn[],
): readonly string[] {
  const notes: string[] = [];
  const seeds = results.spec.seeds.length > 1 ? '; seeds ±: between seeds of one subject' : '';
  if (scoreMeasures(results).length > 0 && results.cells.length > 0) {
    const over = results.subjects.length > 1 ? 'subjects' : 'prompts of the one subject';
    notes.push(
      `Mean ± deviation between subjects; below, the 95 % interval of the mean over ${over}${seeds}.`,
    );
  }
  if (columns.some(({ title }) => title === 'training')) {
    notes.push(
      'Time of training and memory of the worker are medians, as they came: workers may have shared the machine, and a worker keeps networks between tasks, so that later variants find more in memory.',
    );
  }
  if (paper !== undefined && columns.some(({ group }) => group !== undefined))
    notes.push(paperNote(paper, isToy(results)));
  return notes;
}

/** Why the paper's numbers are not ours. */
export function paperNote({ title, base }: PaperTable, isToy: boolean): string {
  const model = base === undefined ? 'large models' : base;
  return isToy
    ? `Paper, ${title}: ${model} on photographs, measured with other encoders. Signs of its differences may be compared with ours, sizes and levels may not.`
    : `Paper, ${title}: ${model}, on pictures and prompts of its own.`;
}
