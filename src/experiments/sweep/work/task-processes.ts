/** @file Worker processes on this machine: what they are told, what they are called, how they begin. */
import * as z from 'zod';
import { availableParallelism, hostname, processId } from '../../../platform/machine.ts';
import { programBeside } from '../../../platform/processes.ts';
import { deviceChoices } from '../../../runtime/index.ts';
import { processEngine } from './process-engine.ts';
import { TaskProcess } from './task-process.ts';
import type { TaskEngine } from './worker-protocol.ts';

/** Settings of whatever does tasks here. */
export const taskSettings = {
  work: z
    .string()
    .default('runs/experiments/work')
    .describe('folder on this machine for runs and pictures')
    .meta({ placeholder: 'dir' }),
  pictures: z
    .string()
    .optional()
    .describe("your copy of the benchmark's pictures, where it does not come with any")
    .meta({ placeholder: 'dir' }),
  device: z.enum(deviceChoices).optional().describe('where to compute; the CPU by default'),
};

/** Processes that work side by side. */
export const processCount = z.number().int().positive().max(1024);

interface TaskSettings extends z.output<z.ZodObject<typeof taskSettings>> {
  readonly store: string;
}

interface Shared {
  /** Processes that share the cores of this machine. */
  readonly processes: number;
  readonly offline: boolean | undefined;
  /** What a process runs. @default the program of the package */
  readonly program?: URL | undefined;
}

/** Does the tasks of sweeps in a process of its own. */
const taskProgram = programBeside(import.meta.url, 'task-program');

/** A process that does tasks. */
export function startTaskProcess(
  { store, work, pictures, device }: TaskSettings,
  { worker, processes, offline, program = taskProgram }: Shared & { readonly worker: string },
): TaskProcess {
  return new TaskProcess(program, {
    ...{ store, work, worker, offline: Boolean(offline) },
    threads: Math.max(1, Math.floor(availableParallelism() / processes)),
    ...(pictures === undefined ? {} : { pictures }),
    ...(device === undefined ? {} : { device }),
  });
}

/** Carries tasks out in processes that work side by side, each with its share of the cores. */
export function taskProcesses(settings: TaskSettings, shared: Shared): TaskEngine {
  return processEngine(shared.processes, (number) => {
    const name = workerName(number);
    const runner = startTaskProcess(settings, { ...shared, worker: name });
    return { name, runner, [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose]() };
  });
}

/** Name of a worker in results and progress; the first has number 0. */
function workerName(number: number): string {
  return `${hostname()}-${processId}-${number + 1}`;
}
