/** @file Two that do the same, one right after the other, so that both meet the same minutes of the machine. */
import { compiledPath } from '../../test/programs/compiled.ts';
import type { BenchOptions } from '../options.ts';
import { type Run, WorkerProcess } from '../worker-process.ts';
import type { Pair } from './measurements.ts';

export interface Turns {
  readonly pairs: Pair[];
  readonly peakBytes: { readonly own: number | null; readonly other: number | null };
}

/** Once each to warm up, then `count` pairs. */
export async function inTurns(
  own: WorkerProcess,
  other: WorkerProcess,
  count: number,
): Promise<Turns> {
  let last: readonly [Run, Run] = [await own.run(), await other.run()];
  const pairs: Pair[] = [];
  for (let i = 0; i < count; i++) {
    last = [await own.run(), await other.run()];
    pairs.push({ own: last[0].seconds, other: last[1].seconds });
  }
  const [peak, otherPeak] = last.map(({ peakBytes }) => peakBytes ?? null);
  return { pairs, peakBytes: { own: peak ?? null, other: otherPeak ?? null } };
}

/** One of our subjects, in a process of its own. */
export async function startSubject(subject: string, options: BenchOptions): Promise<WorkerProcess> {
  const program = compiledPath('bench/worker.ts');
  return await WorkerProcess.start(process.execPath, [program, subject, JSON.stringify(options)]);
}
