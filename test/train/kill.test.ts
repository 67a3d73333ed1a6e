/** @file A trainer killed with SIGKILL at random moments, resumed each time, ends with the same bytes. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { startKrona } from '../programs/start.ts';

/** How often the trainer is killed; more by hand: KRONA_KILLS=10. */
const kills = Number(process.env.KRONA_KILLS ?? 2);
/** Decides the moments; the test's name says it, and KRONA_KILL_SEED takes it up again. */
const seed = Number(process.env.KRONA_KILL_SEED ?? Date.now() % 1_000_000);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-kill-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const settings = ['--steps', '40', '--batch-size', '1', '--checkpoint-every', '7', '--seed', '5'];
const pictures = ['--images', 'models/pocket/subjects/dog', '--subject', 'sks dog'];

const done = { code: 0, signal: null };

function start(parameters: readonly string[]) {
  return startKrona(['train', '--quiet', ...parameters], ['ignore', 'ignore', 'inherit']);
}

test(`killed ${kills} times (seed ${seed}), a run ends with the adapter of an uninterrupted one`, async () => {
  const whole = join(folder, 'whole');
  const killed = join(folder, 'killed');
  const started = performance.now();
  expect(await start([...pictures, ...settings, '--out', whole]).ended).toEqual(done);
  const duration = performance.now() - started;
  const moments = new TorchGenerator(seed).rand(kills);
  /** Goes on with the run, or begins it where it was killed before its first file. */
  const proceed = async () => {
    const begun =
      (await readdir(folder)).includes('killed') && (await readdir(killed)).includes('run.json');
    return start(begun ? ['--resume', killed] : [...pictures, ...settings, '--out', killed]);
  };
  for (const moment of moments) {
    const run = await proceed();
    await Promise.race([sleep(moment * duration), run.ended]);
    run.process.kill('SIGKILL');
    await run.ended;
  }
  expect(await (await proceed()).ended).toEqual(done);
  expect(await readFile(join(killed, 'adapter.safetensors'))).toEqual(
    await readFile(join(whole, 'adapter.safetensors')),
  );
  const leftovers = (await readdir(killed)).filter((name) => name.endsWith('.tmp'));
  expect(leftovers).toEqual([]);
});
