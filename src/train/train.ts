/** @file Starts and resumes runs: plan, encode once, train, write the adapter. */
import { join, resolve } from 'node:path';
import { initialTensors } from '../adapters/index.ts';
import { RunError } from '../base/errors.ts';
import type { Listener } from '../base/events.ts';
import { TorchGenerator } from '../base/torch-random.ts';
import { startAverage } from '../optim/moving-average.ts';
import { optimizers } from '../optim/registry.ts';
import { openBaseModel } from '../pipeline/base-model.ts';
import { type Networks, openedPerUse } from '../pipeline/networks.ts';
import { onDevice } from '../pipeline/on-device.ts';
import { prepareAdapters } from '../pipeline/site-constants.ts';
import { readSiteWeights } from '../pipeline/site-weights.ts';
import { weightsFingerprint } from '../pipeline/weights-fingerprint.ts';
import type { DeviceChoice } from '../runtime/index.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { isPinned } from '../storage/hub/hub-name.ts';
import { appendLine } from '../storage/json-lines.ts';
import { BatchSource } from './batches.ts';
import { saveCheckpoint, type TrainState } from './checkpoint.ts';
import type { TrainOptions } from './config.ts';
import type { Dataset } from './dataset.ts';
import type { TrainEvent } from './events.ts';
import {
  initialAdapterBytes,
  keptInitial,
  openStart,
  settingsOfInitial,
} from './initial-adapter.ts';
import { lossCurve } from './loss-curve.ts';
import { loadAll, openDataset, type Pictures, remarksOn } from './open-dataset.ts';
import { countSizes } from './picture-sizes.ts';
import { planTraining, type TrainPlan } from './plan.ts';
import { savePreview } from './preview.ts';
import { latestCheckpoint, requireOrder } from './read-checkpoint.ts';
import { readEvents, stepsOf } from './read-events.ts';
import { resolveConfig } from './resolve.ts';
import {
  createRun,
  type RunPaths,
  type RunRecord,
  readRun,
  requireFree,
  runPaths,
  tidyRun,
} from './run-folder.ts';
import { StepProgram } from './step-program.ts';
import { StepPrograms, stepKey } from './step-programs.ts';
import { openTensorboardLog } from './tensorboard-log.ts';
import { only, trainLoop } from './trainer.ts';
import { packageVersion } from './version.ts';
import { writeAdapters } from './write-adapters.ts';

/** What a run needs of its surroundings. */
export interface TrainHost {
  readonly listener?: Listener<TrainEvent>;
  /** Aborted: finish the step, write a checkpoint, stop. */
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly now: () => number;
  /** Shows and stops the download of a base model. */
  readonly hub?: HubHost;
  /** Lends the compiled step to several runs. @default it is opened for this one, and closed */
  readonly networks?: Networks | undefined;
  /** Folder of encoded pictures and prompts, which runs with the same ones share. @default each encodes its own */
  readonly encodedFolder?: string | undefined;
}

export interface RunResult {
  readonly run: string;
  /** Path of the trained adapter; not there yet after an interruption. */
  readonly adapter: string;
  readonly step: number;
  readonly interrupted: boolean;
}

/**
 * Trains an adapter in a new run folder. Everything is checked before the folder is made.
 *
 * @throws KronaError of many kinds, each naming what is wrong and what to do
 */
export async function startRun(options: TrainOptions, host: TrainHost): Promise<RunResult> {
  const { base: opened, initial } = await openStart(options, host.hub);
  const settings = initial ? settingsOfInitial(options, initial, opened) : options;
  const asked = resolveConfig(settings, opened.recommendation);
  const base = await onDevice(opened, asked.device);
  // Devices differ in their rounding, so that run.json states the one that `auto` found.
  const config = { ...asked, device: base.device };
  const plan = planTraining(config, base, initial);
  await requireFree(config.out);
  StepProgram.plan(base, plan); // a step that cannot be traced, or not in the memory given
  const pictures = await loadAll(plan);
  const paths = await createRun(
    config.out,
    await recordOf(plan, pictures),
    initial && initialAdapterBytes(initial, base),
  );
  return await proceed({ plan, paths, host, pictures });
}

/** What may change when a run goes on. */
export interface ResumeOptions {
  /** @default the device that the run began on */
  readonly device?: DeviceChoice | undefined;
}

/**
 * Goes on with a run from its last checkpoint; on the same device the result is the one an uninterrupted run would have
 * had, byte for byte.
 *
 * @throws RunError NOT_A_RUN, BASE_CHANGED, INIT_CHANGED, or what training may throw
 */
export async function resumeRun(
  folder: string,
  host: TrainHost,
  { device }: ResumeOptions = {},
): Promise<RunResult> {
  const record = await readRun(folder);
  const { name, folder: baseFolder } = record.base;
  const opened = await openBaseModel(
    name === 'pocket' || isPinned(name) ? name : baseFolder,
    host.hub,
    { prediction: record.config.prediction, ema: record.config.ema },
  );
  if ((await weightsFingerprint(opened.unet.weights)) !== record.base.unetFingerprint) {
    throw new RunError(
      'BASE_CHANGED',
      `${folder}: the base model ${opened.folder} is not the one this run began with; restore it, or start a new run`,
    );
  }
  const base = await onDevice(opened, device ?? record.config.device);
  const paths = runPaths(folder);
  const initial = record.init && (await keptInitial(paths, record.init, base));
  const plan = planTraining({ ...record.config, out: folder }, base, initial);
  return await proceed({ plan, paths, host, pictures: undefined });
}

interface Run {
  readonly plan: TrainPlan;
  readonly paths: RunPaths;
  readonly host: TrainHost;
  /** Already loaded by a new run; a resumed one mostly finds them encoded. */
  readonly pictures: Pictures | undefined;
}

async function proceed({ plan: planned, paths, host, pictures }: Run): Promise<RunResult> {
  const started = host.now();
  const { config, base } = planned;
  await tidyRun(paths);
  const state =
    (await latestCheckpoint(paths.checkpoints, planned)) ?? (await initialState(planned));
  const tensorboard = config.tensorboard
    ? await openTensorboardLog(paths.tensorboard, { fromStep: state.step, now: host.now })
    : undefined;
  const report = async (event: TrainEvent) => {
    if (event.type !== 'progress') await appendLine(paths.events, event);
    await tensorboard?.(event);
    host.listener?.(event);
  };
  const { signal, encodedFolder } = host;
  const source = { paths, pictures, report, signal, encodedFolder };
  const ready = await prepared(planned, host, report)
    .then(async (plan) => ({ plan, dataset: await openDataset(plan, source) }))
    .catch((error) => {
      if (signal?.aborted && error === signal.reason) return undefined;
      throw error;
    });
  if (ready === undefined) {
    await report({ type: 'interrupted', step: state.step });
    return { run: paths.folder, adapter: paths.adapter, step: state.step, interrupted: true };
  }
  const { plan, dataset } = ready;
  requireOrder(state, dataset.dataset, paths.checkpoints);
  // A resumed run mostly does not look at its pictures again.
  const remarks = pictures === undefined ? { skipped: [], warnings: [] } : remarksOn(pictures);
  await report({
    type: 'started',
    base: base.name,
    device: base.device ?? 'cpu',
    images: dataset.dataset.subject.pictures.length,
    sizes: countSizes(dataset.dataset.subject.pictures.map(({ framing }) => framing.target)),
    skipped: remarks.skipped,
    sites: siteCount(plan),
    parameters: plan.parameterCount,
    fromStep: state.step,
    steps: config.steps,
    notes: [...(base.notes ?? []), ...plan.notes],
    warnings: [...remarks.warnings, ...dataset.warnings],
  });
  const interrupted = await train(plan, state, { paths, host, report, dataset: dataset.dataset });
  if (!interrupted) {
    await writeFileAtomic(paths.lossCurve, lossCurve(stepsOf(await readEvents(paths.events))));
    await writeAdapters(plan, state, paths);
    const seconds = (host.now() - started) / 1000;
    await report({ type: 'finished', step: state.step, adapter: paths.adapter, seconds });
  }
  return { run: paths.folder, adapter: paths.adapter, step: state.step, interrupted };
}

interface Surroundings {
  readonly paths: RunPaths;
  readonly host: TrainHost;
  readonly report: (event: TrainEvent) => Promise<void>;
  readonly dataset: Dataset;
}

async function train(
  plan: TrainPlan,
  state: TrainState,
  { paths, host, report, dataset }: Surroundings,
) {
  const { config, base, schedule, predictionType } = plan;
  if (state.step >= config.steps) return false;
  await report({ type: 'phase', phase: 'compiling' });
  const { placed } = plan;
  const settings = { ...config, base, placed, dataset, schedule, predictionType };
  const batches = new BatchSource(settings, state.generator, state.order);
  const { networks = openedPerUse } = host;
  const open = async () => new StepPrograms(base, plan);
  return await networks.use(stepKey(plan), open, async (program) => {
    await program.open(batches.sampleShapes);
    await report({ type: 'phase', phase: 'training' });
    return await trainLoop({
      config,
      state,
      trained: plan.trained,
      program,
      batches,
      learningRateAt: plan.learningRateAt,
      report,
      save: async () => {
        const file = await saveCheckpoint(paths.checkpoints, state, config.keepCheckpoints);
        await report({ type: 'checkpoint', step: state.step, file: join(paths.checkpoints, file) });
      },
      preview: async () => {
        const file = await savePreview(plan, state, paths.samples);
        await report({ type: 'sample', step: state.step, file });
      },
      signal: host.signal,
      now: host.now,
    });
  });
}

/** With what the methods compute once from the frozen weights. */
async function prepared(
  plan: TrainPlan,
  { hub, signal, now }: TrainHost,
  report: Surroundings['report'],
): Promise<TrainPlan> {
  const phase = 'decomposing weights';
  const placed = await prepareAdapters(plan.base, plan.placed, {
    signal,
    now,
    environment: hub?.environment,
    onStart: () => report({ type: 'phase', phase }),
    onProgress: (progress) => report({ type: 'progress', phase, ...progress }),
  });
  return { ...plan, placed };
}

async function initialState({
  config,
  base,
  placed,
  trained,
  initial,
}: TrainPlan): Promise<TrainState> {
  const generator = new TorchGenerator(config.seed);
  const weights = await readSiteWeights(base, placed);
  const drawn = placed.flatMap((each) => [...initialTensors(each, generator, weights)]);
  const parameters = new Map([...drawn, ...(initial?.tensors ?? [])]);
  return {
    step: 0,
    parameters,
    optimizer: optimizers[config.optimizer](config).init(only(parameters, trained)),
    average: config.emaDecay === undefined ? undefined : startAverage(parameters),
    generator,
    order: { subject: [], prior: [] },
  };
}

function siteCount({ placed }: TrainPlan): number {
  return placed.reduce((sum, { sites }) => sum + sites.length, 0);
}

async function recordOf(plan: TrainPlan, pictures: Pictures): Promise<RunRecord> {
  const { config, base, parameterCount } = plan;
  const { images, priorImages, init } = config;
  return {
    package: packageVersion,
    // A run may be resumed from anywhere.
    config: {
      ...config,
      images: resolve(images),
      ...(priorImages === undefined ? {} : { priorImages: resolve(priorImages) }),
      ...(init === undefined ? {} : { init: resolve(init) }),
    },
    base: {
      name: base.name,
      folder: base.folder,
      unetFingerprint: await weightsFingerprint(base.unet.weights),
    },
    images: pictures.subject.pictures.map(({ name }) => name),
    sites: siteCount(plan),
    parameters: parameterCount,
  };
}
