/** @file A chart of lines: points with bands or bars around them, names at the ends of the lines or in a key. */
import { required } from '../../../base/required.ts';
import { type LevelAxis, xAxis, xScale } from './curve-axis.ts';
import type { Curve, CurveLine } from './curve-lines.ts';
import { spreadOut } from './label-places.ts';
import { type ChartSpec, grey, ink, palette } from './render.ts';
import { domainOf, textWidth } from './variant-points.ts';

const outer = { width: 340, plotHeight: 200 };
/** Longer names stand in a key above, instead of at the ends of their lines. */
const longestLabel = 96;

interface Layout {
  readonly width: number;
  readonly right: number;
  readonly key: boolean;
  readonly yDomain: readonly [number, number];
}

function layoutOf({ lines, levels }: Curve): Layout {
  const names = [...lines, ...levels].map(({ name }) => name);
  const widest = Math.max(0, ...names.map((name) => textWidth(name, 12)));
  const key = widest > longestLabel;
  const right = key || widest === 0 ? 14 : widest + 14;
  const yDomain = domainOf([
    ...lines.flatMap(({ points }) => points.flatMap((p) => [p.low, p.high, p.paper ?? p.low])),
    ...levels.map(({ mean }) => mean),
  ]);
  return { width: outer.width - 46 - right, right, key, yDomain };
}

/** The chart of a measure called `title`. */
export function curveSpec(title: string, curve: Curve, axis: LevelAxis): ChartSpec {
  const layout = layoutOf(curve);
  const colours = curve.lines.map((_, i) => required(palette, i % palette.length));
  // More bands than two cover each other.
  const isBand = curve.lines.length <= 2;
  const keyLines = layout.key ? curve.lines.length + curve.levels.length : 0;
  const hasPaper = curve.lines.some(({ points }) =>
    points.some(({ paper }) => paper !== undefined),
  );
  const position = {
    x: {
      field: 'x',
      type: 'quantitative',
      scale: xScale(axis, curve),
      axis: xAxis(axis, curve, layout.width),
    },
    y: {
      field: 'mean',
      type: 'quantitative',
      scale: { domain: [...layout.yDomain], nice: false },
      axis: { title: null, tickCount: 5 },
    },
  } as const;
  return {
    title: hasPaper
      ? { text: title, subtitle: '◇ the paper, on pictures of its own', subtitleColor: ink }
      : title,
    width: layout.width,
    height: outer.plotHeight,
    autosize: { type: 'none' },
    padding: {
      left: 46,
      right: layout.right,
      top: 30 + (hasPaper ? 16 : 0) + keyLines * 17,
      bottom: 42,
    },
    layer: [
      ...curve.levels.map(({ mean }) => levelLayer(mean, position)),
      ...curve.lines.flatMap((line, i) =>
        lineLayers(line, { colour: required(colours, i), isBand }, position),
      ),
      ...(layout.key ? keyLayers(curve, colours) : endLabels(curve, colours, layout, position)),
    ],
  };
}

type Position = Readonly<Record<'x' | 'y', object>>;

function levelLayer(mean: number, position: Position) {
  return {
    data: { values: [{ mean }] },
    mark: { type: 'rule' as const, color: grey, strokeDash: [4, 4] },
    encoding: { y: position.y },
  };
}

function lineLayers(
  { points }: CurveLine,
  { colour, isBand }: { readonly colour: string; readonly isBand: boolean },
  position: Position,
) {
  const data = { values: points.map((point) => ({ ...point, paper: point.paper ?? null })) };
  const paper = points.filter((point) => point.paper !== undefined);
  return [
    {
      data,
      mark: isBand
        ? { type: 'area' as const, color: colour, opacity: 0.14 }
        : { type: 'rule' as const, color: colour, opacity: 0.35 },
      encoding: { ...position, y: { ...position.y, field: 'low' }, y2: { field: 'high' } },
    },
    {
      data,
      mark: { type: 'line' as const, color: colour, strokeWidth: 2 },
      encoding: position,
    },
    {
      data,
      mark: { type: 'point' as const, filled: true, size: 36, opacity: 1, color: colour },
      encoding: position,
    },
    ...(paper.length === 0 ? [] : [paperLayer(paper, position)]),
  ];
}

function paperLayer(points: CurveLine['points'], position: Position) {
  return {
    data: { values: points.map(({ x, paper }) => ({ x, paper })) },
    mark: { type: 'point' as const, shape: 'diamond' as const, size: 60, color: grey, opacity: 1 },
    encoding: { ...position, y: { ...position.y, field: 'paper' } },
  };
}

/** Names at the right ends of the lines, moved apart where these meet. */
function endLabels(
  { lines, levels }: Curve,
  colours: readonly string[],
  { width, yDomain: [low, high] }: Layout,
  position: Position,
) {
  const perPixel = (high - low) / outer.plotHeight;
  const ends = [
    ...lines.map(({ name, points }, i) => ({
      name,
      at: points.at(-1)?.mean ?? 0,
      colour: required(colours, i),
    })),
    ...levels.map(({ name, mean }) => ({ name, at: mean, colour: grey })),
  ].filter(({ name }) => name !== '');
  const places = spreadOut(
    ends.map(({ at }) => at),
    14 * perPixel,
  );
  return ends.map(({ name, colour }, i) => ({
    data: { values: [{ name, mean: required(places, i) }] },
    mark: {
      type: 'text' as const,
      align: 'left' as const,
      baseline: 'middle' as const,
      dx: 8,
      color: colour,
    },
    encoding: { x: { value: width }, y: position.y, text: { field: 'name' } },
  }));
}

/** Names in a list above the plot, each after a piece of its line. */
function keyLayers({ lines, levels }: Curve, colours: readonly string[]) {
  const entries = [
    ...lines.map(({ name }, i) => ({ name, colour: required(colours, i), dash: [1, 0] })),
    ...levels.map(({ name }) => ({ name, colour: grey, dash: [4, 4] })),
  ];
  return entries.flatMap(({ name, colour, dash }, i) => {
    const y = { value: (i - entries.length) * 17 + 4 };
    return [
      {
        data: { values: [{}] },
        mark: { type: 'rule' as const, color: colour, strokeWidth: 3, strokeDash: dash },
        encoding: { x: { value: 0 }, x2: { value: 16 }, y },
      },
      {
        data: { values: [{ name }] },
        mark: { type: 'text' as const, align: 'left' as const, baseline: 'middle' as const },
        encoding: { x: { value: 22 }, y, text: { field: 'name' } },
      },
    ];
  });
}
