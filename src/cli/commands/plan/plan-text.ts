/** @file A plan of one adapter, as people read it. */
import {
  formatBytes,
  formatCount,
  formatOperations,
  formatPlural,
  formatShare,
} from '../../../base/quantities.ts';
import type { SegmentPlan } from '../../../graph/index.ts';
import type { AdapterPlan, Plan } from '../../../plan/plan.ts';
import type { PlanOptions } from '../../../plan/plan-options.ts';
import type { PlannedMemory } from '../../../plan/planned-memory.ts';
import type { OperationPair, PlannedOperations } from '../../../plan/planned-operations.ts';
import { commandLine } from '../../shell/command-line.ts';
import { formatFacts, formatTable } from '../../words/table.ts';
import { budgetText, gridText } from './size-texts.ts';

/** The step that was asked for, in its own words. */
type AskedStep = Pick<PlanOptions, 'memory' | 'basePrecision'>;

/** The plan, and what of a step was asked for. */
export function planText(made: Plan, asked: AskedStep): string {
  switch (made.kind) {
    case 'grid':
      return gridText(made);
    case 'budget':
      return budgetText(made);
    case 'adapter': {
      const text = adapterText(made);
      if (made.memory === undefined) return text;
      return `${text}\n${memoryText(made.memory, asked)}`;
    }
    default:
      return made satisfies never;
  }
}

function adapterText(made: AdapterPlan): string {
  const { fileBytes, parameters, sites, sitesLeftOut } = made;
  const right = 'right' as const;
  const projections = formatTable(
    [
      { title: 'projection' },
      { title: 'matrix' },
      { title: 'sites', align: right },
      { title: 'each', align: right },
      { title: 'parameters', align: right },
    ],
    made.projections.map((group) => [
      group.projection,
      `${group.out} x ${group.in}`,
      formatCount(group.sites),
      formatCount(group.parametersEach),
      formatCount(group.parameters),
    ]),
  );
  const blocks = formatTable(
    [{ title: 'block' }, { title: 'sites', align: right }, { title: 'parameters', align: right }],
    made.blocks.map((group) => [
      group.block,
      formatCount(group.sites),
      formatCount(group.parameters),
    ]),
  );
  const totals = formatFacts([
    ['total', `${formatCount(parameters)} parameters in ${formatPlural(sites, 'site')}`],
    ...leftOutFact(sitesLeftOut),
    [
      'share',
      `${formatShare(parameters / made.parametersOfBase)} of the UNet's ${formatCount(made.parametersOfBase)}`,
    ],
    ['file', `${formatBytes(fileBytes.f32)} in fp32, ${formatBytes(fileBytes.f16)} in fp16`],
    ...computedFact(made.computedOnce),
    ...(made.memory === undefined
      ? [['memory', '--memory says what a training step takes'] as const]
      : []),
    ...(made.operations === undefined
      ? [['time', '--operations counts those of a step and of a picture'] as const]
      : []),
  ]);
  const { operations } = made;
  const counted = operations === undefined ? '' : `\n${operationsText(operations)}`;
  return `${heading(made)}\n\n${projections}\n${blocks}\n${totals}${counted}`;
}

/** What is computed before the first step on a base. */
function computedFact(count: number): readonly [string, string][] {
  if (count === 0) return [];
  return [['cache', `${formatBytes(4 * count)} that is computed once of the base's weights`]];
}

/** Sites that a training would leave out. */
function leftOutFact(count: number): readonly [string, string][] {
  if (count === 0) return [];
  return [['left out', `${formatPlural(count, 'site')} that the UNet takes the states before`]];
}

function heading({ title, adapter, adapterOptions, targets }: AdapterPlan): string {
  const options = Object.entries(adapterOptions)
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return `${adapter} (${options}) on ${title}, targets ${targets.join(', ')}`;
}

/** Operations with the adapter and without, as a table. */
function operationsText(planned: PlannedOperations): string {
  const { resolution, batchSize, prediction, trainingStep, samplingStep, picture } = planned;
  const { steps, guidance } = picture;
  const right = 'right' as const;
  const pair = (what: string, { adapted, base }: OperationPair) => [
    what,
    formatOperations(base),
    formatOperations(adapted),
    formatShare(adapted / base - 1),
  ];
  const table = formatTable(
    [
      { title: 'operations' },
      { title: 'base', align: right },
      { title: 'with adapter', align: right },
      { title: 'more', align: right },
    ],
    [
      pair('UNet, once', prediction),
      pair(`step of drawing, guidance ${guidance}`, samplingStep),
      pair(`picture of ${steps} steps`, picture),
      [
        `training step of ${formatPlural(batchSize, 'picture')}`,
        '',
        formatOperations(trainingStep),
        '',
      ],
    ],
  );
  return `${table}At ${resolution} x ${resolution} pixels; 2 FLOP are one MAC. Merged into the weights, the adapter draws as the base does.\n`;
}

/** The memory as a table, and what stays within what was given. */
function memoryText(
  { resolution, batchSize, plans, fits }: PlannedMemory,
  asked: AskedStep,
): string {
  const table = formatTable(
    [
      { title: 'segments', align: 'right' },
      { title: 'memory', align: 'right' },
    ],
    plans.map(({ count, bytes }) => [String(count), formatBytes(bytes)]),
  );
  const heading = `A training step on the CPU, ${resolution} x ${resolution} pixels, ${formatPlural(batchSize, 'picture')} at once:`;
  return `${heading}\n${table}${fits === undefined ? '' : `${verdict(fits, plans, asked)}\n`}`;
}

function verdict(
  fits: SegmentPlan | null,
  plans: readonly SegmentPlan[],
  { memory, basePrecision }: AskedStep,
): string {
  const given = String(memory);
  const within = given === 'auto' ? "nine tenths of this machine's memory" : given;
  if (fits !== null) {
    const how = fits.count === 1 ? 'in one piece' : `in ${fits.count} segments`;
    const precision = basePrecision === undefined ? [] : ['--base-precision', basePrecision];
    return `Within ${within} it runs ${how}: ${commandLine('train', '--memory', given, ...precision)}`;
  }
  const least = plans.reduce((a, b) => (b.bytes < a.bytes ? b : a));
  return `${within} is too little: the least is ${formatBytes(least.bytes)}; take a smaller batch or resolution.`;
}
