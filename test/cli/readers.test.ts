/** @file Work whose readers go away, and whose terminal hangs up. */
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startKrona, textOf } from '../programs/start.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-readers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const train = (out: string, ...flags: readonly string[]) => [
  ...['train', '--images', 'models/pocket/subjects/teapot', '--subject', 'sks teapot'],
  ...['--batch-size', '1', '--out', out, ...flags],
];

/** A device that is always full, where the system has one. */
const fullDevice = '/dev/full';

describe.concurrent('work goes on', () => {
  test('when the reader of its events and of its errors has gone after the first', async () => {
    const run = join(folder, 'left');
    const { process: child, ended } = startKrona(train(run, '--steps', '3', '--json'), [
      ...(['ignore', 'pipe', 'pipe'] as const),
    ]);
    child.stderr?.destroy();
    if (child.stdout !== null) await once(child.stdout, 'data');
    child.stdout?.destroy();
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(existsSync(join(run, 'adapter.safetensors'))).toBe(true);
    expect(readFileSync(join(run, 'events.jsonl'), 'utf8')).toContain('"type":"finished"');
  });

  test.runIf(existsSync(fullDevice))('when the disk behind its output is full', async () => {
    const out = join(folder, 'pictures');
    const full = openSync(fullDevice, 'w');
    const argv = ['generate', '--prompt', 'a teapot', '--steps', '1', '--json', '--out', out];
    const { process: child, ended } = startKrona(argv, ['ignore', full, 'pipe']);
    closeSync(full);
    expect(await textOf(child.stderr)).toBe('standard output: ENOSPC; going on without it\n');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(readdirSync(out)).toContain('sheet.png');
  });

  test('to its checkpoint when its terminal hangs up, however often', async () => {
    const run = join(folder, 'hung-up');
    const argv = train(run, '--steps', '5000', '--json');
    const { process: child, ended } = startKrona(argv, ['ignore', 'pipe', 'pipe']);
    for await (const piece of child.stdout ?? []) {
      if (!String(piece).includes('"type":"step"')) continue;
      // As closing a session does: its shell and the system both tell, and the terminal is gone.
      child.stderr?.destroy();
      child.kill('SIGHUP');
      child.kill('SIGHUP');
      child.kill('SIGTERM');
      break;
    }
    expect(await ended).toEqual({ code: 130, signal: null });
    expect(readdirSync(join(run, 'checkpoints'))).toHaveLength(1);
    expect(readFileSync(join(run, 'events.jsonl'), 'utf8')).toContain('"type":"interrupted"');
  });
});

describe.concurrent('what is asked for itself', () => {
  test.runIf(existsSync(fullDevice)).each([
    ['a finding', ['inspect', 'src']],
    ['a help', ['train', '--help']],
  ])('fails where it cannot be written: %s', async (_, argv) => {
    const full = openSync(fullDevice, 'w');
    const { process: child, ended } = startKrona(argv, ['ignore', full, 'pipe']);
    closeSync(full);
    expect(await textOf(child.stderr)).toMatch(/^error: .*\[OUTPUT_FAILED\]\n$/);
    expect(await ended).toEqual({ code: 1, signal: null });
  });

  test('ends well where its reader has seen enough', async () => {
    const { process: child, ended } = startKrona(['inspect', 'src'], ['ignore', 'pipe', 'pipe']);
    child.stdout?.destroy();
    expect(await textOf(child.stderr)).toBe('');
    expect(await ended).toEqual({ code: 0, signal: null });
  });
});
