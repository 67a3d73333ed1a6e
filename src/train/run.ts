/** @file Starts runs, and goes on with them. */
import { onDevice } from '../pipeline/base/on-device.ts';
import { weightsFingerprint } from '../pipeline/base/weights-fingerprint.ts';
import { resolve } from '../platform/paths.ts';
import { packageVersion } from '../platform/version.ts';
import type { DeviceChoice } from '../runtime/index.ts';
import { createFolder } from '../storage/files/folders.ts';
import { requireSpace } from '../storage/free-space.ts';
import { initialAdapterBytes, keptInitial } from './adapter/initial-adapter.ts';
import { openBaseOfRun } from './folder/base-of-run.ts';
import { Orders } from './folder/orders.ts';
import { ownFolder } from './folder/owner.ts';
import { runBytes } from './folder/run-bytes.ts';
import {
  createRun,
  type RunRecord,
  readRun,
  requireFree,
  runNames,
  runPaths,
  writeRecord,
} from './folder/run-folder.ts';
import { finishedStep } from './folder/run-state.ts';
import type { TrainHost } from './host.ts';
import { loadAll, type Pictures } from './pictures/run-pictures.ts';
import { proceed, type RunResult } from './proceed.ts';
import { prolonged } from './prolong.ts';
import { withResolvedFolders } from './settings/picture-folders.ts';
import { stepKey, TracedSteps } from './sized-steps.ts';
import { plannedStart } from './start/planned-start.ts';
import { withTexts } from './start/prepared-plan.ts';
import { requireStep } from './step-memory.ts';
import { parseSubject } from './subject-phrase.ts';
import { textFormOf } from './texts/described-pictures.ts';
import type { TrainConfig, TrainOptions } from './train-options.ts';
import { planTraining, type TrainPlan } from './training-plan.ts';
import { requireHeldOutTexts } from './validation/held-out.ts';

/**
 * Trains an adapter in a new run folder. Everything is checked before the folder is made.
 *
 * @throws KronaError of many kinds, each naming what is wrong and what to do
 */
export async function startRun(options: TrainOptions, host: TrainHost): Promise<RunResult> {
  const { plan: planned, initial } = await plannedStart(options, host.hub);
  const { config, base } = planned;
  await requireFree(config.out);
  const first = requiredStep(planned, host);
  const what = 'checkpoints, adapters and samples of the run';
  await requireSpace({ folder: config.out, bytes: runBytes(planned), what });
  const pictures = await loadAll(planned);
  const texts = textFormOf(planned, pictures);
  requireHeldOutTexts(planned, pictures, texts);
  const plan = withTexts(planned, texts);
  const traced = plan === planned ? first : requiredStep(plan, host);
  const record = await recordOf(plan, pictures);
  await createFolder(config.out);
  const orders = ordersOf(config, host);
  await using owned = await ownFolder(config.out, orderedThere(orders, host));
  const paths = await createRun(config.out, record, {
    initialAdapter: initial && initialAdapterBytes(initial, base),
    images: host.keepImages ? { folder: config.images, names: namesOf(pictures, 0) } : undefined,
  });
  return await proceed({ plan, traced, paths, host, orders, pictures, owner: owned.owner });
}

/**
 * What is traced of a run's steps, where they can be made.
 *
 * @throws ConfigError as requireStep
 */
function requiredStep(plan: TrainPlan, { networks }: TrainHost): TracedSteps {
  const traced = new TracedSteps(plan.base, plan);
  // One that is loaded has fitted.
  if (!networks?.has(stepKey(plan))) requireStep(plan, { traced });
  return traced;
}

/** The pictures of a subject, relative to their folder. */
function namesOf({ subject }: Pictures, concept: number): readonly string[] {
  return subject.pictures.filter((each) => each.concept === concept).map(({ name }) => name);
}

/** What may change when a run goes on. */
export interface ResumeOptions {
  /** @default the device that the run began on */
  readonly device?: DeviceChoice | undefined;
  /** More steps than it was begun with. @default as many */
  readonly steps?: number | undefined;
}

/**
 * Goes on with a run from its last checkpoint; on the same device the result is the one an uninterrupted run would have
 * had, byte for byte, also one that had been begun with as many steps. A finished run without more steps is left as it
 * is.
 *
 * @throws RunError NOT_A_RUN, RUN_IN_USE, BASE_CHANGED, INIT_CHANGED, RUN_CHANGED, DATASET_CHANGED where it has
 *   been edited since its checkpoint, STEPS_FEWER, STEPS_OTHER_RATES where the schedule of the learning rate does not
 *   allow more, or what training may throw
 */
export async function resumeRun(
  folder: string,
  host: TrainHost,
  { device, steps: asked }: ResumeOptions = {},
): Promise<RunResult> {
  const before = await readRun(folder);
  const steps = asked ?? before.config.steps;
  const finished = await finishedStep(folder);
  if (finished === steps) return alreadyFinished(folder, steps, host);
  const orders = ordersOf(before.config, host);
  await using owned = await ownFolder(folder, orderedThere(orders, host));
  const opened = await openBaseOfRun(folder, before, host.hub);
  const paths = runPaths(folder);
  const config = await prolonged(folder, before.config, { steps, of: opened.recommendation });
  const base = await onDevice(opened, device ?? config.device);
  const initial = before.init && (await keptInitial(paths, before.init, base));
  const plan = planTraining({ ...config, out: folder }, base, initial);
  if (steps !== before.config.steps) await writeRecord(paths, { ...before, config });
  const { owner } = owned;
  const traced = new TracedSteps(plan.base, plan);
  return await proceed({ plan, traced, paths, host, orders, pictures: undefined, owner });
}

function alreadyFinished(run: string, step: number, { listener }: TrainHost): RunResult {
  listener?.({ type: 'finished', step, adapter: runNames.adapter, seconds: 0 });
  return { run, adapter: runPaths(run).adapter, step, fromStep: step, interrupted: false };
}

function ordersOf(config: Pick<TrainConfig, 'subject' | 'class'>, { endNow }: TrainHost): Orders {
  return new Orders({ phrase: parseSubject(config.subject, config.class).phrase, endNow });
}

function orderedThere(orders: Orders, { now }: TrainHost) {
  return { now, answer: (request: unknown) => orders.take(request) };
}

async function recordOf(plan: TrainPlan, pictures: Pictures): Promise<RunRecord> {
  const { config, base, parameterCount } = plan;
  const { init } = config;
  return {
    package: packageVersion(),
    // A run may be resumed from anywhere.
    config: {
      ...(await withResolvedFolders(config)),
      ...(init === undefined ? {} : { init: resolve(init) }),
    },
    base: {
      name: base.name,
      folder: base.folder,
      unetFingerprint: await weightsFingerprint(base.unet.weights),
    },
    images: namesOf(pictures, 0),
    sites: plan.placed.reduce((sum, { sites }) => sum + sites.length, 0),
    parameters: parameterCount,
  };
}
