/** @file The curves of growing cost as charts: seconds, or the ratio to the first point, and memory. */
import { required } from '../../src/base/required.ts';
import type { LevelAxis } from '../../src/experiments/report/charts/curve-axis.ts';
import type { Curve as Lines } from '../../src/experiments/report/charts/curve-lines.ts';
import { curveSpec } from '../../src/experiments/report/charts/line-chart.ts';
import { renderSvg } from '../../src/experiments/report/charts/render.ts';
import { type Curve, type CurveName, curveNames, type Measurements } from './measurements.ts';
import { ratioOf } from './ratios.ts';

export interface PerformanceChart {
  readonly svg: string;
  /** In words. */
  readonly reading: string;
}

const axes: Readonly<Record<CurveName, LevelAxis>> = {
  batch: { title: 'pictures a batch', scale: 'linear' },
  tokens: { title: "tokens of attention's largest maps", scale: 'linear' },
  sites: { title: 'sites adapted', scale: 'linear' },
  factors: { title: 'a1·a2', scale: 'log' },
  memory: { title: 'segments', scale: 'linear' },
};

/** By name, `batch-time` and `batch-memory`; a curve of one point has none. */
export async function charts(found: Measurements): Promise<ReadonlyMap<string, PerformanceChart>> {
  const made = new Map<string, PerformanceChart>();
  for (const name of curveNames) {
    const curve = found[name];
    if (curve === undefined || curve.points.length < 2) continue;
    made.set(`${name}-time`, await chart('time of a step, as a ratio', name, timesOf(curve)));
    const memory = memoryOf(curve);
    if (memory !== undefined)
      made.set(`${name}-memory`, await chart('peak memory, GB', name, memory));
  }
  return made;
}

async function chart(title: string, name: CurveName, lines: Lines): Promise<PerformanceChart> {
  const { title: against } = axes[name];
  const points = required(lines.lines, 0).points.map(({ x, mean }) => {
    return `${x}: ${Number(mean.toPrecision(3))}`;
  });
  const reading = `${title}, against ${against}: ${points.join('; ')}`;
  return { svg: await renderSvg(curveSpec(title, lines, axes[name]), reading), reading };
}

function timesOf(curve: Curve): Lines {
  return linesOf(curve, ({ pairs }) => {
    const { middle, low, high } = ratioOf(pairs);
    return { mean: middle, low, high };
  });
}

function memoryOf(curve: Curve): Lines | undefined {
  if (curve.points.some(({ peakBytes }) => peakBytes === null)) return undefined;
  return linesOf(curve, ({ peakBytes }) => {
    const mean = (peakBytes ?? Number.NaN) / 1e9;
    return { mean, low: mean, high: mean };
  });
}

type Spread = { readonly mean: number; readonly low: number; readonly high: number };

function linesOf({ points }: Curve, value: (point: Curve['points'][number]) => Spread): Lines {
  return {
    lines: [{ name: '', points: points.map((p) => ({ x: p.x, paper: undefined, ...value(p) })) }],
    levels: [],
    names: undefined,
  };
}
