import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildProcess, fork, once } from '../processes.ts';
import { askProcess } from './ask-process.ts';

let folder: string;
let program: URL;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-asked-'));
  const path = join(folder, 'program.mjs');
  // Counts down to its answer; asked from 0 it ends, from 7 it says that alone.
  await writeFile(
    path,
    `process.on('message', ({ from }) => {
      if (from === 0) process.exit(3);
      for (let n = from; n >= (from === 7 ? 7 : 0); n--) process.send({ n });
    });`,
  );
  program = pathToFileURL(path);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const heard: number[] = [];
const ask = (child: ChildProcess, from: number, onEnd?: () => void) =>
  askProcess<{ readonly n: number }, string>(
    child,
    { from },
    {
      hear: ({ n }) => {
        heard.push(n);
        if (n === 7) throw new Error('seven');
        return n === 0 ? { answer: 'none left' } : undefined;
      },
      ended: (code, by) => new Error(`ended ${code} ${by}`),
      onEnd,
    },
  );

test('a process is heard until it has answered, question by question, and its end is one too', async () => {
  const child = fork(program);
  expect(await ask(child, 2)).toBe('none left');
  expect(heard).toEqual([2, 1, 0]);
  await expect(ask(child, 7)).rejects.toThrow('seven');
  await expect(ask(child, 0)).rejects.toThrow('ended 3 null');
  let ends = 0;
  // Nobody waits for one that ended before it was asked.
  await expect(ask(child, 2, () => ends++)).rejects.toThrow('ended 3 null');
  expect(ends).toBe(1);
});

test('one that is killed while nobody asks it has ended as well', async () => {
  const child = fork(program);
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  await expect(ask(child, 2)).rejects.toThrow('ended null SIGKILL');
});
