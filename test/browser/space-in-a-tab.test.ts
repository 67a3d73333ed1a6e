/** @file The space that a browser gives a page: asked before, used up in the middle, taken away. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import { type FakeHub, filesOf, repository, startFakeHub } from '../hub/fake-hub.ts';
import { chromiumPath } from '../studio/browser.ts';
import { type Served, servePage, Tab } from './tab.ts';

const weights = 'unet/diffusion_pytorch_model.safetensors';
const settings = {
  ...{ images: 'pocket/teapot', subject: 'sks teapot', adapter: 'lora' },
  ...{ steps: 2, batchSize: 1, resolution: 32 },
};

describe.skipIf(chromiumPath === undefined)('the space of a tab', () => {
  /** One that keeps files on the disk, as for a person; elsewhere Chromium keeps them in memory, and counts otherwise. */
  let context: BrowserContext;
  let profile = '';
  const browser = { newContext: async () => context };
  let served: Served;
  let hub: FakeHub;
  beforeAll(async () => {
    profile = mkdtempSync(join(tmpdir(), 'krona-profile-'));
    const executablePath = chromiumPath ?? '';
    context = await chromium.launchPersistentContext(profile, {
      ...{ executablePath, args: ['--no-sandbox'] },
    });
    hub = await startFakeHub(filesOf(pocketFolder()));
  });
  beforeEach(async () => {
    hub.asked.length = 0;
    // An origin of its own.
    served = await servePage({ isIsolated: false });
  });
  afterEach(async () => {
    await served[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    await context?.close();
    await hub?.close();
    rmSync(profile, { recursive: true, force: true });
  });

  test('is asked before a model is fetched: what does not fit is refused with both numbers', async () => {
    await using tab = await Tab.open(browser, served, { HF_ENDPOINT: hub.url });
    await tab.limit(5_000_000);
    const { error } = await tab.ask('train', { ...settings, base: repository, out: '/runs/a' });
    expect(error).toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(
        /the files of owner\/pocket@main need 15\.4 MB, [34]\.\d+ MB are free; .*persist\(\)/,
      ),
    });
    expect(hub.asked.filter(({ server }) => server === 'store')).toEqual([]);
  });

  test('that ends in the middle of a download loses nothing: with more, it goes on', async () => {
    await using tab = await Tab.open(browser, served, { HF_ENDPOINT: hub.url });
    hub.drips.set(weights, { bytes: 400_000, every: 20 });
    await tab.begin('train', { ...settings, base: repository, out: '/runs/a' }, 'started');
    await expect.poll(() => tab.received(weights), { timeout: 20_000 }).toBeGreaterThan(3e6);
    await tab.limit(6_000_000);
    await expect
      .poll(() => tab.failure(), { timeout: 20_000 })
      .toMatchObject({ code: 'DISK_FULL' });
    hub.drips.clear();
    await tab.limit();
    await tab.begin(
      'train',
      { ...settings, base: repository, out: '/runs/a' },
      'download-finished',
    );
    await expect.poll(() => tab.events(), { timeout: 20_000 }).toContain('download-finished');
    const [, again] = hub.asked.filter(
      ({ path, server }) => server === 'store' && path.endsWith(weights),
    );
    expect(Number(/^bytes=(\d+)-$/.exec(again?.range ?? '')?.[1])).toBeGreaterThan(2e6);
  });

  test('is asked before a training', async () => {
    await using tab = await Tab.open(browser, served);
    await tab.limit(100_000);
    const { error } = await tab.ask('train', { ...settings, base: 'pocket', out: '/runs/a' });
    expect(error).toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(
        /checkpoints, adapters and samples of the run need .* are free/,
      ),
    });
    await tab.limit();
  });

  test('that was taken away again is told: which files are gone, and that they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'krona-lost-'));
    for (const name of ['adapter.safetensors', 'other']) writeFileSync(join(folder, name), name);
    await using tab = await Tab.open(browser, served);
    await tab.store('/kept', folder);
    rmSync(folder, { recursive: true });
    expect(await tab.lost()).toEqual([]);
    await tab.page.evaluate(`(async () => {
      const root = await navigator.storage.getDirectory();
      await (await root.getDirectoryHandle('diffusekrona')).removeEntry(await contentOf('/kept/adapter.safetensors'));
    })()`);
    const gone = '/kept/adapter.safetensors';
    expect((await tab.ask('inspect', { path: gone })).error).toMatchObject({
      code: 'CONTENT_GONE',
    });
    await tab.page.reload();
    expect(await tab.lost()).toEqual([gone]);
    expect((await tab.ask('inspect', { path: gone })).error).toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    expect(await tab.read('/kept/other')).toHaveLength(5);
  });
});
