/** @file A real sweep on two real workers over every kind of server: the rows of an undisturbed sweep on this machine. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resultsSchema } from '../../src/experiments/sweep/run/results.ts';
import { krona } from '../cli/terminal.ts';
import { backends, type TestServer } from './servers.ts';

let folder = '';
let spec = '';
let expected = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-queue-sweep-'));
  spec = join(folder, 'small.yaml');
  await writeFile(
    spec,
    `title: small
subjects: [teapot, dog]
prompts: [3]
train: { steps: 8, batchSize: 1 }
draw: { count: 1, steps: 2 }
drift: false
vary: { train.learningRate: [0.001, 0.003, 0.01] }
`,
  );
  const { code } = await krona(['sweep', spec, ...places('here'), '--quiet']);
  expect(code).toBe(0);
  expected = await rows('here');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const places = (name: string) => [
  ...['--store', join(folder, name, 'store'), '--results', join(folder, name, 'results')],
  ...['--work', join(folder, name, 'work')],
];
const rows = async (name: string) =>
  await readFile(join(folder, name, 'results', 'small.csv'), 'utf8');
const resultCount = async (name: string) =>
  (await readdir(join(folder, name, 'store', 'results')).catch(() => [])).length;

function startWorker(url: string, name: string, worker: string): ChildProcess {
  const own = ['--store', join(folder, name, 'store'), '--work', join(folder, name, worker)];
  return spawn(
    'node',
    [
      ...['--import', 'tsx', 'test/train/krona-process.ts', 'worker', '--queue', url],
      ...[...own, '--name', worker, '--quiet'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

const kinds = backends.map((backend) => [`${backend.name}${backend.lack}`, backend] as const);

describe.each(kinds)('a sweep on two workers over %s', (kind, { lack, create }) => {
  describe.skipIf(lack !== '')('gives the rows of a sweep on this machine', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await create();
    });
    afterAll(async () => await server.remove());

    test('shared between both', async () => {
      const name = `${kind} both`;
      const workers = ['one', 'two'].map((worker) => startWorker(server.url, name, worker));
      const { code, err } = await krona([
        ...['sweep', spec, ...places(name), '--queue', server.url, '--quiet'],
      ]);
      for (const worker of workers) worker.kill('SIGTERM');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(await rows(name)).toBe(expected);
      const text = await readFile(join(folder, name, 'results', 'small.json'), 'utf8');
      const { cells } = resultsSchema.parse(JSON.parse(text));
      expect(new Set(cells.map(({ cost }) => cost.worker))).toEqual(new Set(['one', 'two']));
    });

    test('also where one of them is killed in the middle', async () => {
      const name = `${kind} killed`;
      const first = startWorker(server.url, name, 'one');
      const sweep = krona(['sweep', spec, ...places(name), '--queue', server.url, '--quiet']);
      // In the middle: it has done something, and is at the next.
      while ((await resultCount(name)) === 0) await new Promise((wait) => setTimeout(wait, 100));
      first.kill('SIGKILL');
      const second = startWorker(server.url, name, 'two');
      const { code } = await sweep;
      second.kill('SIGTERM');
      expect(code).toBe(0);
      expect(await rows(name)).toBe(expected);
    });
  });
});
