/** @file The screens of adapters in Chromium: converted and downloaded, merged, a size planned. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { merge } from '../../src/api/merging.ts';
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
import { changesApart } from './changes-apart.ts';
import { workWithRun } from './short-run.ts';
import { program, startStudio, type TestStudio } from './studio-server.ts';

describe.skipIf(chromiumPath === undefined)('adapters in the page', () => {
  let studio: TestStudio;
  let browser: Browser;
  let first: WatchedPage;
  let page: Page;
  let ofRun: string;

  beforeAll(async () => {
    studio = await startStudio({ page: await builtPage(), work: await workWithRun() });
    const adapters = await studio.ask('adapters.list', {});
    ofRun = adapters.find(({ run }) => run !== undefined)?.id ?? '';
    browser = await launchChromium();
    first = await openWatched(browser, `${studio.address}adapters`, openedBy(studio));
    page = first.page;
  });
  afterAll(async () => {
    await browser?.close();
    await studio?.[Symbol.asyncDispose]();
  });

  const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true });
  const pathOfRun = () => join(studio.work, 'runs', 'teapot', 'adapter.safetensors');

  test('a LoRA for ComfyUI is made, says how near it comes, and is downloaded: it does the same', async () => {
    await page.getByRole('link', { name: /^teapot/ }).click();
    await heading('teapot').waitFor();
    const card = page.getByRole('listitem').filter({ hasText: 'ComfyUI and A1111' });
    await card.getByLabel('Form').selectOption('as a LoRA that loses nothing');
    await card.getByRole('button', { name: 'Make the file' }).click();
    await card.getByText('It does the same, but for rounding.').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      card.getByRole('link', { name: /^Download, [\d.]+ MB$/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('teapot-lora.safetensors');
    const path = join(studio.work, 'downloaded.safetensors');
    await download.saveAs(path);
    // Factors of rank rank(A)·rank(B) come from float32 decompositions.
    expect(await changesApart(path, pathOfRun())).toBeLessThan(1e-5);
  });

  test('what cannot be is said in its card', async () => {
    const card = page.getByRole('listitem').filter({ hasText: 'DiffuseKronA' });
    await card.getByLabel('a2').fill('7');
    await card.getByRole('button', { name: 'Make the file' }).click();
    await card.getByRole('alert').getByText('FACTOR_DOES_NOT_DIVIDE').waitFor();
  });

  test('two become one that does what both do', async () => {
    await page.goto(`${studio.address}adapters?show=merge`);
    await page.getByRole('checkbox', { name: /^teapot/ }).check();
    await page.getByRole('checkbox', { name: /^second/ }).check();
    const strengths = page.getByRole('spinbutton', { name: 'Strength' });
    await page.getByRole('listitem').filter({ hasText: 'second' }).locator(strengths).fill('0.5');
    await page.getByLabel('Name of the new adapter').fill('both');
    await page.getByRole('button', { name: 'Merge', exact: true }).click();
    await page.getByText('It does what they do together, without loss.').waitFor();
    const expected = join(studio.work, 'expected.safetensors');
    await merge({
      ...{ into: 'adapter', out: expected },
      adapters: [
        { file: pathOfRun() },
        { file: join(studio.work, 'adapters', 'second.safetensors'), strength: 0.5 },
      ],
    });
    const made = join(studio.work, 'adapters', 'both.safetensors');
    expect(await changesApart(made, expected)).toBe(0);
    await page.getByRole('link', { name: 'Open both' }).click();
    await heading('both').waitFor();
  });

  test('the numbers of the planner are those of krona plan --grid --json; a choice leads to training', async () => {
    await page.goto(`${studio.address}adapters?show=size`);
    const fields = page.getByRole('table').getByRole('button');
    await fields.first().waitFor();
    const [node = '', ...words] = program;
    const answer = execFileSync(node, [...words, 'plan', '--base', 'pocket', '--grid', '--json']);
    const { entries } = gridSchema.parse(JSON.parse(answer.toString()));
    const labels = await fields.evaluateAll((all) =>
      all.map((field) => field.getAttribute('aria-label')),
    );
    expect(labels).toHaveLength(entries.length);
    for (const [i, { a1, a2, parameters }] of entries.entries()) {
      const said =
        parameters === null
          ? `a1 ${a1}, a2 ${a2}: does not divide`
          : `a1 ${a1}, a2 ${a2}: ${parameters.toLocaleString('en')} parameters`;
      expect(labels[i]).toContain(said);
    }
    // The smallest alone.
    const limit = page.getByRole('slider', { name: 'The file takes at most' });
    await limit.press('Home');
    const least = Math.min(...entries.flatMap(({ parameters }) => parameters ?? []));
    const smallest = entries.filter(({ parameters }) => parameters === least);
    await page.getByText(`${smallest.length} choices`).waitFor();
    // One stop of Tab, arrows inside, Enter.
    await limit.press('End');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    const { a1, a2 } = entries.find((entry) => entry.a1 === 2 && entry.a2 === 4) ?? {};
    expect(await page.locator(':focus').getAttribute('aria-label')).toContain(
      `a1 ${a1}, a2 ${a2}:`,
    );
    await page.keyboard.press('Enter');
    await heading('Train').waitFor();
    await page.getByText(/--a1 2 --a2 4/).waitFor();
    expect(page.url()).toBe(`${studio.address}train`);
  });

  test('did nothing meanwhile that it should not', () => {
    // What was refused.
    expect(first.complaints).toEqual([expect.stringContaining('409 (Conflict)')]);
  });

  describe.each(Object.entries(appearances))('%s', (_, options) => {
    let watched: WatchedPage;
    beforeAll(async () => {
      watched = await openWatched(browser, studio.address, { ...options, ...openedBy(studio) });
    });
    afterAll(() => watched?.page.context().close());

    test.each([
      ['/adapters', 'sks teapot'],
      ['/adapters/ID', 'Where it works'],
      ['/adapters?show=merge', 'Draw a preview'],
      ['/adapters?show=extract', 'This page opens no other files'],
      ['/adapters?show=size', 'Parameters by the size'],
    ])('%s is sound, in words a third longer too', async (path, text) => {
      const address = new URL(path.replace('ID', ofRun), studio.address);
      await watched.page.goto(address.href);
      await watched.page.getByText(text).first().waitFor();
      expect(await faultsOf(watched.page)).toEqual([]);
      address.searchParams.set('words', 'pseudo');
      await watched.page.goto(address.href);
      await watched.page.getByRole('heading', { level: 1 }).waitFor();
      expect(await faultsOf(watched.page)).toEqual([]);
      expect(watched.complaints).toEqual([]);
    });
  });
});

const gridSchema = z.object({
  entries: z.array(z.object({ a1: z.number(), a2: z.number(), parameters: z.number().nullable() })),
});
