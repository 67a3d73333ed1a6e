/** @file A plan of one adapter, as people read it. */
import { formatBytes, formatCount, formatPlural, formatShare } from '../../../base/quantities.ts';
import type { SegmentPlan } from '../../../graph/index.ts';
import type { AdapterPlan, Plan } from '../../../plan/plan.ts';
import type { PlanOptions } from '../../../plan/plan-options.ts';
import type { PlannedMemory } from '../../../plan/planned-memory.ts';
import { commandLine } from '../../shell/command-line.ts';
import { formatFacts, formatTable } from '../../words/table.ts';
import { budgetText, gridText } from './size-texts.ts';

/** The plan; `memory` as it was asked for. */
export function planText(made: Plan, memory: PlanOptions['memory']): string {
  switch (made.kind) {
    case 'grid':
      return gridText(made);
    case 'budget':
      return budgetText(made);
    case 'adapter': {
      const text = adapterText(made);
      if (made.memory === undefined) return text;
      return `${text}\n${memoryText(made.memory, typeof memory === 'string' ? memory : undefined)}`;
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
    ...(made.memory === undefined
      ? [['memory', '--memory says what a training step takes'] as const]
      : []),
  ]);
  return `${heading(made)}\n\n${projections}\n${blocks}\n${totals}`;
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

/** The memory as a table, and what stays within what was given. */
function memoryText(
  { resolution, batchSize, plans, fits }: PlannedMemory,
  given: string | undefined,
): string {
  const table = formatTable(
    [
      { title: 'segments', align: 'right' },
      { title: 'memory', align: 'right' },
    ],
    plans.map(({ count, bytes }) => [String(count), formatBytes(bytes)]),
  );
  const heading = `A training step on the CPU, ${resolution} x ${resolution} pixels, ${formatPlural(batchSize, 'picture')} at once:`;
  return `${heading}\n${table}${fits === undefined ? '' : `${verdict(fits, plans, given)}\n`}`;
}

function verdict(fits: SegmentPlan | null, plans: readonly SegmentPlan[], given = ''): string {
  if (fits !== null) {
    const how = fits.count === 1 ? 'in one piece' : `in ${fits.count} segments`;
    return `Within ${given} it runs ${how}: ${commandLine('train', '--memory', given)}`;
  }
  const least = plans.reduce((a, b) => (b.bytes < a.bytes ? b : a));
  return `${given} is too little: the least is ${formatBytes(least.bytes)}; take a smaller batch or resolution.`;
}
