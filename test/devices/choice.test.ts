/** @file Asking a run, a picture or a resumed run for a device that cannot be had. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseDevice } from '../../src/runtime/index.ts';
import { krona } from '../cli/terminal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-device-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const hasCuda = await chooseDevice('cuda').then(
  () => true,
  () => false,
);

test.skipIf(hasCuda)(
  'a device that is not there ends the command before anything is written',
  async () => {
    const out = join(folder, 'out');
    const images = ['--images', 'models/pocket/subjects/teapot', '--subject', 'sks teapot'];
    for (const command of [
      ['train', ...images],
      ['generate', '--prompt', 'a teapot'],
    ]) {
      const { code, err } = await krona([...command, '--device', 'cuda', '--out', out]);
      expect(code).not.toBe(0);
      expect(err).toContain('device: cuda cannot be used');
      expect(err).toContain('[DEVICE_UNAVAILABLE]');
    }
    expect(await readdir(folder)).toEqual([]);
  },
);

test('a device may be given where a run goes on', async () => {
  const { err } = await krona(['train', '--resume', join(folder, 'none'), '--device', 'cpu']);
  expect(err).toContain('[NOT_A_RUN]');
});

test('an unknown device is refused with those there are', async () => {
  const { err } = await krona(['generate', '--prompt', 'x', '--out', folder, '--device', 'gpu']);
  expect(err).toContain('webgpu');
});
