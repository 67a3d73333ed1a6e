import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blankImage, encodePng } from '../../src/data/image.ts';
import type { RecordedEvent } from '../../src/train/events.ts';
import { openWandbLog } from '../../src/train/folder/logs/wandb-log.ts';
import { runPaths } from '../../src/train/folder/run-folder.ts';
import { trainSchema } from '../../src/train/train-options.ts';
import { readRun } from './wandb-reader.ts';

const config = trainSchema.parse({ images: 'dogs', subject: 'sks dog', out: 'runs/dog' });
const start = Date.UTC(2026, 0, 2, 3, 4, 5);
let folder: string;
const paths = () => runPaths(join(folder, 'dog'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-wandb-'));
  await mkdir(paths().samples, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** When so many seconds have passed. */
const timed = (seconds: number) => ({ time: new Date(start + seconds * 1000).toISOString() });

const begun = (seconds: number): RecordedEvent => ({
  ...{ type: 'begun', pid: 1, host: 'host', ...timed(seconds) },
});

const made = (step: number, seconds: number): RecordedEvent => ({
  ...{ type: 'step', step, steps: 9, loss: step / 8, learningRate: 1e-7, gradientNorm: 0.5 },
  ...{ seconds: 1, graphSeconds: 1, memoryBytes: 1, ...timed(seconds) },
});

const measured = (step: number, seconds: number): RecordedEvent => ({
  ...{ type: 'validation', step, loss: 0.75, baseLoss: 0.5, ...timed(seconds) },
});

async function drawn(step: number, name: string, seconds: number): Promise<RecordedEvent> {
  const picture = blankImage(6, 4);
  await writeFile(join(paths().samples, name), await encodePng(picture));
  return { type: 'sample', step, file: `samples/${name}`, prompt: `a ${name}`, ...timed(seconds) };
}

async function log(before: readonly RecordedEvent[] = [], fromStep = 0) {
  const tell = await openWandbLog(config, { paths: paths(), before, fromStep, now: () => start });
  return async (...events: readonly RecordedEvent[]) => {
    for (const event of events) await tell(event);
  };
}

async function place() {
  const [name = '', ...others] = await readdir(paths().wandb);
  expect(others).toEqual([]);
  const id = name.slice('offline-run-20260102_030405-'.length);
  return { id, folder: join(paths().wandb, name), file: `run-${id}.wandb` };
}

async function read() {
  const { folder: run, file } = await place();
  return readRun(await readFile(join(run, file)));
}

const steps = async () => (await read()).history.map(({ _step }) => _step);

describe('a run for Weights & Biases', () => {
  test('is a folder as its client makes them, with the settings and a row a step', async () => {
    const tell = await log();
    await tell(begun(0), await drawn(0, 'step-000000-1.png', 1), made(1, 2), made(2, 3));
    expect(await steps()).toEqual([0, 1]);
    await tell(measured(2, 4), await drawn(2, 'step-000002-1.png', 5));
    await tell(await drawn(2, 'step-000002-2.png', 6), made(3, 7));
    await tell({
      type: 'finished',
      step: 3,
      adapter: 'adapter.safetensors',
      seconds: 8,
      ...timed(9),
    });

    const { id, folder: run, file } = await place();
    expect((await readdir(run)).sort()).toEqual(['files', file]);
    const { history, summary, files, exit, run: about } = await read();
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect(about).toEqual({ id, name: 'dog', config: JSON.parse(JSON.stringify(config)), start });
    const numbers = (step: number) => ({ loss: step / 8, learning_rate: 1e-7, gradient_norm: 0.5 });
    const at = (_step: number, seconds: number) => ({
      ...{ _step, _timestamp: start / 1000 + seconds, _runtime: seconds },
    });
    const previews = (...names: string[]) => ({
      ...{ _type: 'images/separated', format: 'png', width: 6, height: 4, count: names.length },
      filenames: names.map((name) => `media/images/${name}`),
      captions: names.map((name) => `a ${name}`),
    });
    const two = previews('step-000002-1.png', 'step-000002-2.png');
    const validated = { validation_loss: 0.75, validation_above_base: 0.25 };
    expect(history).toEqual([
      { ...at(0, 1), previews: previews('step-000000-1.png') },
      { ...at(1, 2), ...numbers(1) },
      { ...at(2, 6), ...numbers(2), ...validated, previews: two },
      { ...at(3, 7), ...numbers(3) },
    ]);
    expect(summary).toEqual({ ...at(3, 7), ...numbers(3), ...validated, previews: two });
    expect(exit).toEqual({ code: 0, runtime: 9 });
    for (const name of files) {
      const copy = await readFile(join(run, 'files', name));
      expect(copy).toEqual(
        await readFile(join(paths().samples, name.slice('media/images/'.length))),
      );
    }
    expect(files).toHaveLength(3);
  });

  test('goes on under its id: steps made again stand there once, and what came late at its step', async () => {
    const first = [begun(0), made(1, 1), made(2, 2), made(3, 3), made(4, 4)];
    await (await log())(...first);
    const { id, folder: run, file } = await place();
    // As a process leaves it that was killed while writing, and uploaded.
    await appendFile(join(run, file), 'half a record');
    await writeFile(join(run, `${file}.synced`), '');

    const tell = await log(first, 2);
    expect(await steps()).toEqual([1]);
    expect((await readdir(run)).sort()).toEqual(['files', file]);
    await tell(begun(60), await drawn(2, 'step-000002-1.png', 62), made(3, 63));
    await tell({ type: 'interrupted', step: 3, ...timed(64) });
    expect((await place()).id).toBe(id);
    const { history, exit } = await read();
    // Of the first process four seconds count, with a pause of 56 until the second.
    expect(history.map(({ _step, _runtime }) => [_step, _runtime])).toEqual([
      [1, 1],
      [2, 6],
      [3, 7],
    ]);
    expect(history[1]).toMatchObject({ loss: 0.25, previews: { count: 1 } });
    expect(exit).toEqual({ code: 255, runtime: 8 });
  });

  test('that is asked for later has all that was before, but for previews that are gone', async () => {
    const before = [begun(0), await drawn(1, 'gone.png', 1), made(1, 2), made(2, 3)];
    await rm(join(paths().samples, 'gone.png'));
    const tell = await log(before, 2);
    await tell(begun(5), { type: 'failed', code: 'DISK_FULL', message: 'no', ...timed(6) });
    const { history, files, exit } = await read();
    expect(history.map(({ _step, previews }) => [_step, previews])).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
    expect(files).toEqual([]);
    expect(exit).toEqual({ code: 1, runtime: 4 });
  });

  test('keeps nothing of records that were not written whole', async () => {
    const tell = await log();
    await tell(begun(0), made(1, 1), made(2, 2));
    const { folder: run, file } = await place();
    await appendFile(join(run, file), 'what could be written of a record on a full disk');
    await tell(made(3, 3));
    expect(await steps()).toEqual([1, 2]);
  });
});
