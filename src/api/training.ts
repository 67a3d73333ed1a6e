/** @file `train` and `resume`: from pictures to an adapter. */
import { extname } from '../platform/paths.ts';
import { readBytes } from '../storage/files/binary-file.ts';
import { withTemporaryFiles } from '../storage/files/temporary-folder.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import type { TrainEvent } from '../train/events.ts';
import type { TrainHost } from '../train/host.ts';
import type { RunResult } from '../train/proceed.ts';
import { type ResumeOptions, resumeRun, startRun } from '../train/run.ts';
import type { TrainOptions as TrainSettings } from '../train/train-options.ts';
import { completeHost, type Host } from './call-host.ts';
import { begin, type Work } from './work.ts';

/** A picture: the path of its file, or the bytes of one. */
export type PictureSource = string | Uint8Array;

export interface TrainOptions extends Omit<TrainSettings, 'images'> {
  /** Folder with pictures of the subject, `pocket/NAME` for bundled ones, or the pictures themselves, of which the run keeps copies. */
  readonly images: string | readonly PictureSource[];
}

/**
 * Trains an adapter on pictures of one subject, in a new run folder that keeps everything. Aborted, it finishes its
 * step, writes a checkpoint and gives a result that is `interrupted`; `resume` goes on from there.
 *
 * @throws KronaError naming what is wrong and what to do, before the folder is made
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
    const { images } = options;
    if (typeof images === 'string') return await startRun({ ...options, images }, complete);
    return await trainOnCopies({ ...options, images }, complete);
  });
}

async function trainOnCopies(
  options: TrainOptions & { readonly images: readonly PictureSource[] },
  host: TrainHost,
): Promise<RunResult> {
  const { images } = options;
  const digits = String(images.length).length;
  const files = new Map<string, Uint8Array>();
  for (const [i, image] of images.entries()) {
    // Pictures are told by their content, whatever their names say.
    const ending = typeof image === 'string' ? extname(image) : '.png';
    const bytes = typeof image === 'string' ? await readBytes(image) : image;
    files.set(`${String(i + 1).padStart(digits, '0')}${ending}`, bytes);
  }
  return await withTemporaryFiles(files, (folder) =>
    startRun({ ...options, images: folder }, { ...host, keepImages: true }),
  );
}

/**
 * Goes on with the run of a folder from its last checkpoint; the adapter is that of an uninterrupted run, byte for byte.
 *
 * @throws RunError NOT_A_RUN, RUN_IN_USE, BASE_CHANGED, INIT_CHANGED, STEPS_FEWER, STEPS_OTHER_RATES
 * @example
 * ```ts
 * const { step, adapter } = await resume({ run: 'runs/dog', steps: 800 });
 * ```
 */
export function resume(
  { run, ...more }: ResumeOptions & { /** The run's folder. */ readonly run: string },
  host: Host<TrainEvent> = {},
): Work<TrainEvent | HubEvent, RunResult> {
  return begin((tell) => resumeRun(run, completeHost(host, tell), more));
}
