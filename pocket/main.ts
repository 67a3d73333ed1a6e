/** @file `npm run pocket`: makes the bundled model from nothing but this repository. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeModel, OtherRecipe, recipeSizes } from './recipe.ts';
import type { NetworkProgress } from './training/train-network.ts';
import { trainingScenes } from './training-scenes.ts';
import { type Counted, Interrupted } from './workshop.ts';
import { writeSubjects } from './world/subjects/write-subjects.ts';

const usage = `npm run pocket -- [--size small|full] [--out FOLDER] [--work FOLDER] [--seed N] [--workers N]
Scenes and states are kept in the work folder, by default beside the other: interrupted, it goes on where it was when it
is called again.`;

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: 'full' },
    out: { type: 'string', default: join('runs', 'pocket') },
    work: { type: 'string' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    help: { type: 'boolean', default: false },
  },
});

const pictureSize = 64;
/** Words for subjects, rare enough that no caption has them. */
const identifiers = ['sks', 'ohwx', 'zwx'];

/** A line every few seconds, with what is left. */
function progressPrinter(): (progress: NetworkProgress | Counted) => void {
  let printed = 0;
  return (progress) => {
    const now = performance.now();
    const [done, of] =
      'done' in progress ? [progress.done, progress.of] : [progress.step, progress.steps];
    if (now - printed < 5000 && done < of) return;
    printed = now;
    console.log(
      'done' in progress
        ? `${progress.name} ${done} of ${of}`
        : `${progress.name} step ${done} of ${of}  ${scalarsText(progress)}  ${progress.seconds.toFixed(2)} s a step`,
    );
  };
}

function scalarsText({ scalars }: NetworkProgress): string {
  return Object.entries(scalars)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join('  ');
}

async function main(): Promise<void> {
  const [seed, workers] = [Number(values.seed), Number(values.workers)];
  const size = Object.entries(recipeSizes).find(([name]) => name === values.size)?.[1];
  const areNumbers =
    Number.isInteger(seed) && seed >= 0 && Number.isInteger(workers) && workers > 0;
  if (values.help || size === undefined || !areNumbers) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  try {
    await makeModel({
      size,
      pictureSize,
      seed,
      workers,
      work: values.work ?? `${values.out}-work`,
      out: values.out,
      draw: trainingScenes(seed, pictureSize),
      writeSubjects: (folder) => writeSubjects(folder, pictureSize),
      identifiers,
      report: progressPrinter(),
      signal: stop.signal,
    });
  } catch (error) {
    if (error instanceof OtherRecipe) {
      console.error(error.message);
      process.exitCode = 2;
    } else if (error instanceof Interrupted) {
      console.log(`${error.message}; call it again to go on`);
      process.exitCode = 130;
    } else throw error;
  }
}

await main();
