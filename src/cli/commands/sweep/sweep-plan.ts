/** @file A sweep as people read it before it runs. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatOperations,
  formatPlural,
} from '../../../base/quantities.ts';
import type { SweepEstimate } from '../../../experiments/sweep/plan/estimate.ts';
import { expectedSeconds, workOf } from '../../../experiments/sweep/plan/expected.ts';
import type { SweepPlan } from '../../../experiments/sweep/plan/plan-sweep.ts';
import { stepShare } from '../../../train/step-cost.ts';
import { formatFacts, formatTable } from '../../words/table.ts';

/** An estimate, and the machine that it is for. */
export interface MachineEstimate extends SweepEstimate {
  /** Floating-point operations a second of one large product. */
  readonly productRate: number;
  /** Of the machine. */
  readonly machineBytes: number;
}

/** What would be done: variants with their parameters, subjects, how much work that is, and what it takes. */
export function formatSweepPlan(
  { name, spec, variants, subjects, cells, tasks }: SweepPlan,
  estimate: MachineEstimate | undefined,
  notes: readonly string[],
): string {
  const { trainings, steps, pictures } = workOf(tasks);
  const facts = formatFacts([
    ['sweep', `${name}: ${spec.title}`],
    ['subjects', subjects.map(({ subject }) => subject.name).join(', ')],
    ['prompts', `${subjects[0]?.templates.length ?? 0} for each subject`],
    ['seeds', spec.seeds.join(', ')],
    [
      'cells',
      `${cells.length}: ${formatPlural(variants.length, 'variant')} on each subject and seed`,
    ],
    [
      'work',
      `${formatPlural(trainings, 'training')}, ${formatCount(steps)} steps; ${formatCount(pictures)} pictures`,
    ],
    ...(estimate === undefined ? [] : estimateFacts(estimate)),
    ...notes.map((note) => ['note', note] as const),
  ]);
  const rows = variants.map((variant) => [
    variant.name,
    variant.parameters === undefined ? '' : formatCount(variant.parameters),
  ]);
  const table = formatTable([{ title: 'variant' }, { title: 'parameters', align: 'right' }], rows);
  return `${facts}\n${table}${estimate === undefined ? '' : tooLargeText(estimate)}\n`;
}

function estimateFacts(estimate: MachineEstimate): readonly (readonly [string, string])[] {
  const { trainingFlops, drawingFlops, productRate } = estimate;
  const { memoryBytes, machineBytes, diskBytes, weightsBytes } = estimate;
  const all = formatOperations(trainingFlops + drawingFlops);
  const rate = `${formatOperations(stepShare * productRate)}/s`;
  const share = Math.round((100 * trainingFlops) / (trainingFlops + drawingFlops));
  return [
    [
      'time',
      `about ${formatDays(expectedSeconds(estimate, productRate))} on one machine like this: ${all} in steps (${share} % of training) at ${rate}, half of what one large product just reached; loading, encoding and scoring come on top`,
    ],
    [
      'memory',
      `${formatBytes(memoryBytes)} for the largest training step; this machine has ${formatBytes(machineBytes)}`,
    ],
    [
      'disk',
      `${formatBytes(diskBytes)} at most for runs and pictures, besides ${formatBytes(weightsBytes)} of weights`,
    ],
  ];
}

function tooLargeText({ tooLarge, machineBytes }: MachineEstimate): string {
  if (tooLarge.length === 0) return '';
  const machine = `this machine, with its ${formatBytes(machineBytes)} of memory`;
  const within = tooLarge.filter(({ setting }) => setting !== undefined);
  const never = tooLarge.filter(({ setting }) => setting === undefined);
  const [first] = within;
  return [
    ...(first === undefined
      ? []
      : [
          `\nToo large in one piece for ${machine}; "train: { memory: ${first.setting} }" cuts their steps into segments that fit:`,
          ...within.map(({ variant, bytes }) => `  ${variant}: ${formatBytes(bytes)}`),
        ]),
    ...(never.length === 0
      ? []
      : [
          `\nCannot finish on ${machine}:`,
          ...never.map(
            ({ variant, bytes, least }) =>
              `  ${variant}: ${formatBytes(bytes)}, in segments ${formatBytes(least)} at least`,
          ),
        ]),
    '',
  ].join('\n');
}

const day = 24 * 3600;

function formatDays(seconds: number): string {
  return seconds < 3 * day
    ? formatDuration(seconds)
    : `${formatCount(Math.round(seconds / day))} days`;
}
