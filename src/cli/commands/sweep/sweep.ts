/** @file `krona sweep`: runs what of a sweep has no result yet, on this machine or through a queue. */
import { availableParallelism, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { RunError } from '../../../base/errors.ts';
import { formatPlural } from '../../../base/quantities.ts';
import { queueEngine } from '../../../experiments/queue/queue-engine.ts';
import { openStore } from '../../../experiments/store/open-store.ts';
import { SweepEstimator } from '../../../experiments/sweep/plan/estimate.ts';
import {
  outlineSweep,
  type PlanOptions,
  planSweep,
  type SweepOutline,
  type SweepPlan,
} from '../../../experiments/sweep/plan/plan-sweep.ts';
import { runSweep, type SweepHost } from '../../../experiments/sweep/run/run-sweep.ts';
import { readSpec } from '../../../experiments/sweep/spec/read-spec.ts';
import { processEngine } from '../../../experiments/sweep/work/process-engine.ts';
import { taskMemory } from '../../../experiments/sweep/work/task-memory.ts';
import { TaskProcess } from '../../../experiments/sweep/work/task-process.ts';
import type { TaskEngine } from '../../../experiments/sweep/work/worker-protocol.ts';
import { deviceChoices, productRate } from '../../../runtime/index.ts';
import { fieldsOf } from '../../flags/fields.ts';
import { addFlags } from '../../flags/flags.ts';
import { addOutputFlags, givenSettings, type OutputFlags } from '../../flags/settings.ts';
import { shownWork } from '../../shell/shown-work.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { expectedSeconds, formatSweepPlan, type MachineEstimate, workOf } from './sweep-plan.ts';
import { showSweep } from './sweep-progress.ts';
import { threadsEach, workerEntry, workerName } from './task-worker-entry.ts';

const schema = z.strictObject({
  store: z
    .string()
    .default('runs/experiments')
    .describe('where results land: a folder, or s3://bucket/prefix')
    .meta({ placeholder: 'store' }),
  work: z
    .string()
    .default('runs/experiments/work')
    .describe('folder on this machine for runs and pictures')
    .meta({ placeholder: 'dir' }),
  results: z
    .string()
    .optional()
    .describe('folder for NAME.json, .csv and .webp; "results" beside the sweep where not given')
    .meta({ placeholder: 'dir' }),
  pictures: z
    .string()
    .optional()
    .describe("your copy of the benchmark's pictures, where it does not come with any")
    .meta({ placeholder: 'dir' }),
  workers: z
    .number()
    .int()
    .positive()
    .max(1024)
    .optional()
    .describe('processes here; by default as many as cores and memory allow'),
  queue: z
    .string()
    .optional()
    .describe('redis:// or postgres:// address: krona worker processes anywhere do the work')
    .meta({ placeholder: 'url' }),
  device: z.enum(deviceChoices).optional().describe('where to compute; the CPU by default'),
});
type SweepSettings = z.output<typeof schema>;

const fields = fieldsOf(schema);

interface SweepFlags extends OutputFlags {
  readonly plan?: true;
}

const examples = `
Examples:
  krona sweep experiments/fig7.pocket.yaml
  krona sweep experiments/*.pocket.yaml --plan
  krona sweep mine.yaml --queue redis://localhost --store s3://bucket/mine
  krona report experiments/results --out report

A sweep is a small file: docs/experiments.md. --plan needs neither weights nor
pictures nor, for published models, the network. Stopped or killed? The same command goes on; what has a result is not done
again, whichever sweep asked for it first.
`;

/** Gives the command its options and its action. */
export function addSweep(command: Command, terminal: Terminal): void {
  command
    .description('Runs sweeps: every variant on every subject with every seed, scored alike.')
    .argument('<specs...>', 'sweep files')
    .addHelpText('after', examples);
  command.addOption(
    new Option('--plan', 'only say what would be done, and what it takes').helpGroup(
      'Where and how:',
    ),
  );
  addFlags(command, fields, 'Where and how:');
  addOutputFlags(command);
  command.action((specs: readonly string[]) => sweep(specs, command, terminal));
}

async function sweep(
  specs: readonly string[],
  command: Command,
  terminal: Terminal,
): Promise<void> {
  const flags = command.opts<SweepFlags>();
  const settings = schema.parse(await givenSettings(command, fields));
  // All are read before any is run: a slip in the last one shows at once.
  const named = await Promise.all(specs.map(readSpec));
  const stopping = 'stopping after this step; what is done is kept ...';
  const missing: string[] = [];
  const machine = new ThisMachine(terminal.now);
  for (const each of named) {
    await shownWork(terminal, flags, { stopping, show: showSweep(terminal.now) }, async (host) => {
      if (flags.plan) {
        const { plan, base } = await outlineSweep(each, planOptions(settings, host));
        const estimate = await machine.estimate({ plan, base });
        const event = `${JSON.stringify(planEvent(plan, estimate))}\n`;
        const text = formatSweepPlan(plan, estimate, base.notes ?? []);
        await terminal.answer(flags.json ? event : text);
        return;
      }
      const plan = await planSweep(each, planOptions(settings, host));
      missing.push(...(await carryOut(plan, { settings, flags, host, terminal })));
    });
  }
  requireComplete(missing);
}

function planOptions({ pictures }: SweepSettings, { hub }: Pick<PlanOptions, 'hub'>): PlanOptions {
  return { hub, ...(pictures === undefined ? {} : { pictures }) };
}

function planEvent(
  { name, cells, tasks, variants }: SweepPlan,
  estimate: MachineEstimate | undefined,
) {
  return {
    type: 'plan',
    name,
    variants: variants.length,
    cells: cells.length,
    tasks: tasks.length,
    ...workOf(tasks),
    ...(estimate === undefined
      ? {}
      : { estimate: { ...estimate, seconds: expectedSeconds(estimate) } }),
  };
}

/** Estimates for this machine, whose rate is measured once. */
class ThisMachine {
  readonly #now: () => number;
  readonly #estimator = new SweepEstimator(totalmem());
  #rate: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Undefined where nothing is drawn. */
  async estimate(outline: SweepOutline): Promise<MachineEstimate | undefined> {
    if (outline.plan.tasks.length === 0) return undefined;
    this.#rate ??= await productRate(this.#now);
    const estimate = this.#estimator.estimate(outline);
    return { ...estimate, productRate: this.#rate, machineBytes: totalmem() };
  }
}

interface Surroundings {
  readonly settings: SweepSettings;
  readonly flags: OutputFlags;
  readonly host: SweepHost & Pick<PlanOptions, 'hub'>;
  readonly terminal: Terminal;
}

async function carryOut(
  plan: SweepPlan,
  { settings, flags, host, terminal }: Surroundings,
): Promise<readonly string[]> {
  const store = await openStore(settings.store, process.env);
  const results = settings.results ?? join(dirname(plan.path), 'results');
  const engine = await engineOf(plan, settings, flags, host.hub);
  const { file, results: outcome } = await runSweep(plan, { store, results, engine }, host);
  if (!flags.json) terminal.out(`${file}\n`);
  return outcome.missing.map(({ cell, reason }) => `${plan.name}: ${cell}: ${reason}`);
}

/** Reasons that are shown of those why something is missing. */
const mostReasons = 10;

function requireComplete(missing: readonly string[]): void {
  if (missing.length === 0) return;
  const more = missing.length > mostReasons ? [`... and ${missing.length - mostReasons} more`] : [];
  throw new RunError(
    'SWEEP_INCOMPLETE',
    [
      `${formatPlural(missing.length, 'cell')} without a result; the same command tries them again:`,
      ...missing.slice(0, mostReasons),
      ...more,
    ].join('\n  '),
  );
}

async function engineOf(
  plan: SweepPlan,
  { store, work, queue, pictures, device, workers }: SweepSettings,
  { offline }: OutputFlags,
  hub: PlanOptions['hub'],
): Promise<TaskEngine> {
  if (queue !== undefined) return queueEngine({ url: queue, sweep: plan.name, store });
  const options = {
    ...{ store, work, offline: Boolean(offline) },
    ...(pictures === undefined ? {} : { pictures }),
    ...(device === undefined ? {} : { device }),
  };
  const count = workers ?? (await workersHere(plan, hub));
  return processEngine(count, (number) => {
    const name = workerName(number);
    const own = { worker: name, threads: threadsEach(count) };
    const runner = new TaskProcess(workerEntry(), { ...options, ...own });
    return {
      name,
      runner,
      [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
    };
  });
}

/** Sessions use all cores by themselves: two workers pay off where there are four. */
const coresPerWorker = 2;
/** What others may need meanwhile. */
const memoryShare = 0.8;

async function workersHere(plan: SweepPlan, hub: PlanOptions['hub']): Promise<number> {
  const byCores = Math.floor(availableParallelism() / coresPerWorker);
  if (byCores <= 1) return 1;
  const bytes = await taskMemory(plan, hub);
  return Math.max(1, Math.min(byCores, Math.floor((memoryShare * freemem()) / bytes)));
}
