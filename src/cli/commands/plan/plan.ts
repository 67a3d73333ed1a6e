/** @file `krona plan`: what an adapter would train and a step hold, before any weight is downloaded. */
import { type Command, Option } from 'commander';
import {
  type Adapter,
  adapters,
  configureAdapter,
  isAdapterName,
  placeAdapter,
} from '../../../adapters/index.ts';
import { bytesOfSize } from '../../../base/byte-size.ts';
import { ConfigError } from '../../../base/errors.ts';
import { formatBytes, formatCount, formatPlural, formatShare } from '../../../base/quantities.ts';
import { families } from '../../../models/families.ts';
import type { Site } from '../../../nn/index.ts';
import { chooseTrainable, idleSites } from '../../../pipeline/adapters/idle-sites.ts';
import type { BaseModel } from '../../../pipeline/base/base-model.ts';
import { trainSchema } from '../../../train/train-options.ts';
import { addAdapterFlags, readAdapterFlags } from '../../flags/adapter-flags.ts';
import { fieldsOf } from '../../flags/fields.ts';
import { addFlags, readFlags } from '../../flags/flags.ts';
import { hubHost } from '../../shell/hub-progress.ts';
import { interruptible } from '../../shell/interruption.ts';
import { createProgress, type Progress } from '../../shell/progress.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { formatFacts, formatTable } from '../../words/table.ts';
import { openPlanBase, type PlanBase } from './plan-base.ts';
import { bytesOfBudget, formatBudget, planBudget } from './plan-budget.ts';
import { formatGrid, type Grid, planGrid } from './plan-grid.ts';
import {
  adapterFileBytes,
  groupByBlock,
  groupByProjection,
  totalParameters,
} from './plan-groups.ts';
import { stepMemory, stepMemoryText } from './plan-memory.ts';

const settings = trainSchema.pick({ base: true, adapter: true, targets: true });
const stepSettings = trainSchema.pick({ resolution: true, batchSize: true });
const fields = fieldsOf(settings).map((field) =>
  field.key === 'base'
    ? { ...field, description: `${Object.keys(families).join(', ')}, or as for krona train` }
    : field,
);
const stepFields = fieldsOf(stepSettings);
const memoryField = fieldsOf(trainSchema.pick({ memory: true }));

const examples = `
Examples:
  krona plan --base sdxl                        the paper's choice: a1 = 4, a2 = 64
  krona plan --base sdxl --grid                 the paper's Table 2
  krona plan --base sd15 --adapter lora --rank 8
  krona plan --base sd21 --targets attn2.to_k attn2.to_v --a1 8 --a2 32
  krona plan --base sdxl --factors attn1.*=4,64 --factors attn2.*=2,128 --json
  krona plan --base sd15 --budget 2MB           which a1 and a2 fit, and what loads them?
  krona plan --base sdxl --memory 16GB          what does a training step hold?
  krona plan --base stabilityai/stable-diffusion-xl-base-1.0 --adapter lora --rank 4

No weights are needed: the configurations of Stable Diffusion 1.5, 2.1 and XL are part of the package. Of a model of
the hub only the configurations are fetched. --memory traces a whole training step, which takes some seconds; weights
that are not at hand count as half precision, and peaks are estimates for the CPU.
A site is one weight matrix, named as in the model's files, such as
unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q; a pattern names sites by an ending or with *.
`;

/** Gives the command its options and its action. */
export function addPlan(command: Command, terminal: Terminal): void {
  command
    .description(
      'Counts the parameters that an adapter would train, by projection, by block and in total, and states the memory that a training step takes.',
    )
    .addHelpText('after', examples);
  addFlags(command, fields, 'What to adapt:');
  addAdapterFlags(command);
  addFlags(command, stepFields, 'Memory of a training step:');
  command
    .addOption(
      new Option(
        '--memory [size]',
        'what a step holds, by the segments it is cut into; with a size such as 8GB, what stays within it',
      ).helpGroup('Memory of a training step:'),
    )
    .addOption(
      new Option('--offline', 'take models of the hub from the cache only').helpGroup('Output:'),
    )
    .addOption(
      new Option(
        '--budget <size>',
        'which a1 and a2 keep the file, in half precision, within a size such as 2MB, and what loads it elsewhere',
      ).helpGroup('Output:'),
    )
    .addOption(
      new Option('--grid', 'parameters over a1 and a2, as in Table 2 of the paper').helpGroup(
        'Output:',
      ),
    )
    .addOption(new Option('--json', 'the plan as JSON on standard output').helpGroup('Output:'))
    .action(() => plan(command, terminal));
}

interface PlanFlags {
  readonly grid?: true;
  readonly budget?: string;
  readonly json?: true;
  readonly offline?: true;
  readonly memory?: string | true;
}

async function plan(command: Command, terminal: Terminal): Promise<void> {
  const { json } = command.opts<PlanFlags>();
  const progress = createProgress(terminal, { quiet: json === true });
  await interruptible(terminal, 'stopping ...', async (signal) => {
    const text = await planned(command, { terminal, progress, signal });
    progress.end();
    await terminal.answer(text);
  }).finally(() => progress.end());
}

interface Surroundings {
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function planned(
  command: Command,
  { terminal, progress, signal }: Surroundings,
): Promise<string> {
  const flags = command.opts<PlanFlags>();
  const given = readFlags(fields, command);
  const { base: name, adapter: method, ...rest } = settings.parse(given);
  const options = readAdapterFlags(command, method);
  const usual = isAdapterName(method) ? adapters[method].defaults.targets : undefined;
  const targets = given.targets === undefined ? (usual ?? rest.targets) : rest.targets;
  // Events of a download are for people here: standard output is the plan.
  const host = hubHost(terminal, {
    progress,
    signal,
    flags: flags.offline ? { offline: true } : {},
  });
  const base = await openPlanBase(name, host);
  const adapter = configureAdapter(method, { ...base.recommendation.adapters[method], ...options });
  const from = {
    base: base.name,
    all: base.sites,
    idle: base.model === undefined ? new Set<string>() : idleSites(base.model),
  };
  const { sites, leftOut } = chooseTrainable(from, targets, adapter.kinds);
  if (flags.grid && isAdapterName(method)) {
    const comparable = base.name === 'sdxl' && targets.join() === 'attention';
    const grid = planGrid(method, options, { sites, comparable });
    return flags.json ? toJson(gridValue(base, grid)) : gridText(base, { sites, targets }, grid);
  }
  if (flags.budget !== undefined) {
    requireKrona(method);
    const about = { name: base.name, sites: base.sites.length };
    const bytes = bytesOfBudget(flags.budget);
    const entries = planBudget(adapter.options, { sites, base: about, bytes });
    if (flags.json) return toJson({ base: base.name, budgetBytes: bytes, entries });
    return `KronA on ${formatPlural(sites.length, 'site')} of ${base.title} (targets ${targets.join(', ')}), at most ${formatBytes(bytes)} in half precision\n\n${formatBudget(entries)}`;
  }
  const placed = placeAdapter(adapter, sites);
  const made = makePlan({ base, adapter, sites, targets, leftOut });
  const step = stepSettings.parse(readFlags(stepFields, command));
  if (flags.memory === undefined && Object.keys(readFlags(stepFields, command)).length === 0) {
    return flags.json ? toJson(made) : planText(base, made);
  }
  const limit = typeof flags.memory === 'string' ? limitOf(command) : undefined;
  progress.status('tracing a training step ...');
  const memory = stepMemory(requireTraceable(base), {
    ...step,
    placed: [placed],
    memoryBytes: limit?.memoryBytes,
    onPlan: ({ count }) => progress.status(`cut into ${formatPlural(count, 'segment')} ...`),
  });
  if (flags.json) return toJson({ ...made, memory });
  return `${planText(base, made)}\n${stepMemoryText(memory, limit?.text)}`;
}

/** @throws ConfigError BUDGET_WITHOUT_FACTORS */
function requireKrona(method: string): void {
  if (method === adapters.krona.name) return;
  throw new ConfigError(
    'BUDGET_WITHOUT_FACTORS',
    `--budget chooses a1 and a2, which the adapter "${method}" does not have; use --adapter krona`,
  );
}

/** @throws ConfigError FLAG_VALUE */
function limitOf(command: Command): { readonly text: string; readonly memoryBytes: number } {
  const text = String(readFlags(memoryField, command).memory);
  return { text, memoryBytes: bytesOfSize(text) ?? 0 };
}

/** @throws ConfigError MEMORY_OF_PART */
function requireTraceable({ name, model }: PlanBase): BaseModel {
  if (model !== undefined) return model;
  throw new ConfigError(
    'MEMORY_OF_PART',
    `--memory: ${name} is a UNet alone; the memory of a training step takes the configurations of the whole model: give the folder of all its parts`,
  );
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

interface Planned {
  readonly base: PlanBase;
  readonly adapter: Adapter;
  readonly sites: readonly Site[];
  readonly targets: readonly string[];
  /** Sites of the targets that nothing depends on. */
  readonly leftOut: number;
}

type Plan = ReturnType<typeof makePlan>;

function makePlan({ base, adapter, sites, targets, leftOut }: Planned) {
  const parameters = totalParameters(sites, adapter);
  return {
    base: base.name,
    adapter: adapter.method,
    adapterOptions: adapter.options,
    targets,
    sites: sites.length,
    sitesLeftOut: leftOut,
    sitesOfBase: base.sites.length,
    parameters,
    parametersOfBase: base.parameters,
    fileBytes: adapterFileBytes({ adapter, sites }, { name: base.name, sites: base.sites.length }),
    projections: groupByProjection(sites, adapter),
    blocks: groupByBlock(sites, adapter),
  };
}

function planText(base: PlanBase, made: Plan): string {
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
      `${formatShare(parameters / base.parameters)} of the UNet's ${formatCount(base.parameters)}`,
    ],
    ['file', `${formatBytes(fileBytes.f32)} in fp32, ${formatBytes(fileBytes.f16)} in fp16`],
  ]);
  return `${heading(base, made)}\n\n${projections}\n${blocks}\n${totals}`;
}

/** Sites that a training would leave out. */
function leftOutFact(count: number): readonly [string, string][] {
  if (count === 0) return [];
  return [['left out', `${formatPlural(count, 'site')} that the UNet takes the states before`]];
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
