/** @file Visits of the site that do not go smoothly: reloaded in the middle, in two tabs, without a network, not isolated. */
import { createHash } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  appearances,
  chromiumPath,
  complaintsOf,
  faultsOf,
  launchForShortWork,
} from '../studio/browser.ts';
import { askTab, loadInTab, untilKept } from './asked-tab.ts';
import { type ServedSite, serveSite } from './served-site.ts';

/** What the processor computes with. */
const wasm = 'runtime/ort-wasm-simd-threaded.wasm';

const settings = { subject: 'sks teapot', seed: 1, batchSize: 1, resolution: 32 };

describe.skipIf(chromiumPath === undefined)('visits of the site', () => {
  let site: ServedSite;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    site = await serveSite({ model: 'small' });
    browser = await launchForShortWork();
    context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
    complaints = complaintsOf(context, site.address);
    page = await opened(context);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });

  const at = (path: string) => `${site.address}${path}`;
  const heading = (of: Page, name: string) =>
    of.getByRole('heading', { level: 1, name, exact: true });
  /** Within the page: another document would end what its tab does. */
  const lead = (of: Page, path: string) =>
    of.evaluate(`history.pushState(null, '', ${JSON.stringify(at(path))})`);
  const state = (of: Page, name: string) => of.getByRole('region', { name, exact: true });

  /** A training of the bundled teapot. @returns id of its run, once it has one */
  async function begin(of: Page, name: string, more: object): Promise<string> {
    await askTab(of, 'jobs.add', {
      ...{ kind: 'train', dataset: 'pocket-teapot', name, thenDraw: [] },
      settings: { ...settings, ...more },
    });
    const run = async () => (await askTab(of, 'runs.list', {})).find((one) => one.name === name);
    await expect.poll(run).toBeDefined();
    return (await run())?.id ?? '';
  }

  /** The bytes of a run's adapter, by their hash. */
  async function adapterOf(of: Page, name: string): Promise<string> {
    const adapter = (await askTab(of, 'adapters.list', {})).find((one) => one.name === name);
    const { download } = await askTab(of, 'adapters.convert', {
      id: adapter?.id ?? '',
      settings: { to: 'krona' },
    });
    const bytes = await loadInTab(of, `downloads/${download}`);
    return createHash('sha256').update(bytes).digest('hex');
  }

  test('the first visit is to an address inside, which the host does not have', async () => {
    await page.goto(at('datasets/pocket-teapot'));
    await heading(page, 'teapot').waitFor();
    expect(page.url()).toBe(at('datasets/pocket-teapot'));
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    // The address itself, and where the site was looked for.
    for (const complaint of complaints.splice(0)) expect(complaint).toContain('status of 404');
    await page.reload();
    await heading(page, 'teapot').waitFor();
    await page.goto(at('train?dataset=pocket-teapot'));
    await page.getByText(/^[\d,]+ in 32 places/).waitFor();
  });

  test('reloaded in the middle of a training, it says so, goes on, and ends with the same bytes', async () => {
    // Many enough that a fast machine is seen in their middle.
    const steps = { steps: 18, checkpointEvery: 4 };
    const run = await begin(page, 'cut', steps);
    await lead(page, `runs/${run}`);
    await page
      .getByText(/^step ([5-9]|1[0-4]) of 18/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.reload();
    await state(page, 'broke off')
      .getByText(/^Everything up to step \d+ is kept/)
      .waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await state(page, 'finished').waitFor({ timeout: 120_000 });
    const whole = await begin(page, 'whole', steps);
    await lead(page, `runs/${whole}`);
    await state(page, 'finished').waitFor({ timeout: 120_000 });
    expect(await adapterOf(page, 'cut')).toBe(await adapterOf(page, 'whole'));
  });

  test('of two tabs one trains while what the other one wants waits, and both see it', async () => {
    const second = await opened(context);
    await second.goto(site.address);
    await heading(second, 'Teach a model one thing').waitFor();
    const run = await begin(page, 'one', { steps: 8 });
    await askTab(second, 'jobs.add', {
      ...{ kind: 'train', dataset: 'pocket-teapot', name: 'two', thenDraw: [] },
      settings: { ...settings, steps: 2 },
    });
    for (const tab of [page, second]) {
      const states = (await askTab(tab, 'jobs.list', {})).map((job) => job.state);
      expect(states.slice(-2)).toEqual(['running', 'waiting']);
    }
    await lead(second, `runs/${run}`);
    await state(second, 'finished').waitFor({ timeout: 120_000 });
    for (const tab of [page, second]) {
      await lead(tab, '');
      await tab.getByRole('link', { name: /^two.*finished/s }).waitFor({ timeout: 120_000 });
    }
    await second.close();
  });

  test('what the browser has removed is told when the page is opened, until it is read', async () => {
    await page.evaluate(`new Promise((resolve, reject) => {
      const opening = indexedDB.open('diffusekrona');
      opening.onsuccess = () => {
        const table = opening.result.transaction('names').objectStore('names');
        const asked = table.get('/studio/runs/cut/adapter.safetensors');
        asked.onsuccess = async () => {
          opening.result.close();
          const root = await navigator.storage.getDirectory();
          const contents = await root.getDirectoryHandle('diffusekrona');
          await contents.removeEntry(asked.result.content).then(resolve, reject);
        };
      };
    })`);
    await page.goto(at('adapters'));
    for (const _ of ['told', 'told again'] as const) {
      await page.reload();
      await heading(page, 'The browser has removed files of this page').waitFor();
      await page.getByText('Training “cut”').waitFor();
      expect(await faultsOf(page)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Open Studio' }).click();
    await page.getByRole('link', { name: /^whole/ }).waitFor();
    expect(await page.getByRole('link', { name: /^cut/ }).count()).toBe(0);
    await page.reload();
    await page.getByRole('link', { name: /^whole/ }).waitFor();
  });

  test('that it has removed everything is told too, where there was something', async () => {
    // Where no Studio asks for any of it.
    await page.goto(at('package/models/files.json'));
    const devtools = await context.newCDPSession(page);
    await devtools.send('Storage.clearDataForOrigin', {
      origin: new URL(site.address).origin,
      storageTypes: 'file_systems,indexeddb',
    });
    await page.goto(site.address);
    await heading(page, 'The browser has removed everything of this page').waitFor();
    await page.getByRole('button', { name: 'Open Studio' }).click();
    await heading(page, 'Teach a model one thing').waitFor();
    await page.reload();
    await heading(page, 'Teach a model one thing').waitFor();
    // Of the tab as it was, which may not have ended by then.
    for (const complaint of complaints.splice(0))
      expect(complaint).toMatch(/connection is closing/i);
  });

  test('in German, on a phone, where it cannot be isolated, it is sound, and computes with one thread', async () => {
    await using plain = await serveSite({ model: 'small', isIsolating: false });
    const phone = { ...appearances['dark, a phone'], locale: 'de-DE' };
    const alone = await opened(await browser.newContext(phone));
    await alone.goto(plain.address);
    await alone.locator('html[lang=de]').waitFor();
    await alone.getByRole('button', { name: 'Mit einer Teekanne ausprobieren' }).waitFor();
    expect(await alone.evaluate('crossOriginIsolated')).toBe(false);
    expect(await faultsOf(alone)).toEqual([]);
    await begin(alone, 'slow', { steps: 2 });
    await alone.getByRole('link', { name: /^slow.*fertig/s }).waitFor({ timeout: 120_000 });
    await alone.context().close();
  });

  test('what a host sends instead of a file is not kept: it works as soon as the host does', async () => {
    await using host = await serveSite({ model: 'small' });
    for (const name of ['index.html', wasm, 'package/models/files.json']) host.spoiled.add(name);
    const alone = await opened(await browser.newContext({ locale: 'en-GB' }));
    // The host has the document itself at the address of the folder.
    await alone.goto(host.address);
    await heading(alone, 'This page could not be loaded whole').waitFor();
    host.spoiled.delete('index.html');
    await alone.getByRole('button', { name: 'Load again' }).click();
    await heading(alone, 'Teach a model one thing').waitFor();
    await expect(askTab(alone, 'datasets.get', { id: 'pocket-teapot' })).rejects.toThrow('409');
    host.spoiled.delete('package/models/files.json');
    await begin(alone, 'without an engine', { steps: 1 });
    const failed = alone.getByRole('link', { name: /^without an engine.*(failed|broke off)/s });
    await failed.waitFor();
    host.spoiled.clear();
    await begin(alone, 'with one', { steps: 1 });
    await alone.getByRole('link', { name: /^with one.*finished/s }).waitFor({ timeout: 120_000 });
    await alone.context().close();
  });

  test('without a network it opens, trains and draws', async () => {
    await untilKept(page);
    await site.close();
    const offline = await opened(context);
    await page.close();
    await offline.goto(site.address);
    await heading(offline, 'Teach a model one thing').waitFor();
    const run = await begin(offline, 'alone', { steps: 2 });
    await lead(offline, `runs/${run}`);
    await state(offline, 'finished').waitFor({ timeout: 120_000 });
    await lead(offline, 'generate');
    await offline.getByLabel('What to draw').fill('a teapot');
    await offline
      .getByLabel('Steps', { exact: true })
      .first()
      .waitFor({ timeout: 1 })
      .catch(() => {});
    await offline.getByRole('spinbutton', { name: 'Pictures', exact: true }).fill('1');
    await offline.getByRole('button', { name: 'Draw', exact: true }).click();
    await offline
      .getByRole('list', { name: 'Gallery' })
      .getByRole('img')
      .first()
      .waitFor({ timeout: 120_000 });
    expect(complaints).toEqual([]);
  });
});

async function opened(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('dialog', (dialog) => dialog.accept());
  return page;
}
