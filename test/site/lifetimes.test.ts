/** @file What ends before the site does: a worker that trains, the Studio of the tab, the version that a tab was opened with. */
import type { Browser, BrowserContext, Page, Worker } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchForShortWork } from '../studio/browser.ts';
import { askTab, untilKept } from './asked-tab.ts';
import { type ServedSite, serveSite } from './served-site.ts';

describe.skipIf(chromiumPath === undefined)('lifetimes of the site', () => {
  let site: ServedSite;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    site = await serveSite({ model: 'small' });
    browser = await launchForShortWork();
    context = await browser.newContext({ locale: 'en-GB' });
    page = await opened(context, site.address);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
  });

  /** Within the page: another document would end what its tab does. */
  const lead = (of: Page, path: string) =>
    of.evaluate(`history.pushState(null, '', ${JSON.stringify(site.address + path)})`);
  const state = (name: string) => page.getByRole('region', { name, exact: true });

  /** Begins a training, and shows its run. @returns the worker that trains */
  async function begin(name: string, more: object): Promise<Worker> {
    await askTab(page, 'jobs.add', {
      ...{ kind: 'train', dataset: 'pocket-teapot', name, thenDraw: [] },
      settings: { subject: 'sks teapot', seed: 1, batchSize: 1, resolution: 32, ...more },
    });
    const run = async () => (await askTab(page, 'runs.list', {})).find((one) => one.name === name);
    await expect.poll(run).toBeDefined();
    await lead(page, `runs/${(await run())?.id}`);
    await state('training').waitFor();
    return await workerOf(page, 'work-program');
  }

  /** Waits until a step after that of the first checkpoint, where one is to be there. */
  const pastCheckpoint = () =>
    page
      .getByText(/^step ([5-9]|1[0-9]) of 24/)
      .first()
      .waitFor({ timeout: 60_000 });

  test('a worker that vanishes after a checkpoint is followed by one that goes on from it', async () => {
    const worker = await begin('gone on with', { steps: 24, checkpointEvery: 4 });
    await page.evaluate(`
      self.seen = new Set();
      new MutationObserver(() => {
        for (const { ariaLabel } of document.querySelectorAll('main section')) seen.add(ariaLabel);
      }).observe(document.body, { subtree: true, childList: true, attributes: true })`);
    await pastCheckpoint();
    await worker.evaluate('self.close()');
    await page
      .getByText(/^It broke off at step \d+, and goes on from step \d*[048]\.$/)
      .waitFor({ timeout: 60_000 });
    await state('finished').waitFor({ timeout: 120_000 });
    const seen = await page.evaluate<string[]>('[...seen]');
    expect(seen).toContain('finished');
    expect(seen).not.toContain('failed');
    expect(seen).not.toContain('broke off');
    const [job] = await askTab(page, 'jobs.list', {});
    expect(job?.state).toBe('done');
  });

  test('one that breaks before there is a checkpoint says what happened, and goes on when asked', async () => {
    const worker = await begin('begun anew', { steps: 24, checkpointEvery: 24 });
    await pastCheckpoint();
    await worker.evaluate(`void setTimeout(() => { throw new Error('broken on purpose'); }, 0)`);
    await state('broke off').getByText('No checkpoint was written yet').waitFor();
    const job = (await askTab(page, 'jobs.list', {})).at(-1);
    expect(job).toMatchObject({ state: 'failed', code: 'PROCESS_FAILED' });
    expect(job).toHaveProperty('message', expect.stringContaining('broken on purpose'));
    await page.getByRole('button', { name: 'Go on' }).click();
    await page
      .getByText(/^It broke off at step \d+, before a checkpoint, and begins anew\.$/)
      .waitFor();
  });

  test('where the Studio of the tab ends the page says so, and begins another one', async () => {
    const studio = page.workers().find((worker) => worker.url().includes('studio-worker'));
    await studio?.evaluate('self.close()');
    await page.getByText('Studio ended in this tab').waitFor();
    await page.getByRole('button', { name: 'Load again' }).click();
    await state('broke off').waitFor();
    expect((await askTab(page, 'runs.list', {})).map(({ name }) => name).sort()).toEqual([
      'begun anew',
      'gone on with',
    ]);
  });

  test('a drawing is given up while it computes; one whose worker vanishes says so', async () => {
    const settings = { prompt: 'a teapot', count: 4, steps: 100 };
    const begun = async () => {
      const { id } = await askTab(page, 'drawings.start', {
        base: 'pocket',
        adapters: [],
        settings,
      });
      const look = async () =>
        (await askTab(page, 'drawings.list', {})).find((one) => one.id === id);
      await expect
        .poll(async () => (await look())?.progress, { timeout: 60_000 })
        .toBeGreaterThan(0);
      return { id, look };
    };
    const unwanted = await begun();
    await askTab(page, 'drawings.cancel', { id: unwanted.id });
    await expect.poll(async () => (await unwanted.look())?.state).not.toBe('drawing');
    expect(await unwanted.look()).toMatchObject({ state: 'cancelled', done: 0 });
    const broken = await begun();
    await (await workerOf(page, 'draw-program')).evaluate('self.close()');
    await expect.poll(async () => (await broken.look())?.state).toBe('failed');
    expect(await broken.look()).toMatchObject({ error: { code: 'HELPER_ENDED' } });
  });

  const folderOf = (of: Page) =>
    of.evaluate<string>(`document.querySelector('script[type=module]').src.split('/').at(-2)`);

  test('a tab keeps its version of the site until it is the only one and is loaded again', async () => {
    await untilKept(page);
    site.update();
    const missed = site.missed.length;
    const second = await opened(context, site.address);
    await expect
      .poll(
        () =>
          second.evaluate(
            `navigator.serviceWorker.ready.then(({ waiting }) => waiting?.state ?? 'none')`,
          ),
        { timeout: 60_000 },
      )
      .toBe('installed');
    await second.reload();
    for (const tab of [page, second]) {
      expect(await folderOf(tab)).toBe('assets');
      await lead(tab, 'compare');
      await tab.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    }
    await lead(page, 'train?dataset=pocket-teapot');
    await page.getByText(/^[\d,]+ in 32 places/).waitFor();
    await lead(page, 'compare');
    await second.close();
    // A tab that was just closed may still be one for a moment.
    const reloaded = async () => {
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
      return await folderOf(page);
    };
    await expect.poll(reloaded, { timeout: 60_000 }).toBe('assets-1');
    expect(site.missed.slice(missed)).toEqual([]);
  });

  test('a screen that neither the browser nor the host has any more says so', async () => {
    site.update();
    await page.evaluate(
      'caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))',
    );
    await lead(page, 'settings');
    await page.getByRole('heading', { level: 1, name: 'This screen cannot be loaded' }).waitFor();
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(await folderOf(page)).toBe('assets-2');
  });
});

async function opened(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto(address);
  await page.getByRole('heading', { level: 1, name: 'Teach a model one thing' }).waitFor();
  return page;
}

/** The worker of a page that is a program. */
async function workerOf(page: Page, program: string): Promise<Worker> {
  for (const worker of page.workers()) {
    if (!worker.url().includes('program-worker')) continue;
    const name = await worker.evaluate<string>('self.name').catch(() => 'one that ends');
    if (name.includes(program)) return worker;
  }
  throw new Error(`no worker is ${program}`);
}
