/** @file The life of a run: who works on it, what may be asked of it, what its folder tells, and how it is prolonged. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrainEvent } from '../../src/train/events.ts';
import { tellRun } from '../../src/train/folder/orders.ts';
import { readEvents, stepsOf } from '../../src/train/folder/read-events.ts';
import { runState } from '../../src/train/folder/run-state.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { krona } from '../cli/terminal.ts';
import { startKrona } from '../programs/start.ts';
import { networks } from './networks.ts';
import { quickPocket } from './quick-pocket.ts';

const now = () => Date.now();
const host = { now, networks };

const base = await quickPocket();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-life-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    base,
    images: 'models/pocket/subjects/teapot',
    subject: 'sks teapot',
    steps: 6,
    batchSize: 1,
    warmupSteps: 2,
    checkpointEvery: 2,
    seed: 3,
    out: join(folder, name),
    ...more,
  };
}

const bytesOf = (name: string) => readFile(join(folder, name, 'adapter.safetensors'));

/** Starts a run and does something once after one of its steps. */
async function runWith<T>(
  name: string,
  { more, after, act }: { more?: Partial<TrainOptions>; after: number; act: () => Promise<T> },
) {
  const events: TrainEvent[] = [];
  const pending: Promise<T>[] = [];
  const listener = (event: TrainEvent) => {
    events.push(event);
    if (event.type === 'step' && event.step === after) pending.push(act());
  };
  const result = await startRun(options(name, more), { ...host, listener });
  return { events, result, done: await Promise.all(pending) };
}

const filesOf = (events: readonly TrainEvent[], type: 'sample' | 'checkpoint') =>
  events.flatMap((event) => (event.type === type && 'file' in event ? [event.file] : []));

test('a run whose folder is removed meanwhile says so', async () => {
  const out = join(folder, 'removed');
  const run = runWith('removed', { after: 2, act: () => rename(out, `${out}-elsewhere`) });
  await expect(run).rejects.toMatchObject({
    code: 'RUN_REMOVED',
    message: expect.stringContaining(`${out} was removed or renamed while the run worked in it`),
  });
});

describe('a run that goes on', () => {
  test('belongs to one process, says so, and is left alone by others', async () => {
    const run = join(folder, 'owned');
    const { done, events } = await runWith('owned', {
      more: { steps: 5000 },
      after: 2,
      act: async () => {
        const state = await runState(run, now());
        const resumed = await resumeRun(run, host).catch((error: Error) => error.message);
        const { out: inspected } = await krona(['inspect', run]);
        await tellRun(run, { command: 'stop' });
        return { state, resumed, inspected };
      },
    });
    const owner = { pid: process.pid, host: hostname() };
    const [{ state, resumed, inspected } = {}] = done;
    expect(state).toMatchObject({ state: 'running', phase: 'training', owner });
    expect(JSON.stringify(state)).not.toContain('token');
    expect(resumed).toContain(`process ${process.pid} on ${hostname()}, since 2`);
    expect(inspected).toMatch(
      new RegExp(`state +running \\(training\\): process ${process.pid} on `),
    );
    expect(events[0]).toMatchObject({ type: 'begun', ...owner, time: expect.any(String) });
    expect(await readdir(run)).not.toContain('owner.json');
  });

  test('is one where two begin it at once', async () => {
    const both = [1, 2].map(() => startRun(options('contested'), host));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({
      reason: { code: expect.stringMatching(/^RUN_(IN_USE|EXISTS)$/) },
    });
    const steps = stepsOf(await readEvents(join(folder, 'contested', 'events.jsonl')));
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('draws what is asked for, beside its own previews, and keeps what is asked for', async () => {
    const run = join(folder, 'asked');
    const { events } = await runWith('asked', {
      more: { sampleEvery: 4, checkpointEvery: 6 },
      after: 2,
      act: async () => {
        await tellRun(run, { command: 'sample', prompt: 'a {subject} at sea' });
        await tellRun(run, { command: 'checkpoint' });
        const unknown = tellRun(run, { command: 'sample', prompt: 'a {subjet}' });
        await expect(unknown).rejects.toMatchObject({ code: 'UNKNOWN_PLACEHOLDER' });
      },
    });
    const samples = filesOf(events, 'sample');
    expect(samples.filter((file) => !file.includes('asked'))).toEqual(
      [0, 4, 6].map((step) => `samples/step-00000${step}-1.png`),
    );
    const [asked = ''] = samples.filter((file) => file.includes('asked'));
    expect(asked).toMatch(/^samples\/step-00000[2-5]-asked-1\.png$/);
    expect(events).toContainEqual(
      expect.objectContaining({ file: asked, prompt: 'a sks teapot at sea' }),
    );
    expect((await readdir(join(run, 'samples'))).map((name) => `samples/${name}`)).toEqual(
      samples.toSorted(),
    );
    const checkpoints = filesOf(events, 'checkpoint');
    expect(checkpoints).toHaveLength(2);
    expect(checkpoints[0]).toMatch(/^checkpoints\/step-00000[2-5]\.safetensors$/);
    await expect(tellRun(run, { command: 'stop' })).rejects.toMatchObject({
      code: 'RUN_NOT_RUNNING',
    });
  });

  test('stops when it is told to, is paused, and ends the same', async () => {
    const run = join(folder, 'stopped');
    const { result } = await runWith('stopped', {
      after: 2,
      act: () => tellRun(run, { command: 'stop' }),
    });
    expect(result.interrupted).toBe(true);
    expect(await runState(run, now())).toEqual({ state: 'paused', step: result.step });
    expect((await krona(['inspect', run])).out).toMatch(/state +paused after step \d\n/);
    await resumeRun(run, host);
    await startRun(options('whole'), host);
    expect(await bytesOf('stopped')).toEqual(await bytesOf('whole'));
  });

  test('takes no command from those who cannot read its owner file', async () => {
    const run = join(folder, 'guarded');
    const { done } = await runWith('guarded', {
      after: 1,
      act: async () => {
        const path = join(run, 'owner.json');
        const text = await readFile(path, 'utf8');
        await writeFile(path, JSON.stringify({ ...JSON.parse(text), token: 'guessed' }));
        return await tellRun(run, { command: 'stop' }).then(
          () => 'taken',
          ({ code }: { code: string }) => code,
        );
      },
    });
    expect(done).toEqual(['NOT_ALLOWED']);
  });
});

describe('a run that ended', () => {
  test('by an error says which', async () => {
    const run = join(folder, 'failed');
    const diverging = { learningRate: 1e30, warmupSteps: 3, checkpointEvery: 1 };
    await expect(startRun(options('failed', diverging), host)).rejects.toThrow(
      'the checkpoint of step 2 is good',
    );
    const state = await runState(run, now());
    expect(state).toMatchObject({ state: 'failed', code: 'LOSS_NOT_FINITE' });
    const last = (await readEvents(join(run, 'events.jsonl'))).at(-1);
    expect(last).toMatchObject({ type: 'failed', code: 'LOSS_NOT_FINITE' });
    expect((await krona(['inspect', run])).out).toMatch(
      /state +failed after step .*LOSS_NOT_FINITE/,
    );
  });

  test('by a kill says so, belongs to nobody, and is not taken for running elsewhere', async () => {
    const run = join(folder, 'killed');
    const child = startChild(['train', ...flagsOf(run), '--steps', '5000', '--json']);
    await reached(child, '"type":"checkpoint"');
    expect((await runState(run, now())).state).toBe('running');
    // Whoever needs what it will make is told to wait, not to begin beside it.
    const drawn = await krona(['generate', '--run', run, '--prompt', 'x', '--out', `${run}-out`]);
    expect(drawn.err).toMatch(/it is being trained right now.* \[NO_ADAPTER\]\n$/);
    expect(drawn.err).not.toContain('--resume');
    await expect(startRun(options('killed'), host)).rejects.toThrow('is being trained in it');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const state = await runState(run, now());
    expect(state).toMatchObject({ state: 'ended unexpectedly', checkpoint: expect.any(Number) });
    expect((await krona(['inspect', run])).out).toMatch(
      /state +ended unexpectedly after step \d+;/,
    );
    // The same folder as another machine sees it.
    const path = join(run, 'owner.json');
    const owner = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...owner, host: 'elsewhere' }));
    expect(await runState(run, now())).toMatchObject({
      state: 'running',
      owner: { host: 'elsewhere' },
    });
    await expect(resumeRun(run, host)).rejects.toMatchObject({ code: 'RUN_IN_USE' });
    // Its clock may be ahead by more than the silence.
    const ahead = new Date(Date.now() + 300_000);
    await utimes(path, ahead, ahead);
    await expect(resumeRun(run, host)).rejects.toThrow(`is gone for certain, remove ${path}`);
    const silent = new Date(Date.now() - 61_000);
    await utimes(path, silent, silent);
    expect((await runState(run, now())).state).toBe('ended unexpectedly');
  });

  test('at once, when it is told so, is paused at its last checkpoint', async () => {
    const run = join(folder, 'at-once');
    const child = startChild(['train', ...flagsOf(run), '--steps', '5000', '--json']);
    await reached(child, '"type":"checkpoint"');
    await tellRun(run, { command: 'stop now' });
    expect(await once(child, 'exit')).toEqual([130, null]);
    const state = await runState(run, now());
    expect(state.state).toBe('paused');
    const newest = (await readdir(join(run, 'checkpoints'))).at(-1);
    expect(newest).toBe(`step-${String(state.step).padStart(6, '0')}.safetensors`);
  });
});

function flagsOf(out: string): readonly string[] {
  const { images, subject } = options('');
  return ['--images', images, '--subject', subject, '--checkpoint-every', '2', '--out', out];
}

function startChild(argv: readonly string[]): ChildProcess {
  return startKrona(argv, ['ignore', 'pipe', 'inherit', 'ipc']).process;
}

async function reached(child: ChildProcess, text: string): Promise<void> {
  let said = '';
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (piece) => {
      said += String(piece);
      if (said.includes(text)) resolve();
    });
  });
}

describe('more steps', () => {
  test.each<[string, Partial<TrainOptions>]>([
    ['a constant rate', {}],
    ['rates by step', { schedule: 'piecewise', scheduleRules: '1:3,0.5:5,0.1' }],
    ['an average', { emaDecay: 0.9, optimizer: 'prodigy' }],
  ])(
    'for a finished run with %s make the run that had been begun with them',
    async (name, more) => {
      await startRun(options(`${name} 4`, { ...more, steps: 4 }), host);
      const { fromStep, step } = await resumeRun(join(folder, `${name} 4`), host, { steps: 7 });
      expect({ fromStep, step }).toEqual({ fromStep: 4, step: 7 });
      await startRun(options(`${name} 7`, { ...more, steps: 7 }), host);
      expect(await bytesOf(`${name} 4`)).toEqual(await bytesOf(`${name} 7`));
      expect(await runState(join(folder, `${name} 4`), now())).toEqual({
        state: 'finished',
        step: 7,
      });
    },
  );

  test('are refused where the steps done would have had other rates, and nothing is changed', async () => {
    const run = join(folder, 'cosine');
    await startRun(options('cosine', { schedule: 'cosine', steps: 4 }), host);
    const before = await readFile(join(run, 'run.json'), 'utf8');
    const refusal = resumeRun(run, host, { steps: 8 });
    await expect(refusal).rejects.toMatchObject({ code: 'STEPS_OTHER_RATES' });
    await expect(refusal).rejects.toThrow(/the schedule "cosine" would have given step 4 the/);
    await expect(resumeRun(run, host, { steps: 3 })).rejects.toMatchObject({
      code: 'STEPS_FEWER',
    });
    expect(await readFile(join(run, 'run.json'), 'utf8')).toBe(before);
    expect(await readdir(run)).not.toContain('owner.json');
  });

  test('are allowed where every schedule is alike: in the warm-up', async () => {
    const stop = new AbortController();
    const more = { schedule: 'cosine', steps: 4 } as const;
    const listener = ({ type }: TrainEvent) => type === 'step' && stop.abort();
    await startRun(options('early', more), { ...host, listener, signal: stop.signal });
    await resumeRun(join(folder, 'early'), host, { steps: 6 });
    await startRun(options('late', { ...more, steps: 6 }), host);
    expect(await bytesOf('early')).toEqual(await bytesOf('late'));
  });

  test('are refused where a recommended warm-up was cut to the shorter run', async () => {
    const { warmupSteps: _, ...recommended } = options('cut-warm-up', { steps: 4 });
    await startRun(recommended, host);
    await expect(resumeRun(recommended.out, host, { steps: 8 })).rejects.toThrow(
      /a warm-up of 8 steps would have given step 2 the learning rate/,
    );
    const { out } = await krona(['train', '--resume', recommended.out]);
    expect(out).toContain('more steps, in a run that begins from its adapter: krona train --init');
    expect(out).not.toContain('--resume');
  });

  test('none for a finished run leave it as it is, and say what to do', async () => {
    const run = join(folder, 'done');
    await cp(join(folder, 'whole'), run, { recursive: true });
    const before = await readdir(run, { recursive: true });
    const events = await readFile(join(run, 'events.jsonl'));
    const { code, out } = await krona(['train', '--resume', run]);
    expect(code).toBe(0);
    expect(out.replaceAll(folder, 'FOLDER')).toMatchInlineSnapshot(`
      "FOLDER/done has made all its 6 steps: FOLDER/done/adapter.safetensors
      more steps: krona train --resume FOLDER/done --steps 12
      make pictures: krona generate --run FOLDER/done --prompt "a {subject} on the beach" --out FOLDER/done/pictures
      "
    `);
    expect(await readdir(run, { recursive: true })).toEqual(before);
    expect(await readFile(join(run, 'events.jsonl'))).toEqual(events);
    const longer = await krona(['train', '--resume', run, '--steps', '8']);
    expect(longer.out).toContain('trained 2 steps in 0 s, from step 6 to 8: ');
  });
});
