/** @file The page of Studio in Chromium, with the server that the command starts and a run that a terminal started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { pocketSubject } from '../../src/data/pocket.ts';
import { quickPocket } from '../train/quick-pocket.ts';
import {
  appearances,
  builtPage,
  chromiumPath,
  faultsOf,
  launchChromium,
  openedBy,
  openWatched,
  type WatchedPage,
} from './browser.ts';
import { testPictures } from './screens/pictures.ts';
import { program, startStudio, type TestStudio } from './studio-server.ts';

const screens = [
  ['/', 'Teach a model one thing'],
  ['/datasets', 'Pictures'],
  ['/datasets/pocket-teapot', 'teapot'],
  ['/train', 'Train'],
  ['/generate', 'Generate'],
  ['/compare', 'Compare'],
  ['/adapters', 'Adapters'],
  ['/experiments', 'Experiments'],
  ['/settings', 'Settings'],
  ['/nowhere', 'There is nothing at this address'],
] as const;

describe.skipIf(chromiumPath === undefined)('the page of Studio', () => {
  let studio: TestStudio;
  let browser: Browser;
  /** For the next browser, as the terminal shows it. */
  let openAddress = '';
  let used = '';
  /** In the first appearance, logged in by the address that the terminal shows. */
  let first: WatchedPage;
  let run: string;
  /** The bundled model, recommending few steps of drawing, in the work folder. */
  let quick = '';

  beforeAll(async () => {
    const work = await mkdtemp(join(tmpdir(), 'krona-studio-'));
    quick = join(work, 'models', 'quick');
    await cp(await quickPocket(), quick, { recursive: true });
    studio = await startStudio({
      ...{ page: await builtPage(), work },
      onAddress: (address) => {
        openAddress = address;
      },
    });
    browser = await launchChromium();
    used = openAddress;
    first = await openWatched(browser, used, appearances['light, 1280 pixels wide']);
  });
  afterAll(async () => {
    await browser?.close();
    await studio?.[Symbol.asyncDispose]();
  });

  const heading = (page: Page, name: string) =>
    page.getByRole('heading', { level: 1, name, exact: true });
  /** Within the page. Again where the screen that is left was just about to write into the address, as its last act. */
  const lead = (page: Page, path: string, title: string) =>
    vi.waitFor(
      async () => {
        await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);
        await heading(page, title).waitFor({ timeout: 5_000 });
      },
      { timeout: 20_000 },
    );

  test('is opened once by the address with the code, which leaves the address', async () => {
    const { page } = first;
    await heading(page, 'Teach a model one thing').waitFor();
    expect(page.url()).toBe(studio.address);
    expect(openAddress).not.toBe(used);
    const { page: second } = await openWatched(browser, used, {});
    await heading(second, 'This page is not logged in').waitFor();
    await second.context().close();
  });

  test('shows a run of a terminal by itself, its curve and samples as they come', async () => {
    const { page } = first;
    const training = train('teapot', 8);
    await page.getByRole('link', { name: /teapot.*sks teapot/ }).click();
    await heading(page, 'teapot').waitFor();
    run = page.url();
    await page.getByText('step 8 of 8').first().waitFor({ timeout: 120_000 });
    await page.getByText('finished', { exact: true }).waitFor();
    expect(await training).toBe(0);
    await page.getByRole('img', { name: /^Loss: .* at step 1, .* at step 8\.$/ }).waitFor();
    // Before the training, in its middle, at its end.
    const slider = page.getByRole('slider', { name: /^Step/ });
    await expect.poll(() => slider.getAttribute('max')).toBe('2');
    expect(await slider.getAttribute('aria-valuetext')).toBe('step 8');
    await slider.press('Home');
    await page.getByRole('img', { name: 'a sks teapot, at step 0' }).waitFor();
    await page.getByText('Before and after').click();
    await page.getByRole('slider', { name: /^Where before ends/ }).waitFor();
    await page.getByText('All steps').click();
    const cells = page.getByRole('group', { name: 'All steps' }).getByRole('button');
    expect(await cells.count()).toBe(3);
    await cells.first().press('ArrowDown');
    await page.locator(':focus').and(cells.nth(1)).waitFor();
    await page.getByText('As a table').click();
    await expect.poll(() => page.locator('details').getByRole('row').count()).toBe(9);
  });

  test('one click: a finished training, and four pictures', async () => {
    const { page } = first;
    await page.goto(studio.address);
    // The page asks for as many steps as the toy needs; here a few show the way.
    const base = (await studio.ask('bases.list', {})).find(({ isFound }) => isFound)?.name;
    await page.route('**/api/jobs.add', async (route) => {
      const request = JSON.parse(route.request().postData() ?? '');
      const settings = { ...request.settings, base, steps: 4, sampleEvery: 2, batchSize: 1 };
      await route.continue({ postData: JSON.stringify({ ...request, settings }) });
    });
    await page.getByRole('button', { name: 'Try it with a teapot' }).click();
    await page.waitForURL(/\/runs\//);
    const results = page.getByRole('region', { name: 'What it draws now' });
    await results.getByRole('img').nth(3).waitFor({ timeout: 240_000 });
    expect(await results.getByRole('img').count()).toBe(4);
    await page.unroute('**/api/jobs.add');
  });

  test('keys lead to screens, and are silent while one types', async () => {
    const { page } = first;
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await heading(page, 'Teach a model one thing').waitFor();
    await page.getByLabel('What is it?').pressSequentially('gt');
    await heading(page, 'Teach a model one thing').waitFor();
    expect(page.url()).toBe(studio.address);
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  test('speaks German, and remembers it in the work folder', async () => {
    const { page } = first;
    await page.goto(`${studio.address}settings`);
    await page.getByLabel('Language').selectOption('de');
    await heading(page, 'Einstellungen').waitFor();
    await page.reload();
    await heading(page, 'Einstellungen').waitFor();
    await page.getByLabel('Sprache').selectOption('system');
    await heading(page, 'Settings').waitFor();
  });

  test('says in German what was refused, with its own words below', async () => {
    const context = await browser.newContext({ ...openedBy(studio), locale: 'de-DE' });
    const page = await context.newPage();
    await page.goto(`${studio.address}runs/gone-00000000`);
    const alert = page.getByRole('alert');
    await alert
      .getByText('Das gibt es nicht mehr. Bitte noch einmal in die Liste sehen.')
      .waitFor();
    const own = alert.getByText('there is no run "gone-00000000" any more');
    expect(await own.isVisible()).toBe(false);
    await alert.getByText('Einzelheiten (englisch)').click();
    await own.and(page.locator('[lang=en]')).waitFor();
    await context.close();
  });

  testPictures(() => ({ page: first.page, studio }));

  test('did nothing meanwhile that it should not', () => {
    expect(first.complaints).toEqual([]);
  });

  describe.each(Object.entries(appearances))('%s', (_, options) => {
    let watched: WatchedPage;
    beforeAll(async () => {
      watched = await openWatched(browser, studio.address, { ...options, ...openedBy(studio) });
    });
    afterAll(() => watched?.page.context().close());

    // Each by its own address once, in the first appearance; then within the document.
    const isByAddress = options === appearances['light, 1280 pixels wide'];
    const show = async (path: string, title: string) => {
      if (!isByAddress) return await lead(watched.page, path, title);
      await watched.page.goto(new URL(path, studio.address).href);
      await heading(watched.page, title).waitFor();
    };

    test.each(screens)('%s is sound', async (path, title) => {
      const { page } = watched;
      await show(path, title);
      expect(await faultsOf(page)).toEqual([]);
      expect(watched.complaints).toEqual([]);
    });

    test('pictures with the long names that phones give are sound', async () => {
      const folder = join(studio.work, 'datasets', 'phone');
      await mkdir(folder, { recursive: true });
      const { images } = await pocketSubject('teapot');
      for (const [n, image] of images.entries()) {
        await copyFile(image, join(folder, `PXL_20260606_08151234${n}_PORTRAIT_ORIGINAL.png`));
      }
      await show('/datasets/phone', 'phone');
      await watched.page.getByRole('article').nth(1).waitFor();
      expect(await faultsOf(watched.page)).toEqual([]);
      expect(watched.complaints).toEqual([]);
    });

    test('a run is sound', async () => {
      await show(new URL(run).pathname, 'teapot');
      await watched.page.getByRole('img', { name: /^Loss/ }).waitFor();
      expect(await faultsOf(watched.page)).toEqual([]);
      expect(watched.complaints).toEqual([]);
    });

    // Other colours leave them as long as they are.
    if ('forcedColors' in options) return;
    test('words a third longer fit', async () => {
      const { page } = watched;
      await page.goto(`${studio.address}?words=pseudo`);
      const title = page.getByRole('heading', { level: 1 });
      for (const path of ['/', new URL(run).pathname, '/settings']) {
        const before = await title.innerText();
        await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);
        if (path !== '/') await expect.poll(() => title.innerText()).not.toBe(before);
        expect(await faultsOf(page)).toEqual([]);
      }
    });
  });

  /** As somebody types it; the exit code. */
  async function train(name: string, steps: number): Promise<number | null> {
    const [node = '', ...words] = program;
    const child = spawn(
      node,
      [
        ...[...words, 'train', '--base', quick, '--images', 'pocket/teapot'],
        ...['--subject', 'sks teapot', '--steps', String(steps), '--batch-size', '1'],
        ...['--sample-every', String(steps / 2), '--out', join(studio.work, 'runs', name)],
      ],
      { stdio: 'ignore' },
    );
    const [code] = await once(child, 'exit');
    return code;
  }
});
