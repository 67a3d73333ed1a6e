/** @file `train` and `resume`: from pictures to an adapter. */
import * as z from 'zod';
import { extname } from '../platform/paths.ts';
import { deviceChoices } from '../runtime/index.ts';
import { readBytes } from '../storage/files/binary-file.ts';
import { withTemporaryFiles } from '../storage/files/temporary-folder.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import type { TrainEvent } from '../train/events.ts';
import type { RunResult } from '../train/proceed.ts';
import {
  type FindRateEvent,
  type FoundRate,
  findRate as searchRate,
} from '../train/rates/find-rate.ts';
import type { FindRateOptions as AnyFindRateOptions } from '../train/rates/find-rate-options.ts';
import { type ResumeOptions, resumeRun, startRun } from '../train/run.ts';
import { beginWith, completeHost, type Host } from './call/call-host.ts';
import { checked, named, source } from './call/checked.ts';
import { bytesIn, type PictureSource } from './call/picture-source.ts';
import { begin, type Work } from './call/work.ts';
import type { MethodSettings } from './options/method-options.ts';
import type { TrainSettings } from './options/train-settings.ts';

/** A training: its settings, and its method with the options that this one has. */
export type TrainOptions = TrainSettings & MethodSettings;

/**
 * Trains an adapter on pictures of one subject, in a new run folder that keeps everything. Aborted, it finishes its
 * step, writes a checkpoint and gives a result that is `interrupted`; `resume` goes on from there.
 *
 * @throws KronaError naming what is wrong and what to do, before the folder is made: of its own RunError RUN_EXISTS,
 *   DataError FOLDER_MISSING, NO_IMAGES, NOT_A_FOLDER, ConfigError NO_SITES
 * @example
 * ```ts
 * const run = train({ images: 'my-dog', subject: 'sks dog', adapter: 'lora', out: 'runs/dog' });
 * for await (const event of run) if (event.type === 'step') console.log(event.step, event.loss);
 * const { adapter } = await run;
 * ```
 */
export function train(
  options: TrainOptions,
  host: Host<TrainEvent> = {},
): Work<TrainEvent | HubEvent, RunResult> {
  return begin(async (tell) => {
    const complete = completeHost(host, tell);
    const { adapterOptions, ...others } = options ?? {};
    const { images } = checked(imagesSchema, { images: options?.images }, 'a training');
    const settings = {
      ...others,
      ...(adapterOptions && { adapterOptions: { ...adapterOptions } }),
    };
    return typeof images === 'string'
      ? await startRun({ ...settings, images }, complete)
      : await withPictureFiles(images, (folder) =>
          startRun({ ...settings, images: folder }, { ...complete, keepImages: true }),
        );
  });
}

const imagesSchema = z.strictObject({
  images: z.union([named, z.array(source).min(1)]),
});

/** What to search a learning rate for; images are a folder here. */
export type FindRateOptions = Omit<AnyFindRateOptions, 'adapter' | 'adapterOptions'> &
  MethodSettings;

/**
 * Trains some steps at rising learning rates, measures the loss on the same noise after each, and suggests a rate. Nothing is
 * kept but the picture of the curve, where `out` names one.
 *
 * @throws KronaError as train; ConfigError RATE_RANGE, OUT_EXISTS; the signal's reason
 * @example
 * ```ts
 * const { suggested } = await findRate({ images: 'my-dog', subject: 'sks dog', adapter: 'lora' });
 * console.log(suggested?.tenthOfMinimum);
 * ```
 */
export function findRate(
  options: FindRateOptions,
  host: Host<FindRateEvent> = {},
): Work<FindRateEvent | HubEvent, FoundRate> {
  return beginWith(host, async (given) => {
    const { adapterOptions, ...others } = options ?? {};
    const ofMethod = adapterOptions && { adapterOptions: { ...adapterOptions } };
    return await searchRate({ ...others, ...ofMethod }, given);
  });
}

/** Gives `work` a folder with these pictures, in their order. */
async function withPictureFiles<Result>(
  images: readonly PictureSource[],
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const digits = String(images.length).length;
  const files = new Map<string, Uint8Array>();
  for (const [i, image] of images.entries()) {
    // Pictures are told by their content, whatever their names say.
    const ending = typeof image === 'string' ? extname(image) : '.png';
    const bytes =
      typeof image === 'string' ? await readBytes(image) : await bytesIn(image, `images[${i}]`);
    files.set(`${String(i + 1).padStart(digits, '0')}${ending}`, bytes);
  }
  return await withTemporaryFiles(files, work);
}

/**
 * Goes on with the run of a folder from its last checkpoint; the adapter is that of an uninterrupted run, byte for byte.
 *
 * @throws RunError NOT_A_RUN, RUN_IN_USE, BASE_CHANGED, INIT_CHANGED, RUN_CHANGED, DATASET_CHANGED, STEPS_FEWER, STEPS_OTHER_RATES
 * @example
 * ```ts
 * const { step, adapter } = await resume({ run: 'runs/dog', steps: 800 });
 * ```
 */
export function resume(
  options: ResumeOptions & { /** The run's folder. */ readonly run: string },
  host: Host<TrainEvent> = {},
): Work<TrainEvent | HubEvent, RunResult> {
  return begin(async (tell) => {
    const { run, ...more } = checked(resumeSchema, options, 'going on');
    return await resumeRun(run, completeHost(host, tell), more);
  });
}

const resumeSchema = z.strictObject({
  run: named,
  device: z.enum(deviceChoices).optional(),
  steps: z.int().positive().optional(),
});
