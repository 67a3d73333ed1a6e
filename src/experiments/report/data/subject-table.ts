/** @file A variant subject by subject, beside a table of the paper that is by subject. */
import { deviation, mean } from '../../../metrics/cosine.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Measure } from '../../sweep/spec/spec.ts';
import { measureTitle } from '../charts/variant-points.ts';
import { promptMeans } from '../statistics/subject-means.ts';
import { measureWords } from '../words/metric-words.ts';
import { score } from '../words/number-words.ts';
import { subjectWords } from '../words/settings-in-words.ts';
import { type PaperTable, rowOfSubject } from './paper-table.ts';
import { noCell, type ReportCell, type ReportTable } from './report-table.ts';
import { isToy, paperNote, scoreMeasures } from './result-table.ts';

/**
 * Every subject with the deviation between its prompts. Sprites of the bundled model are not the paper's subjects, though
 * some are called the same.
 */
export function subjectTable(
  results: SweepResults,
  variant: number,
  paper: PaperTable,
): ReportTable {
  const measures = scoreMeasures(results);
  const printedMeasures = isToy(results) ? [] : measures;
  const rows = results.subjects.map(({ name }) => {
    const printed = rowOfSubject(paper, name);
    return {
      cells: [
        { text: subjectWords(name) },
        ...measures.map((measure) => ownCell(results, variant, name, measure)),
        ...printedMeasures.map((measure) => withDeviation(printed?.scores[measure])),
      ],
    };
  });
  const group = `paper, ${paper.title}`;
  return {
    columns: [
      { title: 'subject', align: 'left' },
      ...measures.map((measure) => ({ title: measureTitle(measure) })),
      ...printedMeasures.map((measure) => ({ title: measureWords[measure].label, group })),
    ],
    rows,
    notes: [
      'Mean ± deviation between prompts.',
      ...(printedMeasures.length === 0 ? [] : [paperNote(paper, false)]),
    ],
  };
}

function ownCell(
  results: SweepResults,
  variant: number,
  subject: string,
  measure: Measure,
): ReportCell {
  const cells = results.cells.filter((cell) => cell.subject === subject);
  const values = promptMeans({ ...results, cells }, variant, measure);
  if (values.length === 0) return noCell;
  return withDeviation({ mean: mean(values), std: deviation(values) });
}

function withDeviation(
  value: { readonly mean: number; readonly std?: number | undefined } | undefined,
) {
  if (value === undefined) return noCell;
  const { mean: centre, std } = value;
  return { text: std === undefined ? score(centre) : `${score(centre)} ± ${score(std)}` };
}
