/** @file A measure over two varied settings: a shade and a number in every cell. */
import { grouped } from '../../../base/grouped.ts';
import { required } from '../../../base/required.ts';
import { mean as meanOf } from '../../../metrics/cosine.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Figure, Measure, Scalar } from '../../sweep/spec/spec.ts';
import { factorName } from '../../sweep/spec/variants.ts';
import type { PaperTable } from '../data/paper-table.ts';
import { score, settingValue, shortCount } from '../words/number-words.ts';
import { type ChartSpec, grey, renderSvg } from './render.ts';
import {
  type Chart,
  extremes,
  measureTitle,
  type VariantPoint,
  variantPoints,
} from './variant-points.ts';

type HeatFigure = Extract<Figure, { kind: 'heat map' }>;

const cell = { width: 46, height: 36 };
/** From the least to the most, in the accent's hue. */
const shades = { from: [226, 236, 247], to: [28, 78, 138] } as const;

/** A chart for each measure, and for each combination of whatever else differs between the variants. */
export async function heatMaps(
  results: SweepResults,
  figure: HeatFigure,
  paper: PaperTable | undefined,
): Promise<readonly Chart[]> {
  const charts = (figure.metrics ?? results.spec.metrics).map(async (measure) => {
    const points = variantPoints(results, measure, paper).filter(
      ({ variant: { factors } }) => figure.x in factors && figure.y in factors,
    );
    const groups = grouped(points, ({ variant }) => restOf(variant, figure));
    return await Promise.all(
      [...groups].map(async ([rest, members]) => {
        const title = groups.size > 1 ? `${measureTitle(measure)}, ${rest}` : measureTitle(measure);
        const caption = `${extremes(measure, members)}${agreement(measure, members)}`;
        const reading = `${title} over ${factorName(figure.x)} and ${factorName(figure.y)}: ${caption}`;
        const svg = await renderSvg(heatSpec(title, members, measure, figure), reading);
        return { title, reading, caption, svg };
      }),
    );
  });
  return (await Promise.all(charts)).flat();
}

/** The case and the other factors in words. */
function restOf({ case: name, factors }: VariantPoint['variant'], { x, y }: HeatFigure): string {
  const others = Object.entries(factors).filter(([path]) => path !== x && path !== y);
  return [name, ...others.map(([path, value]) => `${factorName(path)} ${settingValue(value)}`)]
    .filter((part) => part !== '')
    .join(', ');
}

/** Of exact counts: how many the paper prints alike, and what the others have in common. */
function agreement(measure: Measure, points: readonly VariantPoint[]): string {
  if (measure !== 'parameters') return '';
  const printed = points.flatMap(({ mean, paper }) =>
    paper === undefined ? [] : [{ mean, paper }],
  );
  if (printed.length === 0) return '';
  const others = printed.filter(({ mean, paper }) => mean !== paper);
  const equal = `; ${printed.length - others.length} of ${printed.length} are those that the paper prints`;
  if (others.length === 0) return equal;
  const ratio = meanOf(others.map(({ mean, paper }) => paper / mean));
  const isOneRatio = others.every(({ mean, paper }) => Math.abs(paper / mean - ratio) < 0.01);
  return `${equal}, the others are printed as ${isOneRatio ? `${Number(ratio.toPrecision(2))} of ours` : 'something else'}`;
}

function heatSpec(
  title: string,
  points: readonly VariantPoint[],
  measure: Measure,
  { x, y }: HeatFigure,
): ChartSpec {
  const [columns, rows] = [distinct(points, x), distinct(points, y)];
  const depth = depths(points, measure);
  const values = points.map((point, i) => ({
    x: settingValue(point.variant.factors[x]),
    y: settingValue(point.variant.factors[y]),
    shade: shadeOf(required(depth, i)),
    ink: required(depth, i) > 0.68 ? '#ffffff' : '#1d1d1f',
    number: measure === 'parameters' ? shortCount(point.mean) : score(point.mean),
    small: smallText(point, measure),
  }));
  const position = {
    x: { field: 'x', type: 'ordinal', sort: columns, axis: axisOf(x) },
    y: { field: 'y', type: 'ordinal', sort: rows, axis: axisOf(y) },
  } as const;
  const colour = { field: 'ink', type: 'nominal', scale: null } as const;
  const hasSmall = values.some(({ small }) => small !== '');
  return {
    title,
    width: columns.length * cell.width,
    height: rows.length * cell.height,
    autosize: { type: 'none' },
    padding: { left: 58, right: 8, top: 30, bottom: 44 },
    data: { values },
    layer: [
      {
        mark: { type: 'rect', stroke: grey, strokeOpacity: 0.15 },
        encoding: { ...position, color: { field: 'shade', type: 'nominal', scale: null } },
      },
      {
        mark: { type: 'text', fontSize: 12, dy: hasSmall ? -6 : 0 },
        encoding: { ...position, text: { field: 'number' }, color: colour },
      },
      {
        mark: { type: 'text', fontSize: 9, dy: 9, opacity: 0.85 },
        encoding: { ...position, text: { field: 'small' }, color: colour },
      },
    ],
  };
}

function axisOf(path: string) {
  return { title: factorName(path), labelAngle: 0, domain: false, ticks: false } as const;
}

/** Parameters under a score; under a count, what the paper prints instead. */
function smallText({ variant, mean, paper }: VariantPoint, measure: Measure): string {
  if (measure !== 'parameters') {
    return variant.parameters === undefined ? '' : shortCount(variant.parameters);
  }
  return paper === undefined || paper === mean ? '' : `≠ ${shortCount(paper)}`;
}

/**
 * From 0 to 1. Counts span orders of magnitude and go by their logarithm. Scores that differ by less than their intervals
 * are wide get like shades: noise should not look like a finding.
 */
function depths(points: readonly VariantPoint[], measure: Measure): readonly number[] {
  const values = points.map(({ mean }) => (measure === 'parameters' ? Math.log(mean + 1) : mean));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const noise =
    measure === 'parameters' ? 0 : meanOf(points.map((point) => point.high - point.low));
  const span = Math.max(high - low, noise);
  return values.map((value) => (span > 0 ? 0.5 + (value - (low + high) / 2) / span : 0.5));
}

function shadeOf(depth: number): string {
  const [r, g, b] = shades.from.map((from, i) =>
    Math.round(from + depth * (required(shades.to, i) - from)),
  );
  return `rgb(${r},${g},${b})`;
}

/** Values of a setting as text: numbers in order, others as they came. */
function distinct(points: readonly VariantPoint[], path: string): string[] {
  const values = points.map(({ variant }) => variant.factors[path]);
  const isNumeric = values.every((value) => typeof value === 'number');
  const sorted = isNumeric ? values.toSorted((a, b) => Number(a) - Number(b)) : values;
  return [...new Set(sorted.map((value: Scalar | undefined) => settingValue(value)))];
}
