/** @file The screen that compares, in Chromium: a grid drawn, nothing twice, cancelled, saved, its pictures as pairs. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/data/image.ts';
import type { Comparison } from '../../src/studio/interface/comparison-operations.ts';
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
import { workWithRun } from './short-run.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

describe.skipIf(chromiumPath === undefined)('the screen that compares', () => {
  let studio: TestStudio;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  /** Requests to draw. */
  let asked = 0;
  /** Why cells could not be drawn, as the server said last. */
  let problems: readonly string[] = [];

  beforeAll(async () => {
    const work = await workWithRun({ steps: 4, checkpointEvery: 2 });
    let address = '';
    studio = await startStudio({
      ...{ page: await builtPage(), work },
      onAddress: (next) => {
        address = next;
      },
    });
    browser = await launchChromium();
    watched = await openWatched(browser, address, appearances['light, 1280 pixels wide']);
    page = watched.page;
    page.on('request', (request) => {
      if (request.url().includes('comparisons.draw')) asked += 1;
    });
    page.on('response', async (response) => {
      if (!response.url().includes('/api/comparisons.get') || !response.ok()) return;
      // The answer may be gone with the page that asked.
      const answer: Comparison | undefined = await response.json().catch(() => undefined);
      if (answer !== undefined)
        problems = answer.cells.flat(2).flatMap(({ problem }) => problem ?? []);
    });
    await page.getByRole('heading', { level: 1 }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await studio?.[Symbol.asyncDispose]();
  });

  const cells = () => page.getByRole('table').getByRole('button');
  const pictures = () => page.getByRole('table').getByRole('img');
  const counts = () => page.getByRole('region', { name: 'Comparison' });
  const drawButton = () => page.getByRole('button', { name: /^Draw \d+ picture/ });
  /** Waits until so many are drawn; fails as soon as one cannot be, with why. */
  const untilDrawn = async (count: number) => {
    const isOver = async () => problems.length > 0 || (await pictures().count()) === count;
    await expect.poll(isOver, { timeout: 120_000, message: `${count} pictures` }).toBe(true);
    expect(problems).toEqual([]);
    expect(await pictures().count()).toBe(count);
  };
  /** Cells with the times at which they were written. */
  const written = () => {
    const folder = join(studio.work, 'comparisons');
    return readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]);
  };

  test('a run leads to its steps, of which any may be taken away', async () => {
    const [run] = await studio.ask('runs.list', {});
    await page.goto(`${studio.address}runs/${encodeURIComponent(run?.id ?? '')}`);
    await page.getByRole('link', { name: 'Compare its steps' }).click();
    const steps = page.getByRole('group', { name: 'Training step: values' });
    await steps.getByText('without').waitFor();
    expect(await steps.getByRole('checkbox').count()).toBe(3);
    await steps.getByLabel('without').uncheck();
    await page
      .getByLabel('Prompt: values')
      .fill('a {subject}, 50%25 & more\n\na {subject} on the beach\n');
    await counts().getByText('0 pictures drawn · 4 to draw').waitFor();
    expect(await cells().count()).toBe(4);
  });

  test('two by two are drawn', async () => {
    await page.getByText('More, the same for all').click();
    // Pressed before the comparison on the screen follows: what the form says is drawn.
    await page.getByLabel('Steps of drawing').fill('2');
    await drawButton().click();
    await expect.poll(() => asked, { timeout: 20_000, message: 'the request to draw' }).toBe(1);
    await untilDrawn(4);
    await counts().getByText('4 pictures drawn', { exact: true }).waitFor();
    await page
      .getByRole('button', { name: 'a {subject} on the beach, Training step 2' })
      .getByRole('img')
      .waitFor();
    expect(asked).toBe(1);
  });

  test('the second visit draws nothing: the address holds all of it', async () => {
    const before = written();
    await page.goto(page.url());
    await expect.poll(() => pictures().count()).toBe(4);
    expect(await drawButton().count()).toBe(0);
    expect(asked).toBe(1);
    expect(written()).toEqual(before);
  });

  test('arrows go from picture to picture; two of them are a pair', async () => {
    await cells().first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.locator(':focus').and(cells().nth(3)).waitFor();
    await page.keyboard.press('Enter');
    expect(await cells().nth(3).getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    const pair = page.getByRole('dialog', { name: 'Two pictures' });
    await pair.getByRole('slider', { name: /^Where the first ends/ }).waitFor();
    const differing = pair.getByRole('row');
    expect(await differing.count()).toBe(1);
    expect(await differing.first().innerText()).toMatch(/Training step\s+4\s+2/);
    await pair.getByText('Side by side').click();
    expect(await pair.getByRole('img').count()).toBe(2);
    await pair.getByText('In turns').click();
    await pair.getByRole('button', { name: 'The other one' }).click();
    await pair.getByRole('button', { name: 'Play' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await pair.waitFor({ state: 'hidden' });
  });

  test('is saved as a picture and as a page', async () => {
    const picture = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as picture' }).click();
    const sheet = await decodeImage(readFileSync(await (await picture).path()), 'the sheet');
    expect(sheet.width).toBeGreaterThan(2 * 128);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as page' }).click();
    const text = readFileSync(await (await saved).path(), 'utf8');
    expect(text.match(/<img /g)).toHaveLength(4);
  });

  test('a third axis is a slider; numbers are filled in; what is cancelled keeps its cells', async () => {
    const strip = page.getByRole('complementary', { name: 'What is running' });
    await page.getByLabel('Slider', { exact: true }).selectOption({ label: 'Seed' });
    await page.getByLabel('From').fill('1');
    await page.getByLabel('To', { exact: true }).fill('60');
    await page.getByLabel('Values', { exact: true }).fill('40');
    await page.getByRole('button', { name: 'Fill' }).click();
    await counts()
      .getByText(/^0 pictures drawn · 160 to draw/)
      .waitFor();
    await drawButton().click();
    await page.getByRole('progressbar', { name: 'Pictures drawn' }).waitFor();
    await strip.getByRole('link', { name: /^Comparison.* of 160$/ }).waitFor();
    await counts()
      .getByText(/^[1-9]\d* pictures? drawn/)
      .waitFor({ timeout: 120_000 });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await drawButton().waitFor();
    await strip.getByText('Nothing is running.').waitFor();
    const kept = written().length;
    expect(kept).toBeGreaterThan(4);
    expect(kept).toBeLessThan(164);
    const [, drawn] =
      /^(\d+) pictures? drawn/.exec(
        await counts()
          .getByText(/drawn · /)
          .innerText(),
      ) ?? [];
    expect(Number(drawn)).toBe(kept - 4);
    const slider = page.getByRole('slider', { name: 'Seed' });
    await slider.press('End');
    expect(await slider.getAttribute('aria-valuetext')).toBe('60');
    await page
      .getByRole('button', { name: /Training step 4, Seed 60: not drawn yet$/ })
      .first()
      .waitFor();
  });

  test('what cannot be compared is said', async () => {
    await page.getByLabel('Values', { exact: true }).fill('x');
    expect(await page.getByRole('button', { name: 'Fill' }).isDisabled()).toBe(true);
    await page.goto(`${studio.address}compare?x=steps&xs=[0]&y=seed&ys=[1]`);
    await page.getByRole('alert').getByText('INVALID_SETTING').waitFor();
  });

  test('did nothing meanwhile that it should not', () => {
    const unexpected = watched.complaints.filter((text) => !text.includes('/api/comparisons.get'));
    expect(unexpected).toEqual([]);
    expect(studio.log).toEqual([]);
  });

  test.each(Object.entries(appearances))('is sound: %s', async (_, options) => {
    const address = `${studio.address}compare?x=checkpoint&xs=[2,4]&y=prompt`;
    const own = await openWatched(browser, address, { ...options, ...openedBy(studio) });
    await own.page.getByRole('table').getByRole('button').first().waitFor();
    expect(await faultsOf(own.page)).toEqual([]);
    await own.page.goto(`${address}&words=pseudo`);
    await own.page.getByRole('table').getByRole('button').first().waitFor();
    expect(await faultsOf(own.page)).toEqual([]);
    expect(own.complaints).toEqual([]);
    await own.page.context().close();
  });
});
