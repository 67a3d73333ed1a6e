/** @file The training of a task: begun, gone on with, or found finished. */
import { RunError } from '../../../base/errors.ts';
import { median } from '../../../base/numbers/median.ts';
import { openBaseModel } from '../../../pipeline/base/open-base.ts';
import { join } from '../../../platform/paths.ts';
import { namesIn, removeFolder } from '../../../storage/files/folders.ts';
import { pathInside } from '../../../storage/files/path-inside.ts';
import { readEvents, stepsOf } from '../../../train/folder/read-events.ts';
import { runPaths } from '../../../train/folder/run-folder.ts';
import type { TrainHost } from '../../../train/host.ts';
import { resumeRun, startRun } from '../../../train/run.ts';
import type { TrainOptions } from '../../../train/train-options.ts';
import type { BenchmarkSubject } from '../../benchmark/benchmark.ts';
import { trainingFolder } from '../spec/subject-pictures.ts';
import type { TaskHost } from './workbench.ts';
import type { Task, TrainingTask } from './worker-protocol.ts';

/** The run folder of a finished training, and what it took. */
export interface Trained {
  readonly run: string;
  readonly trainSeconds: number;
  readonly stepSeconds: number;
  readonly memoryBytes: number;
}

/**
 * Trains, in a folder named by the training's key: what is finished there is not done again, what was stopped goes on.
 *
 * @throws the signal's reason where it is aborted; what training may throw
 */
export async function trainTask(
  { base: name, subject }: Task,
  { key, settings, shots }: TrainingTask,
  { local, host }: { readonly local: BenchmarkSubject; readonly host: TaskHost },
): Promise<Trained> {
  const { work, workbench } = host;
  const run = pathInside(join(work, 'trainings'), key, 'task');
  const paths = runPaths(run);
  const there = await namesIn(run);
  if (!there.includes('adapter.safetensors')) {
    const base = await openBaseModel(name, workbench.options.hub);
    const trainHost = await hostOf(host, await workbench.training(base));
    const { device } = workbench.options;
    const { interrupted } = there.includes('run.json')
      ? await resumeRun(run, trainHost, { device })
      : await startRun(
          {
            ...(settings as Partial<TrainOptions>),
            ...{ base: name, subject: subject.phrase, class: subject.className, out: run },
            images: await trainingFolder(local, subject, { shots, work }),
            ...(device === undefined ? {} : { device }),
          },
          trainHost,
        );
    if (interrupted) {
      host.signal.throwIfAborted();
      throw new RunError(
        'RUN_STOPPED',
        `${run}: somebody stopped this training; it goes on when it is tried again`,
      );
    }
    // The adapter is what is needed of it from now on.
    await removeFolder(paths.checkpoints);
  }
  return { run, ...(await costOf(paths.events)) };
}

async function hostOf(
  { work, onProgress, signal, now, workbench }: TaskHost,
  networks: TrainHost['networks'],
): Promise<TrainHost> {
  return {
    ...{ now, signal, networks, hub: workbench.options.hub },
    encodedFolder: join(work, 'encoded'),
    listener: (event) => {
      if (event.type !== 'step') return;
      onProgress({ stage: 'training', done: event.step, total: event.steps });
    },
  };
}

async function costOf(events: string): Promise<Omit<Trained, 'run'>> {
  const steps = stepsOf(await readEvents(events));
  const seconds = steps.map((step) => step.seconds);
  return {
    trainSeconds: seconds.reduce((sum, each) => sum + each, 0),
    stepSeconds: median(seconds) ?? 0,
    memoryBytes: steps.reduce((most, step) => Math.max(most, step.memoryBytes), 0),
  };
}
