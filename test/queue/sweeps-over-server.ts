/** @file A sweep through a queue with workers of trivial tasks: the same over every kind of server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { queueEngine } from '../../src/experiments/queue/queue-engine.ts';
import { openQueueServer, type QueueServer } from '../../src/experiments/queue/queue-server.ts';
import type { QueueWorkerEvent } from '../../src/experiments/queue/queue-worker.ts';
import { jobNameOf } from '../../src/experiments/queue/queued-task.ts';
import { folderStore } from '../../src/experiments/store/folder-store.ts';
import type { EngineEvent, Task } from '../../src/experiments/sweep/work/worker-protocol.ts';
import { type Child, startProgram } from '../programs/start.ts';
import type { TestBackend, TestServer } from './servers.ts';
import { taskOf, tasksOf } from './waiting-tasks.ts';
import { runWaitingWorker } from './waiting-worker.ts';

/** Declares the tests over one kind of server. Each kind is a file of its own, because they wait more than they work. */
export function describeSweepsOver({ name, lack, create }: TestBackend): void {
  describe.skipIf(lack !== '')(`a sweep over ${name}${lack}`, () => {
    let server: TestServer;
    let folder: string;
    /** Each ends a worker. */
    let endings: (() => Promise<unknown>)[];
    let events: EngineEvent[];
    /** What the workers themselves said, as JSON lines. */
    let said: string;

    beforeAll(async () => {
      server = await create();
    });
    afterAll(() => server.remove());
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'krona-queue-'));
      endings = [];
      events = [];
      said = '';
    });
    afterEach(async () => {
      await Promise.all(endings.map((end) => end()));
      await rm(folder, { recursive: true });
    });

    /** A worker that nothing happens to works in this process. */
    function startWorker(name: string): void {
      const stop = new AbortController();
      const listener = (event: QueueWorkerEvent) => {
        said += `${JSON.stringify(event)}\n`;
      };
      const options = { url: server.url, name, folder, signal: stop.signal, listener };
      const over = runWaitingWorker(options);
      endings.push(() => {
        stop.abort(new Error('stopped'));
        return over;
      });
    }

    /** One that is killed, sleeps or is told to stop has a process of its own. */
    function startProcess(name: string): Child {
      const worker = startProgram('test/queue/worker-program.ts', [server.url, name, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      worker.process.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      endings.push(() => ended(worker, 'SIGKILL'));
      return worker;
    }

    async function ended(worker: Child, signal: NodeJS.Signals): Promise<number | null> {
      worker.process.kill(signal);
      return (await worker.ended).code;
    }

    interface Watching {
      readonly signal?: AbortSignal;
      readonly onEvent?: (event: EngineEvent) => void;
    }

    async function sweep(
      tasks: readonly Task[],
      { signal = new AbortController().signal, onEvent = () => {} }: Watching = {},
    ): Promise<void> {
      const engine = queueEngine({
        url: server.url,
        sweep: 'test',
        store: 's3://bucket/test',
        lookEvery: 1000,
      });
      const report = (event: EngineEvent) => {
        events.push(event);
        onEvent(event);
      };
      await engine.run(tasks, { report, signal });
    }

    const results = () => folderStore(folder).list('results/');
    const begun = () => folderStore(folder).list('begun/');
    const resultsOf = (tasks: readonly Task[]) => tasks.map(({ key }) => `results/${key}`).sort();
    const keysOf = (type: EngineEvent['type']) =>
      events
        .flatMap((event) => (event.type === type && 'task' in event ? [event.task] : []))
        .sort();
    const workersIn = (type: EngineEvent['type']) => [
      ...new Set(
        events.flatMap((event) => (event.type === type && 'worker' in event ? [event.worker] : [])),
      ),
    ];
    const sortedKeys = (tasks: readonly Task[]) => tasks.map(({ key }) => key).sort();

    async function withServer<Result>(use: (queue: QueueServer) => Promise<Result>) {
      const opened = await openQueueServer(server.url, () => {});
      return await use(opened).finally(() => opened.close());
    }

    test('is shared by two workers, each task done once, and both are seen at work', async () => {
      const tasks = tasksOf(8, { milliseconds: 700 });
      startWorker('one');
      startWorker('two');
      await sweep(tasks);
      expect(await results()).toEqual(resultsOf(tasks));
      expect(await begun()).toHaveLength(tasks.length);
      expect(keysOf('begun')).toEqual(sortedKeys(tasks));
      expect(keysOf('done')).toEqual(sortedKeys(tasks));
      expect(keysOf('failed')).toEqual([]);
      for (const type of ['begun', 'progress', 'done'] as const) {
        expect(workersIn(type).sort()).toEqual(['one', 'two']);
      }
      const progress = events.filter((event) => event.type === 'progress');
      for (const event of progress) {
        expect(event.progress).toMatchObject({ stage: 'drawing', total: 10 });
      }
    });

    test('goes on where a worker is killed in the middle: another one takes its task over', async () => {
      const [long, ...others] = [
        taskOf({ milliseconds: 2500 }),
        ...tasksOf(3, { milliseconds: 100 }),
      ];
      const tasks = [long, ...others];
      const victim = startProcess('victim');
      let isKilled = false;
      await sweep(tasks, {
        onEvent: (event) => {
          if (event.type !== 'begun' || isKilled) return;
          isKilled = victim.process.kill('SIGKILL');
          startWorker('heir');
        },
      });
      expect(await results()).toEqual(resultsOf(tasks));
      expect(keysOf('done')).toEqual(sortedKeys(tasks));
      const begins = events.filter((event) => event.type === 'begun' && event.task === long.key);
      expect(begins).toEqual([
        { type: 'begun', worker: 'victim', task: long.key },
        { type: 'begun', worker: 'heir', task: long.key },
      ]);
    });

    test('goes on where a worker sleeps: on waking it leaves the task to the one that has it', async () => {
      const tasks = [taskOf({ milliseconds: 6000 })];
      const sleeper = startProcess('sleeper');
      const wakes = () => said.includes('another worker has taken it over');
      let isAsleep = false;
      await sweep(tasks, {
        onEvent: (event) => {
          if (event.type !== 'begun') return;
          sleeper.process.kill(isAsleep ? 'SIGCONT' : 'SIGSTOP');
          if (!isAsleep) startWorker('other');
          isAsleep = true;
        },
      });
      await expect.poll(wakes, { timeout: 20_000 }).toBe(true);
      expect(await ended(sleeper, 'SIGTERM')).toBe(0);
      expect(events.filter(({ type }) => type === 'done')).toEqual([
        { type: 'done', worker: 'other', task: tasks[0]?.key },
      ]);
    });

    test('goes on where a worker is told to stop: it hands its task back and ends well', async () => {
      const tasks = [taskOf({ milliseconds: 3000 })];
      const first = startProcess('first');
      let exit: Promise<number | null> | undefined;
      await sweep(tasks, {
        onEvent: (event) => {
          if (event.type !== 'progress' || exit !== undefined) return;
          exit = ended(first, 'SIGTERM');
          startWorker('second');
        },
      });
      expect(await exit).toBe(0);
      expect(said).toContain('"handed-back"');
      expect(await results()).toEqual(resultsOf(tasks));
      expect(events.filter(({ type }) => type === 'done')).toEqual([
        { type: 'done', worker: 'second', task: tasks[0]?.key },
      ]);
    });

    test('adds nothing twice when it is started again, in the middle or at the end', async () => {
      const tasks = tasksOf(6, { milliseconds: 300 });
      startWorker('one');
      const twice = [sweep(tasks), sweep(tasks)];
      await Promise.all(twice);
      expect(await begun()).toHaveLength(tasks.length);
      expect(await results()).toEqual(resultsOf(tasks));
      // Each of the two told everything.
      expect(keysOf('done')).toEqual([...sortedKeys(tasks), ...sortedKeys(tasks)].sort());
    });

    test('does again what is over in the queue, because it is asked for only where results are missing', async () => {
      const [task] = [taskOf({ milliseconds: 10 })];
      startWorker('one');
      await sweep([task]);
      await rm(join(folder, 'results'), { recursive: true });
      await sweep([task]);
      expect(await results()).toEqual(resultsOf([task]));
      expect(keysOf('done')).toEqual([task.key, task.key]);
    });

    test('tells which task failed and why, and goes on with the others', async () => {
      const bad = taskOf({ milliseconds: 50, fault: 'a1 = 8 does not divide 1020; try 6' });
      const good = tasksOf(3, { milliseconds: 50 });
      startWorker('one');
      await sweep([bad, ...good]);
      expect(events.filter(({ type }) => type === 'failed')).toEqual([
        {
          type: 'failed',
          worker: 'one',
          task: bad.key,
          message: 'a1 = 8 does not divide 1020; try 6',
        },
      ]);
      expect(await results()).toEqual(resultsOf(good));
      expect(await begun()).toHaveLength(4);
    });

    test('gives a task whose process ended a second chance, and no third', async () => {
      const tasks = [taskOf({ milliseconds: 10, crashes: 1 })];
      startWorker('one');
      await sweep(tasks);
      expect(await begun()).toHaveLength(2);
      expect(await results()).toEqual(resultsOf(tasks));
      const hopeless = taskOf({ milliseconds: 10, crashes: 9 });
      await sweep([hopeless]);
      expect(await begun()).toHaveLength(4);
      expect(events.filter(({ type }) => type === 'failed')).toEqual([
        { type: 'failed', worker: 'one', task: hopeless.key, message: 'crash 4' },
      ]);
      expect(said).toContain('crash 1; it is tried once more');
    });

    test('says how a worker is started where there is none, and takes its tasks back when stopped', async () => {
      const tasks = tasksOf(3, { milliseconds: 10 });
      const stop = new AbortController();
      const states = () =>
        withServer(({ queue }) =>
          Promise.all(tasks.map((task) => queue.getJobState(jobNameOf(task)))),
        );
      let waiting: Promise<readonly string[]> | undefined;
      await sweep(tasks, {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.type !== 'note' || waiting !== undefined) return;
          waiting = states();
          void waiting.finally(() => stop.abort());
        },
      });
      expect(await waiting).toEqual(['waiting', 'waiting', 'waiting']);
      expect(await states()).toEqual(['unknown', 'unknown', 'unknown']);
      expect(events).toEqual([
        {
          type: 'note',
          message: expect.stringMatching(
            /^no worker is connected to \S+; start one, here or on another machine, with this address and the store s3:\/\/bucket\/test$/,
          ),
        },
      ]);
    });

    test('survives that its tasks vanish from the queue', async () => {
      const tasks = tasksOf(2, { milliseconds: 200 });
      let isRemoved = false;
      await sweep(tasks, {
        onEvent: (event) => {
          if (event.type !== 'note' || isRemoved) return;
          isRemoved = true;
          void withServer(async ({ queue }) => {
            for (const task of tasks) await queue.remove(jobNameOf(task));
          }).then(() => startWorker('one'));
        },
      });
      expect(await results()).toEqual(resultsOf(tasks));
    });

    test('refuses a task of another version, naming what it does not know', async () => {
      const task = { ...taskOf({ milliseconds: 10 }), novelty: 1 };
      startWorker('one');
      await sweep([task]);
      expect(events.filter(({ type }) => type === 'failed')).toEqual([
        {
          type: 'failed',
          worker: 'one',
          task: task.key,
          message: expect.stringMatching(
            /novelty[\s\S]*run the sweep and its workers with the same version/,
          ),
        },
      ]);
    });

    test('goes on when its server was away for a moment', async () => {
      const tasks = tasksOf(8, { milliseconds: 400 });
      startWorker('one');
      startWorker('two');
      let restart: Promise<void> | undefined;
      await sweep(tasks, {
        onEvent: (event) => {
          if (event.type === 'done') restart ??= server.stop().then(() => server.start());
        },
      });
      await restart;
      expect(await results()).toEqual(resultsOf(tasks));
      expect(keysOf('done')).toEqual(sortedKeys(tasks));
    });
  });
}
