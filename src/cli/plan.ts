/** @file `krona plan`: how many parameters an adapter would train, before any weight is downloaded. */
import { type Command, Option } from 'commander';
import { type Adapter, configureAdapter, isAdapterName, placeAdapter } from '../adapters/index.ts';
import { chooseSites, type Site } from '../nn/index.ts';
import { trainSchema } from '../train/config.ts';
import { addAdapterFlags, readAdapterFlags } from './adapter-flags.ts';
import { fieldsOf } from './fields.ts';
import { addFlags, readFlags } from './flags.ts';
import { openPlanBase, type PlanBase } from './plan-base.ts';
import { formatGrid, type Grid, planGrid } from './plan-grid.ts';
import {
  adapterFileBytes,
  groupByBlock,
  groupByProjection,
  totalParameters,
} from './plan-groups.ts';
import { formatBytes, formatCount, formatPlural, formatShare } from './quantities.ts';
import { formatFacts, formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

const fields = fieldsOf(trainSchema.pick({ base: true, adapter: true, targets: true })).map(
  (field) =>
    field.key === 'base'
      ? { ...field, description: 'sd15, sd21, sdxl, pocket, or a folder with unet/config.json' }
      : field,
);
const settings = trainSchema.pick({ base: true, adapter: true, targets: true });

const examples = `
Examples:
  krona plan --base sdxl                        the paper's choice: a1 = 4, a2 = 64
  krona plan --base sdxl --grid                 the paper's Table 2
  krona plan --base sd15 --adapter lora --rank 8
  krona plan --base sd21 --targets attn2.to_k attn2.to_v --a1 8 --a2 32
  krona plan --base sdxl --factors attn1.*=4,64 --factors attn2.*=2,128 --json

No weights are needed: the configurations of Stable Diffusion 1.5, 2.1 and XL are part of the package.
A site is one weight matrix, named as in the model's files, such as
down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q; a pattern names sites by an ending or with *.
`;

/** Adds the command to the program. */
export function addPlan(program: Command, terminal: Terminal): void {
  const command = program
    .command('plan')
    .summary('count the parameters that an adapter would train')
    .description(
      'Counts the parameters that an adapter would train, by projection, by block and in total.',
    )
    .addHelpText('after', examples);
  addFlags(command, fields, 'What to adapt:');
  addAdapterFlags(command);
  command
    .addOption(
      new Option('--grid', 'parameters over a1 and a2, as in Table 2 of the paper').helpGroup(
        'Output:',
      ),
    )
    .addOption(new Option('--json', 'the plan as JSON on standard output').helpGroup('Output:'))
    .action(() => plan(command, terminal));
}

async function plan(command: Command, terminal: Terminal): Promise<void> {
  const { grid: asGrid, json } = command.opts<{ grid?: true; json?: true }>();
  const { base: name, adapter: method, targets } = settings.parse(readFlags(fields, command));
  const given = readAdapterFlags(command, method);
  const base = await openPlanBase(name);
  const adapter = configureAdapter(method, { ...base.recommendation.adapters[method], ...given });
  const sites = chooseSites(base.sites, targets);
  if (asGrid && isAdapterName(method)) {
    const comparable = base.name === 'sdxl' && targets.join() === 'attention';
    const grid = planGrid(method, given, { sites, comparable });
    terminal.out(json ? toJson(gridValue(base, grid)) : gridText(base, { sites, targets }, grid));
    return;
  }
  placeAdapter(adapter, sites);
  const made = makePlan({ base, adapter, sites, targets });
  terminal.out(json ? toJson(made) : planText(base, made));
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

interface Planned {
  readonly base: PlanBase;
  readonly adapter: Adapter;
  readonly sites: readonly Site[];
  readonly targets: readonly string[];
}

type Plan = ReturnType<typeof makePlan>;

function makePlan({ base, adapter, sites, targets }: Planned) {
  const parameters = totalParameters(sites, adapter);
  return {
    base: base.name,
    adapter: adapter.method,
    adapterOptions: adapter.options,
    targets,
    sites: sites.length,
    sitesOfBase: base.sites.length,
    parameters,
    parametersOfBase: base.parameters,
    fileBytes: adapterFileBytes({ adapter, sites }, { name: base.name, sites: base.sites.length }),
    projections: groupByProjection(sites, adapter),
    blocks: groupByBlock(sites, adapter),
  };
}

function planText(base: PlanBase, made: Plan): string {
  const { fileBytes, parameters, sites } = made;
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
    [
      'share',
      `${formatShare(parameters / base.parameters)} of the UNet's ${formatCount(base.parameters)}`,
    ],
    ['file', `${formatBytes(fileBytes.f32)} in fp32, ${formatBytes(fileBytes.f16)} in fp16`],
  ]);
  return `${heading(base, made)}\n\n${projections}\n${blocks}\n${totals}`;
}

function heading(base: PlanBase, { adapter, adapterOptions, targets }: Plan): string {
  const options = Object.entries(adapterOptions)
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return `${adapter} (${options}) on ${base.title}, targets ${targets.join(', ')}`;
}

function gridValue(base: PlanBase, { entries, agreeing }: Grid) {
  return { base: base.name, entries, ...(agreeing === undefined ? {} : { agreeing }) };
}

function gridText(
  base: PlanBase,
  { sites, targets }: Pick<Planned, 'sites' | 'targets'>,
  grid: Grid,
): string {
  return `Trainable parameters by the size a1 x a2 of A, on ${formatPlural(sites.length, 'site')} of ${base.title} (targets ${targets.join(', ')})\n\n${formatGrid(grid)}`;
}
