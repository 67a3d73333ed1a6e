/** @file Encoders of an evaluation from the hub. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import { locateEncoder } from '../../src/metrics/encoder-folder.ts';
import { openVitModel } from '../../src/metrics/self-supervised.ts';
import { type FakeHub, type Files, filesOf, repository, startFakeHub } from './fake-hub.ts';

const dino = filesOf(join(pocketFolder(), 'dino'));
let hub: FakeHub | undefined;
let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'krona-encoder-'));
});
afterEach(async () => await hub?.close());
afterAll(() => rm(home, { recursive: true }));

async function locate(files: Files, cache: string) {
  hub = await startFakeHub(files);
  const environment = { HF_HOME: join(home, cache), HF_ENDPOINT: hub.url };
  return await locateEncoder(repository, 'dino', { environment, sleep: async () => {} });
}

describe('an encoder of the hub', () => {
  test('comes with what it needs and nothing else, and names its commit', async () => {
    const files = new Map([...dino, ['tf_model.h5', new Uint8Array(9)] as const]);
    const { name, folder } = await locate(files, 'safetensors');
    expect((await readdir(folder)).sort()).toEqual([...dino.keys()].sort());
    expect(name).toMatch(/^owner\/pocket@[0-9a-f]{40}$/);
    expect((await openVitModel(folder)).config.patchSize).toBe(8);
  });

  test('comes as a pickle where that is all there is', async () => {
    const files = new Map(dino);
    files.delete('model.safetensors');
    files.set('pytorch_model.bin', new Uint8Array(9));
    const { folder } = await locate(files, 'pickle');
    expect(await readdir(folder)).toContain('pytorch_model.bin');
  });

  test('without a configuration, or without weights, is refused', async () => {
    const without = (path: string) => new Map([...dino].filter(([name]) => name !== path));
    await expect(locate(without('config.json'), 'a')).rejects.toMatchObject({
      code: 'HUB_INCOMPLETE',
      message: expect.stringContaining('expected config.json'),
    });
    await expect(locate(without('model.safetensors'), 'b')).rejects.toMatchObject({
      code: 'HUB_INCOMPLETE',
    });
  });
});
