/** @file Worker processes on this machine: what they are told, what they are called, how they begin. */
import { availableParallelism, hostname } from 'node:os';
import * as z from 'zod';
import { TaskProcess } from '../../../experiments/sweep/work/task-process.ts';
import { deviceChoices } from '../../../runtime/index.ts';

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

interface Placed {
  readonly worker: string;
  /** Processes that share the cores of this machine. */
  readonly processes: number;
  readonly offline: boolean | undefined;
}

/** Name of a worker in results and progress; the first has number 0. */
export function workerName(number: number): string {
  return `${hostname()}-${process.pid}-${number + 1}`;
}

/** A process that does tasks. @param program what it runs: Terminal.taskProgram */
export function startTaskProcess(
  program: URL,
  { store, work, pictures, device }: TaskSettings,
  { worker, processes, offline }: Placed,
): TaskProcess {
  return new TaskProcess(program, {
    ...{ store, work, worker, offline: Boolean(offline) },
    threads: Math.max(1, Math.floor(availableParallelism() / processes)),
    ...(pictures === undefined ? {} : { pictures }),
    ...(device === undefined ? {} : { device }),
  });
}
