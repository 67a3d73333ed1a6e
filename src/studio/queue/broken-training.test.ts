import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunJournal } from '../runs/run-journal.ts';
import { brokeOff } from './broken-training.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-broken-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const begun = { type: 'begun', pid: 1, host: 'here' };
const started = (fromStep: number) => ({
  ...{ type: 'started', base: 'pocket', device: 'cpu', images: 5, sizes: [], skipped: [] },
  ...{ sites: 1, parameters: 1, fromStep, steps: 20, notes: [], warnings: [] },
});
const step = (number: number) => ({
  ...{ type: 'step', step: number, steps: 20, loss: 1, learningRate: 1, gradientNorm: 1 },
  ...{ seconds: 1, graphSeconds: 1, memoryBytes: 1 },
});
const failed = (code: string) => ({ type: 'failed', code, message: 'it did' });
const interrupted = { type: 'interrupted', step: 6 };
const finished = { type: 'finished', step: 6, adapter: 'adapter.safetensors', seconds: 1 };

async function journalOf(...events: readonly object[]): Promise<RunJournal> {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  writeFileSync(join(folder, 'events.jsonl'), lines.join(''));
  const journal = new RunJournal(folder, () => {});
  await journal.refresh();
  return journal;
}

const made = [begun, started(0), step(5), step(6)];

test.each([
  ['vanished', [], true],
  ['lost its device', [failed('DEVICE_LOST')], true],
  ['ran out of memory', [failed('OUT_OF_MEMORY')], true],
  ['learns nothing', [failed('LOSS_NOT_FINITE')], false],
  ['was stopped', [interrupted], false],
  ['has finished', [finished], false],
])('a training that %s', async (_, end, isBroken) => {
  expect(brokeOff(await journalOf(...made, ...end))).toBe(isBroken);
});

test('what the one before broke off with is told once another goes on', async () => {
  const after = [begun, started(4), step(5)];
  expect((await journalOf(...made, begun)).recovery).toBeUndefined();
  const vanished = await journalOf(...made, ...after);
  expect(vanished.recovery).toEqual({ step: 6, from: 4, failure: undefined });
  const lost = await journalOf(...made, failed('DEVICE_LOST'), ...after);
  const failure = { code: 'DEVICE_LOST', message: 'it did' };
  expect(lost.recovery).toEqual({ step: 6, from: 4, failure });
  expect((await journalOf(...made, interrupted, ...after)).recovery).toBeUndefined();
  const twice = await journalOf(...made, ...after, interrupted, begun, started(5));
  expect(twice.recovery).toBeUndefined();
});
