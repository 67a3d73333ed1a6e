/** @file Work as a command in a process of its own, which outlives who started it; what it says goes to files. */
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import type { DetachedProcess, DetachedWork, ProcessEnd, StartWork } from './detached-work.ts';

export interface CommandOptions {
  /** What starts the command: a program and its first arguments. */
  readonly program: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told where a process cannot be started. */
  readonly log: (text: string) => void;
}

/** Starts each work as the command that a person would type. */
export function startCommands(options: CommandOptions): StartWork {
  return async (work) => {
    await using log = await open(work.log, 'w');
    if (work.command !== 'sweep') {
      return started(work, { ...options, said: log.fd, complaints: log.fd });
    }
    await using events = await open(work.events, 'a');
    return started(work, { ...options, said: events.fd, complaints: log.fd });
  };
}

interface StartOptions extends CommandOptions {
  readonly said: number;
  readonly complaints: number;
}

function started(
  work: DetachedWork,
  { program, environment, log, said, complaints }: StartOptions,
): DetachedProcess {
  const [first = '', ...words] = program;
  // Never a pipe: it would break when Studio ends, and with it the work.
  const child = spawn(first, [...words, ...wordsOf(work)], {
    ...{ detached: true, stdio: ['ignore', said, complaints], env: environment },
    ...(work.folder !== undefined && { cwd: work.folder }),
  });
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', (error) => {
      log(`${work.command} could not be started: ${error.message}`);
      resolve({ code: null, signal: null });
    });
  });
  child.unref();
  return { pid: child.pid, ended };
}

function wordsOf(work: DetachedWork): readonly string[] {
  switch (work.command) {
    case 'train':
      return ['train', '--config', work.settings, '--quiet'];
    case 'resume': {
      const steps = work.steps === undefined ? [] : ['--steps', `${work.steps}`];
      return ['train', '--resume', work.run, ...steps, '--quiet'];
    }
    case 'sweep': {
      const { sweep, store, results, workers, device } = work;
      const places = ['--store', store, '--work', work.work, '--results', results];
      const how = ['--workers', `${workers}`, '--device', device, '--json'];
      return ['sweep', sweep, ...places, ...how];
    }
    default:
      return work satisfies never;
  }
}
