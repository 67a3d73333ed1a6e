/** @file A batch shared by threads of one processor each: two of them are faster than one session with two threads. */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { NamedTensors } from '../../src/optim/optimizer.ts';
import { startThread } from '../../src/platform/processes/start-thread.ts';
import { flatLength, flatten, type Shapes, unflattened } from './flat-tensors.ts';
import type { Feeds, GradientWork, Scalars } from './gradient-worker.ts';
import type { WholeStep } from './whole-step.ts';

/** Loss and gradients of a batch, averaged over its shares. */
export interface BatchResult {
  readonly scalars: Scalars;
  readonly gradients: NamedTensors;
}

/** Threads that each hold the step. */
export class GradientWorkers {
  readonly #workers: readonly Worker[];
  readonly #weights: Shapes;
  readonly #trained: Shapes;
  readonly #weightBlock: Float32Array;
  readonly #gradientBlocks: readonly Float32Array[];
  readonly #ended: readonly Promise<unknown>[];

  constructor({ program, weights, trained }: WholeStep, count: number) {
    this.#weights = weights;
    this.#trained = new Map([...weights].filter(([name]) => trained.includes(name)));
    this.#weightBlock = sharedBlock(flatLength(weights));
    const length = flatLength(this.#trained);
    this.#gradientBlocks = Array.from({ length: count }, () => sharedBlock(length));
    this.#workers = this.#gradientBlocks.map((gradientBlock) => {
      const blocks = { weightBlock: this.#weightBlock, gradientBlock };
      const work = { program, weights, trained: this.#trained, ...blocks };
      return startThread(new URL('./gradient-worker.ts', import.meta.url), {
        workerData: work satisfies GradientWork,
      });
    });
    this.#ended = this.#workers.map((worker) => new Promise((end) => worker.once('exit', end)));
  }

  get count(): number {
    return this.#workers.length;
  }

  /** @param shares of the batch, one for each worker */
  async run(shares: readonly Feeds[], weights: NamedTensors): Promise<BatchResult> {
    flatten(weights, this.#weights, this.#weightBlock);
    const answers = await Promise.all(
      this.#workers.map(async (worker, i) => {
        const answer = once(worker, 'message');
        worker.postMessage(shares[i]);
        const [scalars] = await answer;
        return scalars as Scalars;
      }),
    );
    const [total = new Float32Array(), ...others] = this.#gradientBlocks;
    const share = 1 / this.count;
    for (let i = 0; i < total.length; i++) {
      let sum = total[i] ?? 0;
      for (const block of others) sum += block[i] ?? 0;
      total[i] = sum * share;
    }
    return { scalars: averaged(answers), gradients: unflattened(total, this.#trained) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A session must be released before its thread ends.
    for (const worker of this.#workers) worker.postMessage('end');
    await Promise.all(this.#ended);
  }
}

function sharedBlock(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

function averaged(answers: readonly Scalars[]): Scalars {
  const [first = {}] = answers;
  const names = Object.keys(first);
  const mean = (name: string) =>
    answers.reduce((sum, scalars) => sum + (scalars[name] ?? 0), 0) / answers.length;
  return Object.fromEntries(names.map((name) => [name, mean(name)]));
}
