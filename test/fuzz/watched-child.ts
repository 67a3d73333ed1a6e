/** @file A child process that runs one case at a time, and is ended where a case takes too long or too much. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledPath } from '../programs/compiled.ts';
import type { Case } from './cases.ts';
import type { Report } from './child.ts';
import type { Samples } from './target.ts';

/** What no case may reach. */
export const ceilings = {
  /** Wall time, in milliseconds: a case takes a tenth of a second to three seconds, on a busy machine some times as long. */
  milliseconds: 60_000,
  /** Resident memory of the process: a session of the bundled model with what Node itself holds takes 0.5 GB. */
  bytes: 1.5e9,
} as const;

/** How often a child is looked at, in milliseconds. */
const interval = 20;
/** A fresh process now and then, so that what one case leaves behind cannot spoil thousands. */
const casesPerProcess = 250;

/** Runs cases one after the other in a process that is replaced when it dies. */
export class WatchedChild {
  readonly #folder: string;
  readonly #samples: Samples;
  #child: ChildProcess | undefined;
  #done = 0;

  constructor(folder: string, samples: Samples) {
    this.#folder = folder;
    this.#samples = samples;
    mkdirSync(join(folder, 'tmp'), { recursive: true });
  }

  /** How a case ended; a process that died, hung or grew too large is a fault of the case. */
  async run(each: Case): Promise<Report> {
    if (this.#done >= casesPerProcess) await this[Symbol.asyncDispose]();
    this.#child ??= this.#start();
    this.#done += 1;
    const child = this.#child;
    const start = performance.now();
    const fault = await new Promise<Report | string>((resolve) => {
      const timer = setInterval(() => {
        if (performance.now() - start > ceilings.milliseconds)
          end(`still running after ${ceilings.milliseconds / 1000} s`);
        const bytes = residentBytes(child.pid ?? 0);
        if (bytes > ceilings.bytes) end(`${(bytes / 1e9).toFixed(1)} GB of memory`);
      }, interval);
      const end = (result: Report | string) => {
        clearInterval(timer);
        child.removeAllListeners();
        resolve(result);
      };
      child.on('message', (report) => end(report as Report));
      child.on('exit', (code, signal) => end(`the process ended (${signal ?? code})`));
      child.send(each);
    });
    if (typeof fault !== 'string' && fault.code !== -1) return fault;
    await this.#kill();
    if (typeof fault !== 'string') return fault;
    return {
      number: each.number,
      code: -1,
      fault,
      peakBytes: undefined,
      milliseconds: performance.now() - start,
    };
  }

  #start(): ChildProcess {
    this.#done = 0;
    return fork(compiledPath('test/fuzz/child.ts'), [this.#folder, JSON.stringify(this.#samples)], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {
        ...process.env,
        HOME: this.#folder,
        TMPDIR: join(this.#folder, 'tmp'),
        // No case may ask a real hub.
        HF_ENDPOINT: 'http://127.0.0.1:9',
        HF_HOME: join(this.#folder, 'tmp', 'hub'),
      },
    });
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kill();
  }
}

/** Resident memory of a process; 0 where the system does not tell. */
function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  } catch {
    return 0;
  }
}
