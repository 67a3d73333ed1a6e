/** @file The other end of a worker: starts the process, asks for runs one at a time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const readySchema = z.looseObject({
  flops: z.number().nullish(),
  version: z.string().optional(),
});
const runSchema = z.object({ seconds: z.number(), peakBytes: z.number().nullish() });

export type Run = z.output<typeof runSchema>;

/** A started worker. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly flops: number | undefined;
  /** Of what a worker of another's measures. */
  readonly version: string | undefined;

  private constructor(
    child: ChildProcess,
    lines: AsyncIterator<string>,
    { flops, version }: z.output<typeof readySchema>,
  ) {
    this.#child = child;
    this.#lines = lines;
    this.flops = flops ?? undefined;
    this.version = version;
  }

  /** Starts a command that says a line when it is ready and one after each line it gets. */
  static async start(command: string, args: readonly string[]): Promise<WorkerProcess> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ready = readySchema.parse(await nextJson(lines, command));
    return new WorkerProcess(child, lines, ready);
  }

  async run(): Promise<Run> {
    this.#child.stdin?.write('run\n');
    return runSchema.parse(await nextJson(this.#lines, this.#child.spawnfile));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await ended;
  }
}

async function nextJson(lines: AsyncIterator<string>, command: string): Promise<unknown> {
  const { done, value } = await lines.next();
  if (done) throw new Error(`${command} ended before it was done; its message is above`);
  return JSON.parse(value);
}
