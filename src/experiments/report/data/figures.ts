/** @file The figures that a sweep asks for, drawn. */
import type { Figure } from '../../sweep/spec/spec.ts';
import { factorName } from '../../sweep/spec/variants.ts';
import { curves } from '../charts/curve.ts';
import { heatMaps } from '../charts/heat-map.ts';
import { intervalCharts } from '../charts/intervals.ts';
import { scatterCharts } from '../charts/scatter.ts';
import type { Chart } from '../charts/variant-points.ts';
import { type PictureGrid, pictureGrids } from '../picture-grids.ts';
import type { PaperTable } from './paper-table.ts';
import type { ResultsFile } from './read-results.ts';
import type { ReportTable } from './report-table.ts';
import { isToy, resultTable, scoreMeasures } from './result-table.ts';
import { subjectTable } from './subject-table.ts';

/** A part of an experiment's section. */
export type ReportPart =
  | {
      readonly kind: 'table';
      readonly heading: string;
      readonly table: ReportTable;
      /** Hidden until asked for: long, and shown by another figure. */
      readonly isFolded: boolean;
    }
  | { readonly kind: 'charts'; readonly heading: string; readonly charts: readonly Chart[] }
  | { readonly kind: 'pictures'; readonly heading: string; readonly grids: readonly PictureGrid[] };

/** Longer tables are folded where a chart shows the same. */
const longestTable = 16;

/** All figures in the order of the spec; the table last where the spec does not show it. */
export async function reportParts(
  file: ResultsFile,
  paper: PaperTable | undefined,
): Promise<readonly ReportPart[]> {
  const { show } = file.results.spec;
  const asksForTable = show.some(({ kind }) => kind === 'table');
  const figures: readonly Figure[] = asksForTable ? show : [...show, { kind: 'table' }];
  const parts = await Promise.all(
    figures.map((figure) => partsOf(file, figure, paper, asksForTable)),
  );
  return parts.flat().filter((part) => !isEmpty(part));
}

async function partsOf(
  file: ResultsFile,
  figure: Figure,
  paper: PaperTable | undefined,
  asksForTable: boolean,
): Promise<readonly ReportPart[]> {
  const { results } = file;
  const onAxes = paperOnAxes(results, paper);
  switch (figure.kind) {
    case 'table':
      return await tableParts(file, paper, asksForTable);
    case 'curve': {
      const heading = `Along the ${factorName(figure.x)}`;
      return [{ kind: 'charts', heading, charts: await curves(results, figure, onAxes) }];
    }
    case 'heat map': {
      const heading = `Over ${factorName(figure.y)} and ${factorName(figure.x)}`;
      return [{ kind: 'charts', heading, charts: await heatMaps(results, figure, onAxes) }];
    }
    case 'scatter': {
      const charts = await scatterCharts(results, figure);
      return [{ kind: 'charts', heading: charts[0]?.title ?? '', charts }];
    }
    case 'pictures':
      return [{ kind: 'pictures', heading: 'Pictures', grids: await pictureGrids(file, figure) }];
    default:
      return figure satisfies never;
  }
}

/** Levels on a toy are not those of a real model: on one axis they would only spoil it. */
function paperOnAxes(results: ResultsFile['results'], paper: PaperTable | undefined) {
  return isToy(results) ? undefined : paper;
}

async function tableParts(
  { results }: ResultsFile,
  paper: PaperTable | undefined,
  asksForTable: boolean,
): Promise<readonly ReportPart[]> {
  const table = resultTable(results, paper);
  const isFolded = !asksForTable || table.rows.length > longestTable;
  const all: ReportPart = { kind: 'table', heading: 'All numbers', table, isFolded };
  if (!asksForTable) return [all];
  const onAxes = paperOnAxes(results, paper);
  const charts = await intervalCharts(results, scoreMeasures(results), onAxes);
  return [
    { kind: 'charts', heading: 'Means and their 95 % intervals', charts },
    all,
    ...subjectParts(results, paper),
  ];
}

function subjectParts(
  results: ResultsFile['results'],
  paper: PaperTable | undefined,
): readonly ReportPart[] {
  if (paper === undefined || !paper.bySubject) return [];
  return results.variants.flatMap(({ name }, i): readonly ReportPart[] => {
    if (!results.cells.some(({ variant }) => variant === i)) return [];
    const table = subjectTable(results, i, paper);
    return [{ kind: 'table', heading: `${name}, subject by subject`, table, isFolded: i > 0 }];
  });
}

function isEmpty(part: ReportPart): boolean {
  switch (part.kind) {
    case 'table':
      return part.table.rows.length === 0;
    case 'charts':
      return part.charts.length === 0;
    case 'pictures':
      return part.grids.length === 0;
    default:
      return part satisfies never;
  }
}
