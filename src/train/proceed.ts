/** @file The work of a run in its folder: encode once, train, write the adapter. */
import { KronaError, RunError } from '../base/errors.ts';
import { textLength } from '../pipeline/base/base-model.ts';
import { openedPerUse } from '../pipeline/network/lending.ts';
import { writeFileAtomic } from '../storage/files/atomic-file.ts';
import { namesIn } from '../storage/files/folders.ts';
import { kindOfPath } from '../storage/path-kind.ts';
import { writeAdapters } from './adapter/finished-adapters.ts';
import { startFromGradients } from './adapter/gradient-start.ts';
import { initialState } from './adapter/initial-state.ts';
import { writeStepAdapter } from './adapter/step-adapters.ts';
import { saveCheckpoint, type TrainState } from './folder/checkpoint.ts';
import { openLogs } from './folder/logs/open-logs.ts';
import { type Report, reportTo } from './folder/logs/run-log.ts';
import { lossCurve } from './folder/loss-curve.ts';
import { madeWith, requireSameDataset, requireSameSettings } from './folder/made-with.ts';
import type { Orders } from './folder/orders.ts';
import type { Owner } from './folder/owner.ts';
import { type Preview, previewsAsked, previewsDue, savePreview } from './folder/preview.ts';
import { latestCheckpoint, requireOrder } from './folder/read-checkpoint.ts';
import { readEvents, stepsOf, validationsOf } from './folder/read-events.ts';
import { type RunPaths, runNames, tidyRun } from './folder/run-folder.ts';
import type { TrainHost } from './host.ts';
import { BatchSource } from './pictures/batches.ts';
import type { Dataset } from './pictures/dataset.ts';
import { openDataset } from './pictures/open-dataset.ts';
import { countSizes } from './pictures/picture-sizes.ts';
import { loadAll, type Pictures, remarksOn } from './pictures/run-pictures.ts';
import { StepPrograms, stepKey, TracedSteps } from './sized-steps.ts';
import { prepared, withTexts } from './start/prepared-plan.ts';
import { formOfDataset } from './texts/text-form.ts';
import { trainLoop } from './trainer.ts';
import type { TrainPlan } from './training-plan.ts';
import { type HeldOut, openHeldOut } from './validation/held-out.ts';
import { Validation } from './validation/validation.ts';

export interface RunResult {
  readonly run: string;
  /** Path of the trained adapter; not there yet after an interruption. */
  readonly adapter: string;
  readonly step: number;
  /** Steps that were done before. */
  readonly fromStep: number;
  readonly interrupted: boolean;
}

/** A run whose folder is there and belongs to this process. */
export interface Run {
  readonly plan: TrainPlan;
  /** What was traced of its steps so far. */
  readonly traced: TracedSteps;
  readonly paths: RunPaths;
  readonly host: TrainHost;
  readonly owner: Owner;
  readonly orders: Orders;
  /** Already loaded by a new run; a resumed one mostly finds them encoded. */
  readonly pictures: Pictures | undefined;
}

/**
 * Works on a run from its last checkpoint to its end, or until it is told to stop; its events say how it ended.
 *
 * @throws RunError RUN_REMOVED where its folder is gone meanwhile; what training and writing throw
 */
export async function proceed(run: Run): Promise<RunResult> {
  const { plan, paths, owner } = run;
  const { listener, now } = run.host;
  await tidyRun(paths);
  const begun = (await namesIn(paths.folder)).includes(runNames.events);
  const before = begun ? await readEvents(paths.events) : [];
  const load = async () => run.pictures ?? (await loadAll(plan));
  const state =
    (await latestCheckpoint(paths.checkpoints, plan)) ?? (await initialState(plan, load));
  requireSameSettings(state, plan, paths);
  const logs = await openLogs(plan.config, { paths, before, fromStep: state.step, now });
  const report = reportTo({ path: paths.events, logs, listener, now });
  await report({ type: 'begun', pid: owner.pid, host: owner.host });
  try {
    return await work(run, state, report);
  } catch (error) {
    const code = error instanceof KronaError ? error.code : 'UNEXPECTED';
    const message = error instanceof Error ? error.message : String(error);
    // What went wrong may be that nothing can be written any more.
    await report({ type: 'failed', code, message }).catch(() => {});
    if ((await kindOfPath(paths.folder)) === 'folder') throw error;
    throw new RunError(
      'RUN_REMOVED',
      `${paths.folder} was removed or renamed while the run worked in it; go on with it under its new name, or start it again`,
      { cause: error },
    );
  }
}

async function work(
  { plan: planned, traced, paths, host, orders, pictures }: Run,
  state: TrainState,
  report: Report,
): Promise<RunResult> {
  const started = host.now();
  const fromStep = state.step;
  const result = { run: paths.folder, adapter: paths.adapter, fromStep };
  const signals = [orders.signal, ...(host.signal === undefined ? [] : [host.signal])];
  const signal = AbortSignal.any(signals);
  const source = { paths, pictures, report, signal, encodedFolder: host.encodedFolder };
  const ready = await prepared(planned, host, { signal, report })
    .then(async (plan) => {
      const { dataset, warnings } = await openDataset(plan, source);
      const form = formOfDataset(dataset, textLength(plan.base));
      const { heldOut, warnings: more } = await openHeldOut(plan, source, form);
      return { plan: withTexts(plan, form), dataset, heldOut, warnings: [...warnings, ...more] };
    })
    .catch((error) => {
      if (signal.aborted && error === signal.reason) return undefined;
      throw error;
    });
  if (ready === undefined) {
    await report({ type: 'interrupted', step: state.step });
    return { ...result, step: state.step, interrupted: true };
  }
  const { plan, dataset, heldOut, warnings } = ready;
  requireOrder(state, dataset, paths.checkpoints);
  await requireSameDataset(state, paths);
  // A resumed run mostly does not look at its pictures again.
  const remarks = pictures === undefined ? { skipped: [], warnings: [] } : remarksOn(pictures);
  await report({
    type: 'started',
    base: plan.base.name,
    device: plan.base.device ?? 'cpu',
    images: dataset.subject.pictures.length,
    sizes: countSizes(dataset.subject.pictures.map(({ framing }) => framing.target)),
    skipped: remarks.skipped,
    sites: siteCount(plan),
    parameters: plan.parameterCount,
    fromStep,
    steps: plan.config.steps,
    notes: [...(plan.base.notes ?? []), ...plan.notes],
    warnings: [...remarks.warnings, ...warnings],
  });
  const interrupted = await train(plan, state, {
    ...{ paths, host, report, dataset, heldOut, orders, signal },
    // Constants that methods compute, and the length of texts, are part of a step's graph.
    traced:
      plan.placed === planned.placed && plan.texts === planned.texts
        ? traced
        : new TracedSteps(plan.base, plan),
  });
  if (!interrupted) {
    await writeAdapters(plan, state, paths);
    const events = await readEvents(paths.events);
    await writeFileAtomic(paths.lossCurve, lossCurve(stepsOf(events), validationsOf(events)));
    const seconds = (host.now() - started) / 1000;
    await report({ type: 'finished', step: state.step, adapter: runNames.adapter, seconds });
  }
  return { ...result, step: state.step, interrupted };
}

interface Surroundings {
  readonly traced: TracedSteps;
  readonly paths: RunPaths;
  readonly host: TrainHost;
  readonly report: Report;
  readonly dataset: Dataset;
  readonly heldOut: readonly HeldOut[];
  readonly orders: Orders;
  readonly signal: AbortSignal;
}

async function train(
  plan: TrainPlan,
  state: TrainState,
  { traced, paths, host, report, dataset, heldOut, orders, signal }: Surroundings,
): Promise<boolean> {
  const { config, base, schedule, predictionType, placed } = plan;
  const draw = async (previews: readonly Preview[]) => {
    for (const each of previews) await drawPreview(plan, state, { ...each, paths, report });
  };
  let saved = state.step;
  orders.beforeEnd = () => report({ type: 'interrupted', step: saved });
  await draw(await previewsLacking(plan, state, paths));
  if (state.step >= config.steps) return false;
  const interrupted = async () => {
    await report({ type: 'interrupted', step: state.step });
    return true;
  };
  const measuring = { events: paths.events, report, signal };
  const isMeasured = heldOut.length > 0;
  const validation = isMeasured
    ? await Validation.begin(plan, state, { heldOut, ...measuring })
    : undefined;
  if (signal.aborted && isMeasured) return await interrupted();
  await report({ type: 'phase', phase: 'compiling' });
  const settings = { ...config, base, placed, dataset, schedule, predictionType };
  const batches = new BatchSource(settings, state.generator, state.order);
  const { networks = openedPerUse } = host;
  const open = async () => new StepPrograms(base, plan, traced);
  return await networks.use(stepKey(plan), open, async (program) => {
    await program.open(batches.sampleShapes);
    const start = { program, settings, signal, report };
    if (state.step === 0 && !(await startFromGradients(plan, state, start))) {
      return await interrupted();
    }
    await report({ type: 'phase', phase: 'training' });
    await validation?.measure(program, state);
    if (signal.aborted && isMeasured) return await interrupted();
    return await trainLoop({
      config,
      state,
      trained: plan.trained,
      rateFactors: plan.rateFactors,
      program,
      batches,
      learningRateAt: plan.learningRateAt,
      report,
      saveAsked: () => orders.checkpointAsked(),
      save: async () => {
        const made = await madeWith(plan, state.step, paths);
        // Before the checkpoint, so that whatever goes on from it has this one already.
        await writeStepAdapter(plan, state, paths);
        const keeping = { keep: config.keepCheckpoints, made };
        const name = await saveCheckpoint(paths.checkpoints, state, keeping);
        saved = state.step;
        const file = `${runNames.checkpoints}/${name}`;
        await report({ type: 'checkpoint', step: state.step, file });
      },
      validate: async () => await validation?.measure(program, state),
      preview: async () => {
        const at = { step: state.step, folder: paths.samples };
        const asked = await previewsAsked(orders.promptsAsked(), at);
        await draw([...previewsDue(plan, state.step), ...asked]);
      },
      signal,
      now: host.now,
    });
  });
}

/** The previews that are due at the state that a run goes on from, and that are not there. */
async function previewsLacking(
  plan: TrainPlan,
  { step }: TrainState,
  { samples }: RunPaths,
): Promise<readonly Preview[]> {
  const there = await namesIn(samples);
  return previewsDue(plan, step).filter(({ name }) => !there.includes(name));
}

interface Drawing extends Preview {
  readonly paths: RunPaths;
  readonly report: Report;
}

/** A preview that cannot be drawn is no reason to lose the training. */
async function drawPreview(
  plan: TrainPlan,
  state: TrainState,
  { name, prompt, paths, report }: Drawing,
): Promise<void> {
  const { step } = state;
  try {
    await savePreview(plan, state, { name, prompt, folder: paths.samples });
    await report({ type: 'sample', step, file: `${runNames.samples}/${name}`, prompt });
  } catch (error) {
    if (!(error instanceof KronaError)) throw error;
    const message = `no preview of "${prompt}" at step ${step}: ${error.message}`;
    await report({ type: 'warning', message });
  }
}

function siteCount({ placed }: TrainPlan): number {
  return placed.reduce((sum, { sites }) => sum + sites.length, 0);
}
