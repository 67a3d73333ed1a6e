/** @file Models of the hub in a browser's tab: fetched across origins, kept, gone on with. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pocketFolder } from '../../src/data/pocket.ts';
import { commitOf, type FakeHub, filesOf, repository, startFakeHub } from '../hub/fake-hub.ts';
import { chromiumPath, launchForShortWork } from '../studio/browser.ts';
import { type Served, servePage, Tab } from './tab.ts';

const pocket = filesOf(pocketFolder());
const weights = 'unet/diffusion_pytorch_model.safetensors';
const decoder = 'vae/diffusion_pytorch_model.safetensors';

const settings = {
  ...{ base: repository, images: 'pocket/teapot', subject: 'sks teapot', adapter: 'lora' },
  ...{ steps: 1, batchSize: 1, resolution: 32 },
};

describe.skipIf(chromiumPath === undefined)('a model of the hub in a tab', () => {
  let browser: Browser;
  let served: Served;
  let hub: FakeHub;
  beforeAll(async () => {
    browser = await launchForShortWork();
    // An isolated page is the stricter one: it is shown nothing of other origins that is not meant for it.
    served = await servePage({ isIsolated: true });
    hub = await startFakeHub(pocket);
  });
  beforeEach(() => {
    hub.asked.length = 0;
  });
  afterAll(async () => {
    await browser?.close();
    await served?.[Symbol.asyncDispose]();
    await hub?.close();
  });

  const fetches = (path: string) =>
    hub.asked.filter(({ method, path: asked }) => method === 'GET' && asked.endsWith(path));
  const stored = () => hub.asked.filter(({ server }) => server === 'store');

  test('is fetched where it broke off, and where the tab was closed; kept, it is trained as the bundled one', async () => {
    await using tab = await Tab.open(browser, served, { HF_ENDPOINT: hub.url });
    // Far beyond what a browser holds back, and drops where a connection breaks.
    hub.cuts.set(weights, 10_000_000);
    hub.drips.set(decoder, { bytes: 10_000, every: 50 });
    await tab.begin('train', { ...settings, out: '/runs/closed' }, 'started');
    const whole = pocket.get(weights)?.length;
    await expect.poll(() => tab.received(weights), { timeout: 20_000 }).toBe(whole);
    await expect.poll(() => tab.received(decoder)).toBeGreaterThan(0);
    await tab.page.reload();
    hub.drips.clear();
    const trained = await tab.ask('train', { ...settings, out: '/runs/hub' });
    expect(trained.error).toBeUndefined();
    const froms = (path: string) =>
      stored().flatMap(({ path: asked, range }) => (asked.endsWith(path) ? [range] : []));
    expect(froms(weights)).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(froms(decoder)).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    // Nothing was asked for beforehand, which the store would have refused.
    expect(hub.asked.filter(({ method }) => method !== 'GET')).toEqual([]);

    const bundled = await tab.ask('train', { ...settings, base: 'pocket', out: '/runs/bundled' });
    const losses = [trained, bundled].map(({ events }) =>
      events.find(({ type }) => type === 'step'),
    );
    expect(losses[0]?.loss).toBe(losses[1]?.loss);

    hub.asked.length = 0;
    hub.intercept = () => ({ status: 503 });
    const drawing = {
      adapter: ['/runs/hub/adapter.safetensors'],
      prompt: 'a sks teapot',
      steps: 1,
      count: 1,
    };
    const drawn = await tab.ask('generate', { ...drawing, base: repository, out: '/pictures' });
    hub.intercept = undefined;
    expect(drawn.result).toMatchObject({ pictures: [expect.stringMatching(/^\/pictures\//)] });
    expect(drawn.events.map(({ type }) => type)).toContain('download-warning');
    expect(stored()).toEqual([]);
  });

  test('comes with a token, which the store behind the hub is never told', async () => {
    await using tab = await Tab.open(browser, served, {
      ...{ HF_ENDPOINT: hub.url, HF_TOKEN: 'hf_of_a_person' },
    });
    await tab.begin('train', { ...settings, out: '/runs/token' }, 'download-finished');
    await expect.poll(() => tab.events()).toContain('download-finished');
    expect(
      new Set(fetches('').map(({ server, authorization }) => [server, authorization].join())),
    ).toEqual(new Set(['hub,Bearer hf_of_a_person', 'store,']));
  });

  test('of a hub that does not say in its listing what a page cannot ask is refused', async () => {
    hub.tellsFacts = false;
    await using tab = await Tab.open(browser, served, { HF_ENDPOINT: hub.url });
    const { error } = await tab.ask('plan', { base: repository });
    hub.tellsFacts = true;
    expect(error).toMatchObject({
      code: 'HUB_ANSWER',
      message: expect.stringContaining('expected sizes and checksums in its listings'),
    });
  });

  test('that a page cannot hold is refused before its weights are fetched, with the size that it can', async () => {
    const large = new Map([
      ...filesOf(join(import.meta.dirname, '../../models/families/sd15')),
      ...[...pocket].filter(([path]) => /^model_index|^tokenizer|safetensors$/.test(path)),
    ]);
    hub.commits.set(commitOf('0'), large);
    await using tab = await Tab.open(browser, served, { HF_ENDPOINT: hub.url });
    const asked = { ...settings, base: repository, device: 'cpu', resolution: 512 };
    const { error } = await tab.ask('train', { ...asked, out: '/runs/large' });
    hub.commits.set(commitOf('0'), pocket);
    expect(error).toMatchObject({
      code: 'MEMORY_TOO_SMALL',
      message: expect.stringMatching(
        /this machine has 4\.30 GB.* the largest resolution that fits is \d+/,
      ),
    });
    expect(stored()).toEqual([]);
  });

  test('may also be a folder that somebody has opened', async () => {
    await using tab = await Tab.open(browser, served);
    const paths = [...pocket.keys()].filter((path) =>
      /^[^/]*$|^(unet|vae|text_en|tok|sch)/.test(path),
    );
    const base = await tab.open('my-model', paths);
    const drawn = await tab.ask('generate', {
      base,
      prompt: 'a teapot',
      count: 1,
      steps: 1,
      out: '/pictures',
    });
    expect(drawn.error).toBeUndefined();
    expect(base).toBe('/given/my-model');
  });
});
