/** @file A measure along a varied setting: mean and interval, a line for each series. */
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Figure } from '../../sweep/spec/spec.ts';
import { factorName } from '../../sweep/spec/variants.ts';
import type { PaperTable } from '../data/paper-table.ts';
import { curveOf } from './curve-lines.ts';
import { curveSpec } from './line-chart.ts';
import { renderSvg } from './render.ts';
import { type Chart, extremes, measureTitle, variantPoints } from './variant-points.ts';

type CurveFigure = Extract<Figure, { kind: 'curve' }>;

/** One chart a measure: small multiples. */
export async function curves(
  results: SweepResults,
  figure: CurveFigure,
  paper: PaperTable | undefined,
): Promise<readonly Chart[]> {
  const charts = (figure.metrics ?? results.spec.metrics).map(async (measure) => {
    const points = variantPoints(results, measure, paper);
    const curve = curveOf(points, figure);
    if (curve.lines.length === 0) return [];
    const title = measureTitle(measure);
    const caption = extremes(measure, points);
    const reading = `${title} against ${factorName(figure.x)} with 95 % intervals: ${caption}`;
    const axis = { title: factorName(figure.x), scale: figure.scale };
    const svg = await renderSvg(curveSpec(title, curve, axis), reading);
    return [{ title, reading, caption, svg }];
  });
  return (await Promise.all(charts)).flat();
}
