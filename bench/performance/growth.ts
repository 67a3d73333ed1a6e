/** @file How the cost of a step grows: points of a curve, each in turns with the first one. */
import { required } from '../../src/base/required.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { StepProgram } from '../../src/train/step-program.ts';
import type { BenchOptions } from '../options.ts';
import { stepPlan } from '../step.ts';
import type { Curve, CurveName } from './measurements.ts';
import type { Setting } from './setting.ts';
import { inTurns, startSubject } from './turns.ts';

interface Point {
  readonly name: string;
  readonly x: number;
  readonly options: BenchOptions;
}

/** A side that takes a quarter of the time, for what does not depend on it. */
const smallSide = ({ side }: Setting) => side / 2;

/** Points by curve. */
const curves: Readonly<Record<CurveName, (setting: Setting) => Promise<readonly Point[]>>> = {
  batch: async (setting) =>
    [1, 2, 4].map((batch) => ({
      name: String(batch),
      x: batch,
      options: small(setting, { batch }),
    })),
  tokens: async ({ base, side }) =>
    [0.5, 0.75, 1, 1.25].map((factor) => {
      const resolution = factor * side;
      // Attention's largest: one for each of the latents, 8 pixels apart.
      const x = (resolution / 8) ** 2;
      return { name: `${resolution} px`, x, options: { base, resolution, batch: 1 } };
    }),
  sites: sitePoints,
  factors: async (setting) =>
    (await fittingFactors(setting)).map((a) => ({
      name: `(${a}, ${a})`,
      x: a * a,
      options: small(setting, { adapterOptions: { a1: a, a2: a } }),
    })),
  memory: memoryPoints,
};

/** With factors that divide every matrix, that of four channels' too. */
async function sitePoints(setting: Setting): Promise<readonly Point[]> {
  const base = await openBaseModel(setting.base);
  const sets = [
    ['to_q'],
    ['to_q', 'to_k'],
    ['to_q', 'to_k', 'to_v'],
    ['attention'],
    ['attention+feed-forward'],
    ['unet'],
  ];
  return sets.map((targets) => {
    const options = small(setting, { targets, adapterOptions: { a1: 4, a2: 4 } });
    const { placed } = stepPlan(base, options);
    const x = placed.reduce((sum, { sites }) => sum + sites.length, 0);
    return { name: targets.join(', '), x, options };
  });
}

function small(setting: Setting, more: Partial<BenchOptions>): BenchOptions {
  return { base: setting.base, resolution: smallSide(setting), batch: 1, ...more };
}

/** Equal factors that divide the sides of all matrices of the base. */
async function fittingFactors({ base: name }: Setting): Promise<readonly number[]> {
  const { levels, contextSize } = (await openBaseModel(name)).unet.config;
  const sides = [contextSize, ...levels.map(({ channels }) => channels)];
  return [2, 4, 8, 16, 32, 64].filter((a) => sides.every((side) => side % a === 0));
}

/** One piece, and as many segments as are expected to take a quarter, a half and all of what can be saved. */
async function memoryPoints({ base: name, side }: Setting): Promise<readonly Point[]> {
  const base = await openBaseModel(name);
  const options = { base: name, resolution: side, batch: 1 };
  const plans = [...StepProgram.plan(base, stepPlan(base, options)).plans()];
  const whole = required(plans, 0);
  const least = plans.reduce((a, b) => (b.bytes < a.bytes ? b : a));
  const wanted = [0.25, 0.5, 1].map((share) => whole.bytes - share * (whole.bytes - least.bytes));
  // The fewest segments that stay within it.
  const found = wanted.flatMap((bytes) => plans.find((plan) => plan.bytes <= bytes) ?? []);
  return [...new Set([whole, ...found])].map((plan) => ({
    name: plan === whole ? 'one piece' : `${plan.count} segments`,
    x: plan.count,
    options: plan === whole ? options : { ...options, memory: sizeOf(plan.bytes) },
  }));
}

/** In megabytes, not less. */
const sizeOf = (bytes: number) => `${Math.ceil(bytes / 1e6)}MB`;

/** Measures a curve. */
export async function growth(name: CurveName, setting: Setting): Promise<Curve> {
  const points = await curves[name](setting);
  const { setup, curvePairs } = setting;
  const first = required(points, 0);
  const parametersOf = await parameterCounter(setting);
  await using reference = await startSubject('step', first.options);
  const measured: Curve['points'] = [];
  for (const { name: label, x, options } of points) {
    process.stderr.write(`${name}: ${label}\n`);
    const about = { name: label, x, parameters: parametersOf(options) };
    if (label === first.name) {
      await reference.run();
      const runs = [];
      for (let i = 0; i < curvePairs; i++) runs.push(await reference.run());
      const pairs = runs.map(({ seconds }) => ({ own: seconds, other: seconds }));
      const peakBytes = runs.at(-1)?.peakBytes ?? null;
      measured.push({ ...about, pairs, peakBytes, flops: reference.flops ?? 0 });
      continue;
    }
    await using worker = await startSubject('step', options);
    const { pairs, peakBytes } = await inTurns(worker, reference, curvePairs);
    measured.push({ ...about, pairs, peakBytes: peakBytes.own, flops: worker.flops ?? 0 });
  }
  const resolution = first.options.resolution ?? setting.side;
  return { setup, resolution, points: measured };
}

async function parameterCounter({ base: name }: Setting) {
  const base = await openBaseModel(name);
  return (options: BenchOptions): number => stepPlan(base, options).parameterCount;
}
