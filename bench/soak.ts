/** @file `npm run soak -- [--runs N]`: trainings and drawings one after the other in one process; memory and descriptors must stay flat. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { median } from '../src/base/numbers/median.ts';
import { pocketFolder } from '../src/data/pocket.ts';
import { generate } from '../src/generate/generate.ts';
import { startRun } from '../src/train/run.ts';
import { wholeNumber } from './options.ts';

/** What a process holds after a piece of work. */
interface Held {
  /** Resident memory in bytes. */
  readonly bytes: number;
  /** Open descriptors; where Linux tells. */
  readonly descriptors: number | undefined;
}

/** The share of the runs whose memory is judged: what comes before fills caches and pools. */
const judgedShare = 2 / 3;
/** How much the memory of the judged runs may grow, from their first quarter to their last. */
const allowedGrowth = 0.02;

const { runs } = new Command('soak')
  .option('--runs <n>', 'trainings, and as many drawings', wholeNumber, 300)
  .parse()
  .opts<{ readonly runs: number }>();

const folder = mkdtempSync(join(tmpdir(), 'krona-soak-'));
const images = join(pocketFolder(), 'subjects', 'teapot');
const host = { now: () => performance.now() };

async function train(number: number): Promise<void> {
  const out = join(folder, `run-${number}`);
  await startRun({ images, subject: 'sks teapot', steps: 2, batchSize: 1, out }, host);
  if (number > 0) rmSync(out, { recursive: true });
}

async function draw(number: number): Promise<void> {
  const out = join(folder, `pictures-${number}`);
  const run = join(folder, 'run-0');
  await generate({ run, prompt: 'a {subject} on the beach', steps: 2, count: 1, out }, host);
  rmSync(out, { recursive: true });
}

async function held(): Promise<Held> {
  // Two rounds: the first runs finalizers, which the second collects.
  for (let round = 0; round < 2; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { bytes: process.memoryUsage.rss(), descriptors: descriptors() };
}

function descriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}

async function soak(what: string, work: (number: number) => Promise<void>): Promise<boolean> {
  const all: Held[] = [];
  const start = performance.now();
  for (let number = 0; number < runs; number += 1) {
    await work(number);
    all.push(await held());
    if ((number + 1) % 20 === 0) {
      const left = ((performance.now() - start) / (number + 1)) * (runs - number - 1);
      console.error(`${what}: ${number + 1} of ${runs}, ${Math.round(left / 1000)} s left`);
    }
  }
  return judge(what, all);
}

function judge(what: string, all: readonly Held[]): boolean {
  const judged = all.slice(Math.floor(all.length * (1 - judgedShare)));
  const quarter = Math.max(1, Math.floor(judged.length / 4));
  const bytesOf = (part: readonly Held[]) => median(part.map(({ bytes }) => bytes)) ?? Number.NaN;
  const first = bytesOf(judged.slice(0, quarter));
  const last = bytesOf(judged.slice(-quarter));
  const growth = last / first - 1;
  const open = judged.map(({ descriptors: count }) => count ?? 0);
  const isFlat = growth <= allowedGrowth && Math.max(...open) === Math.min(...open);
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(
    `${what}: ${all.length}; of the last ${judged.length} the first quarter held ${megabytes(first)}, the last ${megabytes(last)} (${(growth * 100).toFixed(2)} %), descriptors ${Math.min(...open)} to ${Math.max(...open)}: ${isFlat ? 'flat' : 'NOT FLAT'}`,
  );
  return isFlat;
}

try {
  const trainings = await soak('trainings', train);
  const drawings = await soak('drawings', draw);
  process.exitCode = trainings && drawings ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
