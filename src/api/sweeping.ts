/** @file `sweep`: settings on many subjects and seeds, trained, drawn and scored in this process or by any engine. */
import * as z from 'zod';
import { openStore } from '../experiments/store/open-store.ts';
import type { ResultStore } from '../experiments/store/result-store.ts';
import { planSweep } from '../experiments/sweep/plan/plan-sweep.ts';
import {
  runSweep,
  type SweepEvent,
  type SweepOutcome,
} from '../experiments/sweep/run/run-sweep.ts';
import { ownSweep } from '../experiments/sweep/run/sweep-owner.ts';
import { readSpec } from '../experiments/sweep/spec/read-spec.ts';
import { processEngine } from '../experiments/sweep/work/process-engine.ts';
import { runTask } from '../experiments/sweep/work/run-task.ts';
import { processCount, taskProcesses } from '../experiments/sweep/work/task-processes.ts';
import { Workbench } from '../experiments/sweep/work/workbench.ts';
import type { TaskEngine } from '../experiments/sweep/work/worker-protocol.ts';
import { processEnvironment } from '../platform/machine.ts';
import { dirname, join } from '../platform/paths.ts';
import { type DeviceChoice, deviceChoices } from '../runtime/index.ts';
import type { HubEvent, HubHost } from '../storage/hub/hub-events.ts';
import { beginWith, type Host } from './call/call-host.ts';
import { checked, named } from './call/checked.ts';
import type { Work } from './call/work.ts';

export interface SweepOptions {
  /** The sweep's file, YAML or JSON. */
  readonly spec: string;
  /** Where results land: a folder, or s3://bucket/prefix. @default 'runs/experiments' */
  readonly store?: string | undefined;
  /** Folder for the results' files. @default the folder `results` beside the sweep's file */
  readonly results?: string | undefined;
  /** Folder on this machine for runs and pictures. @default 'runs/experiments/work' */
  readonly work?: string | undefined;
  /** Your copy of the benchmark's pictures, where it does not come with any. */
  readonly pictures?: string | undefined;
  /** Where to compute. @default 'cpu' */
  readonly device?: DeviceChoice | undefined;
  /**
   * Processes of this machine that carry the tasks out side by side. This one stays free to answer, and outlives what a
   * task may do to memory.
   *
   * @default none: this process does it, one task after the other
   */
  readonly workers?: number | undefined;
  /** What carries the tasks out in place of these: a queue of yours, or other machines. */
  readonly engine?: TaskEngine | undefined;
}

/**
 * Does what of a sweep has no result, and writes all results where reports find them; called again, it goes on.
 *
 * @throws KronaError naming what is wrong with any variant, subject or prompt, before anything is trained: ConfigError
 *   SWEEP_FILE
 * @throws RunError SWEEP_IN_USE where another process carries it out, SWEEP_STOPPED where one asked this to stop
 * @throws the signal's reason where it was aborted; what is done is kept
 * @example
 * ```ts
 * const { file, results } = await sweep({ spec: 'experiments/mine.yaml' });
 * console.log(file, results.missing);
 * ```
 */
export function sweep(
  options: SweepOptions,
  host: Host<SweepEvent> = {},
): Work<SweepEvent | HubEvent, SweepOutcome> {
  return beginWith(host, async ({ hub, listener, now, signal: own }) => {
    const { engine: given, workers, ...asked } = checked(schema, options, 'a sweep');
    const { pictures, device, work } = asked;
    const spec = await readSpec(asked.spec);
    const results = asked.results ?? join(dirname(spec.path), 'results');
    await using owned = await ownSweep({ folder: results, name: spec.name }, { now });
    const signal = own === undefined ? owned.signal : AbortSignal.any([own, owned.signal]);
    const plan = await planSweep(spec, { pictures, hub });
    const store = openStore(asked.store, hub.environment ?? processEnvironment);
    const { offline } = hub;
    const engine =
      given ??
      (workers === undefined
        ? engineHere({ store, work, pictures, device, hub, now })
        : taskProcesses(asked, { processes: workers, offline }));
    return await runSweep(plan, { store, results, engine }, { listener, signal });
  });
}

const schema = z.strictObject({
  spec: named,
  store: named.default('runs/experiments'),
  results: named.optional(),
  work: named.default('runs/experiments/work'),
  pictures: named.optional(),
  device: z.enum(deviceChoices).optional(),
  workers: processCount.optional(),
  engine: z.custom<TaskEngine>().optional(),
});

interface Here {
  readonly store: ResultStore;
  readonly work: string;
  readonly pictures: string | undefined;
  readonly device: DeviceChoice | undefined;
  readonly hub: HubHost;
  readonly now: () => number;
}

/** One worker, which is this process. */
function engineHere({ pictures, device, hub, ...here }: Here): TaskEngine {
  const worker = 'this process';
  return processEngine(1, () => {
    const workbench = new Workbench({ pictures, device, hub });
    return {
      name: worker,
      runner: { run: (task, host) => runTask(task, { ...here, ...host, workbench, worker }) },
      [Symbol.asyncDispose]: () => workbench[Symbol.asyncDispose](),
    };
  });
}
