/** @file One measure against another: what is gained in the one and lost in the other, with intervals of both. */
import { required } from '../../../base/required.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Figure, Measure } from '../../sweep/spec/spec.ts';
import { measureWords } from '../words/metric-words.ts';
import { shortCount } from '../words/number-words.ts';
import { type LabelPlace, placeLabels } from './label-places.ts';
import { type ChartSpec, grey, palette, renderSvg } from './render.ts';
import {
  type Chart,
  domainOf,
  extremes,
  measureTitle,
  textWidth,
  type VariantPoint,
  variantPoints,
} from './variant-points.ts';

type ScatterFigure = Extract<Figure, { kind: 'scatter' }>;

const plot = { width: 560, height: 360 };
/** Beyond this, names would cover the points; the table has them. */
const mostNames = 16;

interface Place {
  readonly name: string;
  readonly label: string;
  readonly across: VariantPoint;
  readonly up: VariantPoint;
  readonly parameters: number | undefined;
  /** Its case among those that vary along the figure's setting, and where it is on that line. */
  readonly line: number | undefined;
  readonly order: number;
}

/** None where fewer than two variants have both measures. */
export async function scatterCharts(
  results: SweepResults,
  { x, y, along }: ScatterFigure,
): Promise<readonly Chart[]> {
  const ups = variantPoints(results, y, undefined);
  const onLine = ({ variant }: VariantPoint) =>
    along !== undefined && Object.hasOwn(variant.factors, along);
  const cases = [...new Set(ups.filter(onLine).map(({ variant }) => variant.case))];
  const places = variantPoints(results, x, undefined).flatMap((across): readonly Place[] => {
    const up = ups.find(({ name }) => name === across.name);
    const { parameters, factors } = across.variant;
    const line = onLine(across) ? cases.indexOf(across.variant.case) : undefined;
    const order = Number(factors[along ?? ''] ?? 0);
    const label =
      parameters === undefined || parameters === 0
        ? across.name
        : `${across.name} · ${shortCount(parameters)}`;
    return up === undefined
      ? []
      : [{ name: across.name, label, across, up, parameters, line, order }];
  });
  if (places.length < 2) return [];
  const title = `${measureWords[y].label} against ${measureWords[x].label}`;
  const caption = [
    `${measureWords[y].label} ${extremes(
      y,
      places.map(({ up }) => up),
    )}`,
    `${measureWords[x].label} ${extremes(
      x,
      places.map(({ across }) => across),
    )}`,
  ].join('; ');
  const reading = `${title} with 95 % intervals; ${caption}`;
  const svg = await renderSvg(scatterSpec(places, x, y), reading);
  return [{ title, reading, caption, svg }];
}

function scatterSpec(places: readonly Place[], x: Measure, y: Measure): ChartSpec {
  const xDomain = domainOf(places.flatMap(({ across }) => [across.low, across.high]));
  const yDomain = domainOf(places.flatMap(({ up }) => [up.low, up.high]));
  const xTitle = measureTitle(x).replace('↑', '→');
  const position = {
    x: axisOf('x', xDomain, xTitle),
    y: axisOf('y', yDomain, measureTitle(y)),
  } as const;
  const rule = { type: 'rule', opacity: 0.4, strokeWidth: 1.5 } as const;
  const color = { field: 'colour', type: 'nominal', scale: null } as const;
  const across = { x: { ...position.x, field: 'xLow' }, x2: { field: 'xHigh' } };
  const up = { y: { ...position.y, field: 'yLow' }, y2: { field: 'yHigh' } };
  const fill = {
    condition: { test: 'datum.trained', ...color },
    value: 'transparent',
  };
  const ends = places.map((_, i) => i).filter((i) => isEnd(places, i));
  const labelled = ends.length <= mostNames ? ends : [];
  const named = labelPlaces(
    labelled.map((i) => required(places, i)),
    xDomain,
    yDomain,
  );
  return {
    ...plot,
    autosize: { type: 'none' },
    padding: { left: 62, right: 20, top: 10, bottom: 44 },
    data: { values: places.map(rowOf) },
    layer: [
      { mark: rule, encoding: { ...position, ...across, color } },
      { mark: rule, encoding: { ...position, ...up, color } },
      ...(places.some(({ line }) => line !== undefined) ? [lineLayer(position, color)] : []),
      {
        mark: { type: 'point', size: 80, strokeWidth: 2, opacity: 1 },
        encoding: { ...position, fill, color },
      },
      ...named.flatMap((place, i) => labelLayers(place, required(labelled, i), position)),
    ],
  };
}

/** The variants of a case joined in the order of their setting. */
function lineLayer(position: object, color: object) {
  return {
    transform: [{ filter: 'datum.line !== null' }],
    mark: { type: 'line' as const, strokeWidth: 2 },
    encoding: {
      ...{ ...position, color },
      order: { field: 'order', type: 'quantitative' as const },
      detail: { field: 'line', type: 'nominal' as const },
    },
  };
}

/** Points on no line, and the first and last of each: between them, names would cover the line. */
function isEnd(places: readonly Place[], place: number): boolean {
  const { line, order } = required(places, place);
  if (line === undefined) return true;
  const orders = places.filter((other) => other.line === line).map((other) => other.order);
  return order === Math.min(...orders) || order === Math.max(...orders);
}

type Domain = readonly [number, number];

function axisOf(field: 'x' | 'y', [low, high]: Domain, title: string) {
  const scale = { domain: [low, high], nice: false };
  return { field, type: 'quantitative', scale, axis: { title, tickCount: 6 } } as const;
}

function labelPlaces(
  places: readonly Place[],
  [left, right]: Domain,
  [bottom, top]: Domain,
): readonly LabelPlace[] {
  const points = places.map(({ across, up, label }) => ({
    x: ((across.mean - left) / (right - left)) * plot.width,
    y: ((top - up.mean) / (top - bottom)) * plot.height,
    width: textWidth(label, 12),
  }));
  return placeLabels(points, plot);
}

function rowOf({ label, across, up, parameters, line, order }: Place, place: number) {
  return {
    ...{ label, place, trained: parameters !== 0, line: line ?? null, order },
    colour: required(palette, (line ?? 0) % palette.length),
    ...{ x: across.mean, xLow: across.low, xHigh: across.high },
    ...{ y: up.mean, yLow: up.low, yHigh: up.high },
  };
}

/** A name, and a line to it where it is not close. */
function labelLayers({ dx, dy, align }: LabelPlace, place: number, position: object) {
  const transform = [{ filter: `datum.place === ${place}` }];
  const mark = { type: 'text' as const, dx, dy, align, baseline: 'middle' as const };
  const text = { transform, mark, encoding: { ...position, text: { field: 'label' } } };
  if (Math.abs(dy) <= 14) return [text];
  const shift = { x2Offset: dx - Math.sign(dx) * 3, y2Offset: dy, xOffset: 0, yOffset: 0 };
  const line = { type: 'rule' as const, color: grey, strokeWidth: 1, ...shift };
  return [
    { transform, mark: line, encoding: { ...position, x2: { field: 'x' }, y2: { field: 'y' } } },
    text,
  ];
}
