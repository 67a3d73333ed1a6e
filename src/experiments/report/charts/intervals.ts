/** @file Dots with their intervals, a line for each variant: the chart of a table. */
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Measure } from '../../sweep/spec/spec.ts';
import type { PaperTable } from '../data/paper-table.ts';
import { type ChartSpec, grey, palette, renderSvg } from './render.ts';
import {
  type Chart,
  domainOf,
  extremes,
  measureTitle,
  shortened,
  type VariantPoint,
  variantPoints,
} from './variant-points.ts';

/** Beyond this a list of lines is no picture any more. */
const mostVariants = 24;

const width = 310;
const lineHeight = 36;

/** One chart for each measure that has an interval somewhere; none of fewer than two variants, or of very many. */
export async function intervalCharts(
  results: SweepResults,
  measures: readonly Measure[],
  paper: PaperTable | undefined,
): Promise<readonly Chart[]> {
  const charts = measures.map(async (measure) => {
    const points = variantPoints(results, measure, paper);
    if (points.length < 2 || points.length > mostVariants || measure === 'parameters') return [];
    const reading = `${measureTitle(measure)} of ${points.length} variants, 95 % intervals: ${extremes(measure, points)}`;
    const svg = await renderSvg(intervalSpec(measure, points), reading);
    return [{ title: measureTitle(measure), reading, svg }];
  });
  return (await Promise.all(charts)).flat();
}

function intervalSpec(measure: Measure, points: readonly VariantPoint[]): ChartSpec {
  const values = points.map(({ name, mean, low, high, paper }, line) => {
    return { name: shortened(name, width, 12), mean, low, high, paper: paper ?? null, line };
  });
  const all = points.flatMap(({ low, high, paper }) => [low, high, paper ?? low]);
  const hasPaper = points.some(({ paper }) => paper !== undefined);
  const y = { field: 'line', type: 'ordinal', axis: null } as const;
  const x = {
    field: 'mean',
    type: 'quantitative',
    scale: { domain: domainOf(all), nice: false },
    axis: {
      title: hasPaper ? '◇ the paper, on pictures of its own' : null,
      tickCount: 5,
      // Without a precision of its own it would be rounded to that of the ticks: 60 to 6e+1.
      format: '.12~g',
    },
  } as const;
  return {
    title: measureTitle(measure),
    width,
    height: { step: lineHeight },
    autosize: { type: 'none' },
    padding: { left: 12, right: 16, top: 30, bottom: hasPaper ? 44 : 26 },
    data: { values },
    layer: [
      {
        mark: { type: 'text', align: 'left', baseline: 'bottom', dy: -1 },
        encoding: { y, x: { value: 0 }, text: { field: 'name' } },
      },
      {
        mark: { type: 'rule', color: grey, opacity: 0.35, yOffset: 9 },
        encoding: { y, x: { value: 0 }, x2: { value: width } },
      },
      {
        mark: { type: 'rule', color: palette[0], strokeWidth: 3, strokeCap: 'round', yOffset: 9 },
        encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'point', filled: true, color: palette[0], size: 70, opacity: 1, yOffset: 9 },
        encoding: { y, x },
      },
      {
        transform: [{ filter: 'isValid(datum.paper)' }],
        mark: { type: 'point', shape: 'diamond', color: grey, size: 60, opacity: 1, yOffset: 9 },
        encoding: { y, x: { ...x, field: 'paper' } },
      },
    ],
  };
}
