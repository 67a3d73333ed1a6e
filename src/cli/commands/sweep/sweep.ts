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
import { expectedSeconds, workOf } from '../../../experiments/sweep/plan/expected.ts';
import {
  outlineSweep,
  type PlanOptions,
  planSweep,
  type SweepOutline,
  type SweepPlan,
} from '../../../experiments/sweep/plan/plan-sweep.ts';
import { runSweep } from '../../../experiments/sweep/run/run-sweep.ts';
import { ownSweep } from '../../../experiments/sweep/run/sweep-owner.ts';
import { type NamedSpec, readSpec } from '../../../experiments/sweep/spec/read-spec.ts';
import { taskMemory } from '../../../experiments/sweep/work/task-memory.ts';
import {
  processCount,
  taskProcesses,
  taskSettings,
} from '../../../experiments/sweep/work/task-processes.ts';
import type { TaskEngine } from '../../../experiments/sweep/work/worker-protocol.ts';
import { productRate } from '../../../runtime/index.ts';
import { fieldsOf } from '../../flags/fields.ts';
import { addSettings, givenSettings } from '../../flags/settings.ts';
import { addAction, type Work } from '../../shell/action.ts';
import { Interruption } from '../../shell/failure.ts';
import type { Terminal } from '../../shell/terminal.ts';
import { formatSweepPlan, type MachineEstimate } from './sweep-plan.ts';
import { showSweep } from './sweep-progress.ts';

const schema = z.strictObject({
  store: z
    .string()
    .default('runs/experiments')
    .describe('where results land: a folder, or s3://bucket/prefix')
    .meta({ placeholder: 'store' }),
  work: taskSettings.work,
  results: z
    .string()
    .optional()
    .describe('folder for NAME.json, .csv and .webp; "results" beside the sweep where not given')
    .meta({ placeholder: 'dir' }),
  pictures: taskSettings.pictures,
  workers: processCount
    .optional()
    .describe('processes here; by default as many as cores and memory allow'),
  queue: z
    .string()
    .optional()
    .describe('redis:// or postgres:// address: krona worker processes anywhere do the work')
    .meta({ placeholder: 'url' }),
  device: taskSettings.device,
});
type SweepSettings = z.output<typeof schema>;

const fields = fieldsOf(schema);

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
  addSettings(command, fields, 'Where and how:');
  const stopping = 'stopping after this step; what is done is kept ...';
  addAction(command, terminal, { json: 'events', stopping }, (work, specs: readonly string[]) =>
    sweep(specs, command, work),
  );
}

async function sweep(specs: readonly string[], command: Command, work: Work): Promise<void> {
  const { plan: planOnly } = command.opts<{ readonly plan?: true }>();
  const settings = schema.parse(await givenSettings(command, fields));
  // All are read before any is run: a slip in the last one shows at once.
  const named = await Promise.all(specs.map(readSpec));
  const missing: string[] = [];
  const machine = new ThisMachine(work.now);
  for (const each of named) {
    if (planOnly) {
      const outline = await outlineSweep(each, planOptions(settings, work));
      const { plan, bases } = outline;
      const estimate = await machine.estimate(outline);
      const notes = [...bases.values()].flatMap((base) => base.notes ?? []);
      const text = formatSweepPlan(plan, estimate, notes);
      await work.answer({ text, value: planEvent(plan, estimate) });
    } else {
      missing.push(...(await carryOut(each, settings, work)));
    }
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
      : { estimate: { ...estimate, seconds: expectedSeconds(estimate, estimate.productRate) } }),
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

async function carryOut(
  named: NamedSpec,
  settings: SweepSettings,
  asked: Work,
): Promise<readonly string[]> {
  const store = openStore(settings.store, process.env);
  const results = settings.results ?? join(dirname(named.path), 'results');
  await using owned = await ownSweep(
    { folder: results, name: named.name },
    { now: asked.now, stopped: new Interruption('stopped'), endNow: asked.endNow },
  );
  const signal = AbortSignal.any([asked.signal, owned.signal]);
  const work = { ...asked, signal, hub: { ...asked.hub, signal } };
  const plan = await planSweep(named, planOptions(settings, work));
  const engine = await engineOf(plan, settings, work);
  const host = { ...work, listener: work.shown(showSweep(work.now)) };
  const { file, results: outcome } = await runSweep(plan, { store, results, engine }, host);
  work.out({ text: `${file}\n` });
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
  settings: SweepSettings,
  { hub, taskProgram }: Work,
): Promise<TaskEngine> {
  const { queue, store, workers } = settings;
  if (queue !== undefined) return queueEngine({ url: queue, sweep: plan.name, store });
  const processes = workers ?? (await workersHere(plan, hub));
  return taskProcesses(settings, { processes, offline: hub.offline, program: taskProgram });
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
