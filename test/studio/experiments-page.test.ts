/** @file The screen of experiments in Chromium: one is typed, begun, outlives its server, is killed, goes on, and shows its report. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
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

const small = `title: Which rank?
subjects: [teapot]
prompts: [2]
train: { adapter: lora, steps: 6, batchSize: 1 }
draw: { count: 1, steps: 2 }
drift: false
vary: { adapter.rank: [1, 2] }
`;

describe.skipIf(chromiumPath === undefined)('the screen of experiments', () => {
  const work = mkdtempSync(join(tmpdir(), 'krona-studio-'));
  let studio: TestStudio;
  let browser: Browser;
  let first: WatchedPage;

  const pathOf = (name: string) => join(work, 'sweeps', 'which-rank', name);
  const eventsOf = () => readFile(pathOf('events.jsonl'), 'utf8').catch(() => '');
  let sweepProcess = 0;

  const start = async (port = 0) => {
    let address = '';
    studio = await startStudio({
      ...{ page: await builtPage(), work, port, keepWork: true },
      onAddress: (next) => {
        address = next;
      },
    });
    return address;
  };

  beforeAll(async () => {
    browser = await launchChromium();
    first = await openWatched(browser, await start(), appearances['light, 1280 pixels wide']);
    await first.page.getByRole('heading', { level: 1 }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await studio?.[Symbol.asyncDispose]();
    rmSync(work, { recursive: true, force: true });
  });

  test('is put together in a form, whose file stands beside it', async () => {
    const { page } = first;
    await page.goto(`${studio.address}experiments`);
    await page.getByRole('link', { name: 'New experiment' }).click();
    const snail = page.getByRole('checkbox', { name: 'snail' });
    expect(await snail.count()).toBe(0);
    await page.getByRole('button', { name: 'All 40' }).click();
    await snail.waitFor();
    await page.getByRole('checkbox', { name: 'lora' }).check();
    await page.getByRole('checkbox', { name: 'krona' }).uncheck();
    await page.getByLabel('Another setting').selectOption('adapter.rank');
    const value = page.getByLabel('Another value of rank');
    for (const rank of ['1', '2', '4']) {
      await value.fill(rank);
      await value.press('Enter');
    }
    const file = page.getByRole('textbox', { name: 'File' });
    expect(await file.inputValue()).toContain('  adapter.rank: [1, 2, 4]');
    await page.getByText('3 variants').waitFor({ timeout: 60_000 });
    expect(await faultsOf(page)).toEqual([]);
  });

  test('a slip is shown with its line, and keeps it from beginning', async () => {
    const { page } = first;
    const file = page.getByRole('textbox', { name: 'File' });
    await file.fill(small.replace('steps: 6', 'stepz: 6'));
    await page.getByRole('button', { name: 'Line 4' }).click();
    const chosen =
      'document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)';
    expect(await page.evaluate(chosen)).toMatch(/^train: .*stepz/);
    expect(await page.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
    await file.fill(small);
    await page.getByText('2 variants').waitFor();
  });

  test('begins with one click, and outlives its server', async () => {
    const { page } = first;
    await page.getByRole('button', { name: 'Start' }).click();
    await expect.poll(eventsOf, { interval: 10, timeout: 60_000 }).toContain('"planned"');
    sweepProcess = JSON.parse(await readFile(pathOf('results/.sweep.owner'), 'utf8')).pid;
    // Held, so that it is in the middle for as long as the rest takes.
    process.kill(sweepProcess, 'SIGSTOP');
    expect(await eventsOf()).not.toContain('"collected"');
    await page.getByRole('heading', { level: 1, name: 'Which rank?' }).waitFor();
    await page.getByRole('region', { name: 'running' }).waitFor();
    await page.getByRole('region', { name: 'Tasks' }).getByText('lora, rank 1, teapot').waitFor();
    expect(first.complaints).toEqual([]);
    const { port } = studio;
    await studio[Symbol.asyncDispose]();
    await start(port);
    const { state } = await studio.ask('sweeps.get', { id: 'which-rank' });
    expect(state).toEqual({ state: 'running' });
  });

  test('killed, it says so, goes on, and ends with its report inside', async () => {
    const { page } = first;
    process.kill(sweepProcess, 'SIGKILL');
    await page.getByRole('region', { name: 'ended unexpectedly' }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Go on' }).click();
    const dialog = page.getByRole('dialog', { name: 'Go on' });
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('region', { name: 'finished' }).waitFor({ timeout: 240_000 });
    const report = page.frameLocator('iframe[title="Report: Which rank?"]');
    await report
      .getByRole('heading', { level: 1, name: 'Which rank?' })
      .waitFor({ timeout: 60_000 });
    // An origin of its own, which reads nothing of the page's and asks for nothing.
    const inside = await page.locator('iframe').elementHandle();
    const frame = await inside?.contentFrame();
    expect(await frame?.evaluate('self.origin')).toBe('null');
    const asked = "fetch('/api/session.get').then(() => 'answered', () => 'refused')";
    expect(await frame?.evaluate(asked)).toBe('refused');
  });

  describe.each(Object.entries(appearances))('%s', (_, options) => {
    test.each(['/experiments', '/experiments/which-rank', '/experiments/new'])(
      '%s is sound',
      async (path) => {
        const watched = await openWatched(browser, new URL(path, studio.address).href, {
          ...{ ...options, ...openedBy(studio) },
        });
        await watched.page.getByRole('heading', { level: 1 }).waitFor();
        if (path.endsWith('rank')) await watched.page.locator('iframe').waitFor();
        expect(await faultsOf(watched.page)).toEqual([]);
        expect(watched.complaints).toEqual([]);
        await watched.page.context().close();
      },
    );
  });
});
