/** @file Tasks that wait and write, for tests of queues. */
import type { Task } from '../../src/experiments/sweep/work/worker-protocol.ts';

let taskCount = 0;

/** A task that waits and writes; its settings are those of waiting-worker.ts. */
export function taskOf(settings: Readonly<Record<string, unknown>>): Task {
  taskCount += 1;
  const key = `key-${taskCount}`;
  return {
    key,
    title: `task ${taskCount}`,
    base: 'pocket',
    subject: {
      benchmark: 'pocket',
      name: 'dog',
      className: 'dog',
      type: 'live',
      phrase: 'sks dog',
      fingerprint: '0',
    },
    training: { key: `training-${taskCount}`, settings: { steps: 1, shots: ['a'] } },
    scorings: [
      { key, settings, seeds: [0], prompts: [{ typed: 'a', plain: 'b' }], unrelated: ['c'] },
    ],
  };
}

export const tasksOf = (count: number, settings: Readonly<Record<string, unknown>>): Task[] =>
  Array.from({ length: count }, () => taskOf(settings));
