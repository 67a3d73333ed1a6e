/** @file A real sweep on two real workers over every kind of server: the rows of an undisturbed sweep on this machine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resultsSchema } from '../../src/experiments/sweep/run/results.ts';
import { smallModel } from '../browser/small-model.ts';
import { jsonLines, krona, type Outcome } from '../cli/terminal.ts';
import { type Child, startKrona } from '../programs/start.ts';
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
base: ${JSON.stringify(await smallModel())}
subjects: [teapot, dog]
prompts: [3]
clip: pocket
dino: pocket
train: { steps: 3, batchSize: 1, adapterOptions: { a1: 8, a2: 16 } }
draw: { count: 1, steps: 2 }
drift: false
vary: { train.learningRate: [0.001, 0.01] }
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

interface Place {
  readonly url: string;
  /** Of the sweep, whose store the worker shares. */
  readonly name: string;
  readonly worker: string;
}

const workerArguments = ({ url, name, worker }: Place) => [
  ...['worker', '--queue', url, '--store', join(folder, name, 'store'), '--name', worker],
  ...['--work', join(folder, name, worker), '--json'],
];
/** What a worker says once it is connected. */
const isReady = (text: string) => text.includes('takes tasks from');

/** A worker that is a process of its own, to be killed. */
async function startProcess(place: Place): Promise<Child> {
  const child = startKrona(workerArguments(place), ['ignore', 'pipe', 'inherit']);
  await new Promise<void>((resolve) => {
    child.process.stdout?.on('data', (text) => isReady(String(text)) && resolve());
  });
  return child;
}

interface RunningWorker {
  /** Presses Ctrl-C. */
  stop(): Promise<Outcome>;
}

/** A worker in this process; its tasks have one of their own in any case. */
async function startHere(place: Place): Promise<RunningWorker> {
  return await new Promise((resolve) => {
    const over = krona(workerArguments(place), {
      onOutput(text, interrupt) {
        if (!isReady(text)) return;
        resolve({
          stop() {
            interrupt();
            return over;
          },
        });
      },
    });
  });
}

const kinds = backends.map((backend) => [`${backend.name}${backend.lack}`, backend] as const);

describe.each(kinds)('a sweep on two workers over %s', (kind, { lack, create }) => {
  describe.skipIf(lack !== '')('gives the rows of a sweep on this machine', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await create();
    });
    afterAll(async () => await server.remove());

    test('shared between both, also where one of them is killed in the middle', async () => {
      const place = { url: server.url, name: kind };
      const one = await startProcess({ ...place, worker: 'one' });
      let two: Promise<RunningWorker> | undefined;
      let begunByOne = 0;
      const { code, out, err } = await krona(
        ['sweep', spec, ...places(kind), '--queue', server.url, '--json'],
        {
          onOutput(text) {
            const [event] = jsonLines(text);
            // A head start, so that the first has a task left when it has done one, however fast the second is.
            if (event?.type === 'progress') two ??= startHere({ ...place, worker: 'two' });
            if (event?.type !== 'begun' || event.worker !== 'one') return;
            begunByOne += 1;
            // In the middle: it has done something, and is at the next.
            if (begunByOne === 2) one.process.kill('SIGKILL');
          },
        },
      );
      await (await two)?.stop();
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(await one.ended).toEqual({ code: null, signal: 'SIGKILL' });
      expect(await rows(kind)).toBe(expected);
      const text = await readFile(join(folder, kind, 'results', 'small.json'), 'utf8');
      const { cells } = resultsSchema.parse(JSON.parse(text));
      expect(new Set(cells.map(({ cost }) => cost.worker))).toEqual(new Set(['one', 'two']));
      // What the killed one was at, the other took over.
      const begun = jsonLines(out).filter(({ type }) => type === 'begun');
      const lost = begun.filter(({ worker }) => worker === 'one').at(-1);
      expect(begun).toContainEqual({ ...lost, worker: 'two' });
    });
  });
});
