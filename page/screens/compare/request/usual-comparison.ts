/** @file What is compared before anybody says anything, and what one click asks for. */
import type {
  Axis,
  ComparisonRequest,
} from '../../../../src/studio/interface/comparison-operations.ts';
import type { RunDetail, RunSummary } from '../../../../src/studio/interface/run-operations.ts';
import type { AskedAxis, AskedComparison } from './comparison-address.ts';

/** What there is to compare. */
export interface Known {
  readonly runs: readonly RunSummary[];
  /** The one that is compared where no axis has several; undefined where there is none. */
  readonly run: RunDetail | undefined;
  /** Steps at which the runs that are compared can be. */
  readonly steps: readonly number[];
}

const strengths = [0.5, 0.75, 1, 1.25];
const seeds = [1, 2, 3, 4];
/** Steps and runs that are ticked by themselves. */
const mostTicked = 6;

/** Steps at which runs can be compared: without their adapters, where their state is kept, and at their ends. */
export function stepsOf(runs: readonly RunDetail[]): readonly number[] {
  const steps = runs.flatMap(({ checkpoints, state }) => [
    ...checkpoints,
    ...(state.state === 'finished' ? [state.step] : []),
  ]);
  return [...new Set([0, ...steps])].sort((a, b) => a - b);
}

/** Whether a run has something to draw with. */
export function isComparable({ state }: RunSummary): boolean {
  return state.step > 0;
}

/** The comparison that an address asks for, what it leaves out as usual. */
export function completed(asked: AskedComparison, known: Known): ComparisonRequest {
  const { run } = known;
  const x = asked.x ?? (run === undefined ? usual('seed') : usual('checkpoint'));
  const y = asked.y ?? (x.name === 'prompt' ? usual('seed') : usual('prompt'));
  const axisOf = ({ name, values }: AskedAxis): Axis => ({
    name,
    values: values ?? usualValues(name, known),
  });
  const [prompt = ''] = usualPrompts(known);
  const isPromptShared = ![x, y, asked.z].some((axis) => axis?.name === 'prompt');
  const { base, adapters, settings = isPromptShared ? { prompt } : {} } = asked;
  const needsBase = run === undefined && adapters.length === 0;
  return {
    x: axisOf(x),
    y: axisOf(y),
    ...(asked.z && { z: axisOf(asked.z) }),
    ...(run !== undefined && { run: run.id }),
    shared: {
      ...(base !== undefined ? { base } : needsBase && { base: 'pocket' }),
      adapters,
      settings,
    },
  };
}

const usual = (name: string): AskedAxis => ({ name, values: undefined });

/** Values with which an axis begins. */
export function usualValues(name: string, known: Known): Axis['values'] {
  const { runs } = known;
  const others: Readonly<Record<string, Axis['values']>> = {
    run: runs.filter(isComparable).map(({ id }) => id),
    checkpoint: known.steps,
    prompt: usualPrompts(known),
    seed: seeds,
    strength: strengths,
    guidance: [3, 5, 7.5, 10],
    steps: [10, 20, 40],
    sampler: ['ddim', 'euler', 'dpmpp-2m'],
    negative: ['', 'blurred'],
  };
  const values = Object.hasOwn(others, name) ? (others[name] ?? []) : [];
  if (name === 'run') return values.slice(0, mostTicked);
  return name === 'checkpoint' ? thinned(values, mostTicked) : values;
}

function usualPrompts({ run }: Known): readonly string[] {
  if (run === undefined) return ['a dog', 'a robot'];
  return ['a {subject}', 'a {subject} on the beach', 'a {subject} in the snow'];
}

/** So many of a list, the first and the last among them. */
function thinned<Value>(values: readonly Value[], most: number): readonly Value[] {
  if (values.length <= most) return values;
  const last = values.length - 1;
  const kept = new Set(Array.from({ length: most }, (_, i) => Math.round((i * last) / (most - 1))));
  return values.filter((_, i) => kept.has(i));
}

export const presetNames = ['how-long', 'strong-long', 'runs', 'seeds'] as const;
export type PresetName = (typeof presetNames)[number];

/** A comparison of one click; undefined where there is not enough for it. */
export function preset(name: PresetName, known: Known): ComparisonRequest | undefined {
  const { run } = known;
  const axesOf: Readonly<Record<PresetName, readonly [string, string]>> = {
    'how-long': ['checkpoint', 'prompt'],
    'strong-long': ['checkpoint', 'strength'],
    runs: ['run', 'prompt'],
    seeds: ['seed', 'prompt'],
  };
  const [x, y] = axesOf[name];
  if (run === undefined && name !== 'seeds') return undefined;
  const request = completed({ x: usual(x), y: usual(y), adapters: [] }, known);
  if (name === 'runs') return request.x.values.length < 2 ? undefined : request;
  // At strength 0 all are the same.
  const steps = request.x.values.filter((step) => step !== 0);
  return name === 'strong-long' ? { ...request, x: { name: x, values: steps } } : request;
}
