/** @file Tasks as jobs of a queue, and servers that are not there. */
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { queueEngine } from '../../src/experiments/queue/queue-engine.ts';
import { runQueueWorker } from '../../src/experiments/queue/queue-worker.ts';
import { jobNameOf, jobOf, requireTask } from '../../src/experiments/queue/queued-task.ts';
import { freePort } from './servers.ts';
import { taskOf } from './waiting-tasks.ts';

describe('a job', () => {
  const task = taskOf({ milliseconds: 1 });

  test('holds its task, through JSON and back', () => {
    expect(requireTask(JSON.parse(JSON.stringify(jobOf(task))))).toEqual(task);
  });

  test.each(['../../etc', 'a/b', '', '.', 'c:\\a'])(
    'has no key that leads elsewhere: %j',
    (key) => {
      for (const evil of [
        { ...task, key },
        { ...task, training: { key, settings: {} } },
        { ...task, scorings: task.scorings.map((scoring) => ({ ...scoring, key })) },
      ]) {
        expect(() => requireTask(jobOf(evil))).toThrow(
          expect.objectContaining({ code: 'TASK_UNKNOWN' }),
        );
      }
    },
  );

  test('has a name that depends on the results it is for, and on nothing else', () => {
    expect(jobNameOf({ ...task, title: 'another' })).toBe(jobNameOf(task));
    expect(jobNameOf({ ...task, scorings: [...task.scorings, ...task.scorings] })).not.toBe(
      jobNameOf(task),
    );
  });
});

describe('a server that is not there', () => {
  const options = { sweep: 'test', url: '' };
  const host = { report: () => {}, signal: new AbortController().signal };

  test.each(['redis', 'postgres'])('is told of within seconds: %s', async (scheme) => {
    const url = `${scheme}://user:secret@127.0.0.1:${await freePort()}/0`;
    const refusal = {
      code: 'QUEUE_UNREACHABLE',
      message: expect.stringMatching(
        /^queue: cannot use the server at \w+:\/\/user:\*\*\*@127\.0\.0\.1:\d+\/0: connect ECONNREFUSED 127\.0\.0\.1:\d+; check the address with its user/,
      ),
    };
    const engine = queueEngine({ ...options, url });
    await expect(engine.run([taskOf({})], host)).rejects.toMatchObject(refusal);
    const worker = runQueueWorker({
      url,
      name: 'one',
      run: async () => {},
      signal: host.signal,
      listener: () => {},
    });
    await expect(worker).rejects.toMatchObject(refusal);
  });

  test.each(['redis', 'postgres'])(
    'one that is silent neither: %s',
    async (scheme) => {
      const silent = createServer();
      const port = await freePort();
      await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
      const engine = queueEngine({ ...options, url: `${scheme}://127.0.0.1:${port}` });
      await expect(engine.run([taskOf({})], host)).rejects.toMatchObject({
        code: 'QUEUE_UNREACHABLE',
      });
      silent.close();
    },
    20_000,
  );

  test.each([
    ['amqp://host', 'amqp://host'],
    ['host:6379', 'host:6379'],
    ['redis://', 'redis://'],
    ['mysql://me:secret@host', 'mysql://me:***@host'],
  ])('an address of nothing that we know is refused: %s', async (url, shown) => {
    await expect(queueEngine({ ...options, url }).run([taskOf({})], host)).rejects.toMatchObject({
      code: 'QUEUE_URL',
      message: expect.stringContaining(`found ${JSON.stringify(shown)}`),
    });
  });
});
