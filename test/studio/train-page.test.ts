/** @file The screen of a training before it begins, in Chromium: as one changes it, over a reload, until it runs. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
import { startStudio, type TestStudio } from './studio-server.ts';

describe.skipIf(chromiumPath === undefined)('training by the page', () => {
  let studio: TestStudio;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    studio = await startStudio({ page: await builtPage() });
    browser = await launchChromium();
    watched = await openWatched(browser, `${studio.address}train?dataset=pocket-teapot`, {
      ...appearances['light, 1280 pixels wide'],
      ...openedBy(studio),
    });
    page = watched.page;
  });
  afterAll(async () => {
    await browser?.close();
    await studio?.[Symbol.asyncDispose]();
  });

  const plan = () => page.getByRole('region', { name: 'What this will be' });
  const box = (name: string) => page.getByRole('textbox', { name, exact: true });
  const level = (name: string) =>
    page.getByRole('group', { name: 'How many settings' }).getByText(name);
  const begin = () => page.getByRole('button', { name: 'Train', exact: true });

  test('everything has a value, and says where it came from', async () => {
    await plan().getByText('11,520 in 56 places').waitFor();
    await box('Called').fill('sks teapot');
    const steps = page.locator('[data-setting="steps"]');
    expect(await steps.getByRole('textbox').inputValue()).toBe('400');
    await steps.getByText('from the model').waitFor();
    await plan()
      .getByText(/MB, fits$/)
      .waitFor({ timeout: 60_000 });
    await plan().getByText('krona train --images pocket/teapot').waitFor();
  });

  test('what it will be follows what one sets; a value that is refused says so in its place', async () => {
    const before = await plan().boundingBox();
    await level('More').click();
    await box('Rows of A (a1)').fill('4');
    await plan()
      .getByText(/--a1 4/)
      .waitFor();
    const columns = box('Columns of A (a2)');
    await columns.fill('7');
    const field = page.locator('[data-setting="adapterOptions.a2"]');
    await field.getByText(/does not divide the input size/).waitFor();
    expect(await columns.getAttribute('aria-invalid')).toBe('true');
    await page.getByText('1 thing keeps it from beginning').waitFor();
    const after = await plan().boundingBox();
    expect([after?.width, after?.height]).toEqual([before?.width, before?.height]);
    // Not begun, but led to what keeps it from beginning.
    await level('Simple').click();
    await begin().click();
    await page.locator(':focus').and(columns).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await field.getByRole('button', { name: /take back/ }).click();
    await expect.poll(() => columns.inputValue()).toBe('16');
    await page.getByText('1 thing keeps it from beginning').waitFor({ state: 'hidden' });
  });

  test('numbers go up and down by arrows, and stay as they are typed', async () => {
    const steps = box('Steps');
    await steps.fill('5');
    await steps.press('ArrowUp');
    expect(await steps.inputValue()).toBe('6');
    const rate = box('Learning rate');
    await rate.fill('');
    await rate.pressSequentially('0.0010');
    expect(await rate.inputValue()).toBe('0.0010');
    await plan()
      .getByText(/--learning-rate 0.001 --steps 6|--steps 6 .*--learning-rate 0.001/)
      .waitFor();
  });

  test('search finds settings of every level by any of their words', async () => {
    await page.getByLabel('Search all settings').fill('--clip-norm');
    await page.getByText('1 setting found').waitFor();
    await box('Clip norm').waitFor();
    await page.getByLabel('Search all settings').fill('');
  });

  test('a reload loses nothing', async () => {
    await page.reload();
    await plan()
      .getByText(/--a1 4/)
      .waitFor();
    expect(await box('Steps').inputValue()).toBe('6');
    expect(new URL(page.url()).search).toBe('');
  });

  test('begins, and a new run takes over its settings', async () => {
    await box('Name of the run').fill('pot');
    await box('Name of the run').press('Tab');
    await begin().click();
    await page.getByRole('heading', { level: 1, name: 'pot' }).waitFor();
    await page.getByText('finished', { exact: true }).waitFor({ timeout: 120_000 });
    await page.locator('summary', { hasText: 'Settings' }).click();
    await page.getByRole('link', { name: 'New run with these settings' }).click();
    await page.getByText('With the settings of pot.').waitFor();
    await plan()
      .getByText(/--images pocket\/teapot .*--a1 4 .*--steps 6/)
      .waitFor();
    await plan()
      .getByText(/as measured before/)
      .waitFor();
    // What was usual is not given.
    expect(
      await plan()
        .getByText(/--optimizer|--targets|--batch-size/)
        .count(),
    ).toBe(0);
    await box('Name of the run').fill('pot');
    await page.getByText('there is a run "pot" already').first().waitFor();
  });

  test('the queue is moved by keys, and what waits is taken out', async () => {
    const settings = { subject: 'sks teapot', steps: 5000, batchSize: 1 };
    const add = (name: string) =>
      studio.ask('jobs.add', { kind: 'train', dataset: 'pocket-teapot', settings, name });
    const [first, second, third] = [await add('a'), await add('b'), await add('c')];
    const queue = page.getByRole('region', { name: 'Queue' });
    const later = queue.getByRole('button', { name: /^Later/ });
    await queue.getByText('training', { exact: true }).waitFor({ timeout: 60_000 });
    await expect.poll(() => later.count()).toBe(2);
    await later.first().press('Enter');
    await expect
      .poll(async () => (await studio.ask('jobs.list', {})).map(({ id }) => id).slice(-2))
      .toEqual([third.id, second.id]);
    await page.locator(':focus').and(later.last()).waitFor();
    await queue
      .getByRole('button', { name: /^Take out/ })
      .first()
      .click();
    await expect.poll(() => later.count()).toBe(1);
    await queue
      .getByRole('button', { name: /^Take out/ })
      .first()
      .click();
    await expect.poll(() => later.count()).toBe(0);
    const runOf = async () =>
      (await studio.ask('jobs.list', {})).find(({ id }) => id === first.id)?.run ?? '';
    await expect.poll(runOf, { timeout: 60_000 }).not.toBe('');
    await studio.ask('runs.stop', { id: await runOf() });
    await queue.getByRole('button', { name: /^Go on/ }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });
});
