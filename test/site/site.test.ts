/** @file The site in Chromium, from a host of plain files: everything that a server does is done in the tab. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/data/image.ts';
import { pocketSubject } from '../../src/data/pocket.ts';
import { generate, inspect } from '../../src/index.ts';
import {
  chromiumPath,
  complaintsOf,
  drop,
  faultsOf,
  launchForShortWork,
} from '../studio/browser.ts';
import { askTab, loadInTab } from './asked-tab.ts';
import { recommendedSteps, type ServedSite, serveSite } from './served-site.ts';

const experiment = `title: A teapot
subjects: [teapot]
prompts: [2]
train: { adapter: lora, steps: 2, batchSize: 1 }
draw: { count: 1, steps: 2 }
drift: false
`;

describe.skipIf(chromiumPath === undefined)('the site', () => {
  let site: ServedSite;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let folder = '';
  /** An adapter as another program has it. */
  let taken = '';
  /** What no page of ours should do. */
  let complaints: string[];

  beforeAll(async () => {
    site = await serveSite();
    folder = mkdtempSync(join(tmpdir(), 'krona-site-'));
    browser = await launchForShortWork();
    context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(30_000);
    complaints = complaintsOf(context, site.address);
    page = await context.newPage();
    // It asks before it is left while it works.
    page.on('dialog', (dialog) => dialog.accept());
  });
  afterAll(async () => {
    await browser?.close();
    await site?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (path: string) => `${site.address}${path}`;
  const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true });

  /** What the person has set so far, as the browser keeps it. */
  async function draft(dataset: string, name: string, settings: object): Promise<void> {
    const kept = JSON.stringify(JSON.stringify({ dataset, name, settings }));
    await page.evaluate(`localStorage.setItem('train-draft', ${kept})`);
  }

  const finished = () =>
    page.getByRole('region', { name: 'finished' }).waitFor({ timeout: 120_000 });

  test('the first visit loads itself once more, is isolated then, and sound', async () => {
    let loads = 0;
    page.on('domcontentloaded', () => {
      loads += 1;
    });
    await page.goto(site.address);
    await heading('Teach a model one thing').waitFor();
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    expect(loads).toBe(2);
    await page.getByText('a toy: draws its own little world').waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  test('dropped pictures become a set, a training, its curve and four pictures', async () => {
    await page.goto(at('datasets'));
    const { images } = await pocketSubject('teapot');
    const files = images.map((path) => ({
      ...{ name: basename(path), type: 'image/png', content: readFileSync(path) },
    }));
    await drop(page, page.getByText('Drop pictures of one thing here'), files);
    await heading('New pictures').waitFor();
    await expect.poll(() => page.getByRole('article').count()).toBe(images.length);
    await page.getByRole('link', { name: 'Train with these' }).waitFor();
    await draft('New-pictures', 'pot', { batchSize: 1, sampleEvery: 6 });
    await page.goto(at('train?dataset=New-pictures'));
    await page.getByRole('textbox', { name: 'Called', exact: true }).fill('sks teapot');
    await page.getByRole('textbox', { name: 'Steps', exact: true }).fill('6');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await heading('pot').waitFor();
    await finished();
    await page.getByRole('img', { name: /^Loss: .* at step 1, .* at step 6\.$/ }).waitFor();
    await page.getByRole('img', { name: 'a sks teapot, at step 6' }).waitFor();
    const results = page.getByRole('region', { name: 'What it draws now' });
    await results.getByRole('img').nth(3).waitFor({ timeout: 120_000 });
    expect(await faultsOf(page)).toEqual([]);
  });

  test('the adapter is taken home: it is read and draws there as in the tab', async () => {
    await page.goto(at('adapters'));
    await page.getByRole('link', { name: /^pot/ }).click();
    await heading('pot').waitFor();
    const card = page.getByRole('listitem').filter({ hasText: 'ComfyUI and A1111' });
    await card.getByRole('button', { name: 'Make the file' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      card.getByRole('link', { name: /^Download, / }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^pot.*\.safetensors$/);
    taken = join(folder, download.suggestedFilename());
    await download.saveAs(taken);
    expect(await inspect(taken)).toMatchObject({ kind: 'adapter' });

    const { entries } = await askTab(page, 'gallery.list', { count: 1 });
    const [entry] = entries;
    const png = await loadInTab(page, `pictures/${entry?.picture}`);
    const { pictures } = await generate({
      ...{ adapter: [taken], base: 'pocket', count: 1, steps: recommendedSteps },
      ...{ prompt: entry?.prompt ?? '', seed: entry?.seed ?? -1 },
    });
    const here = await decodeImage(pictures[0]?.png ?? new Uint8Array(), 'the picture of Node');
    const there = await decodeImage(png, 'the picture of the tab');
    expect(worst(there.data, here.data)).toBeLessThanOrEqual(1);
  });

  test('an adapter of another program is dropped, draws on the model that is said, and is removed', async () => {
    await page.goto(at('generate'));
    const content = readFileSync(taken);
    await drop(page, page.getByText('Drop any picture here'), [
      { name: 'comfy.safetensors', type: '', content },
    ]);
    await page.getByText('“comfy” is among the adapters now.').waitFor();
    await page.getByRole('textbox', { name: 'What to draw' }).fill('a teapot');
    await page.locator('#draw-form').getByText('More', { exact: true }).click();
    await page.getByRole('combobox', { name: 'Model' }).selectOption('Pocket');
    await page.getByRole('spinbutton', { name: 'Pictures', exact: true }).fill('1');
    const pictures = page.getByRole('list', { name: 'Gallery' }).getByRole('img');
    const before = await pictures.count();
    await page.getByRole('button', { name: 'Draw', exact: true }).click();
    await expect.poll(() => pictures.count(), { timeout: 60_000 }).toBe(before + 1);
    await page.goto(at('adapters'));
    await page.getByRole('link', { name: /^comfy/ }).click();
    await page.locator('summary', { hasText: 'Remove this adapter' }).click();
    await page.getByRole('button', { name: 'Remove this adapter' }).click();
    await page.getByRole('link', { name: /^pot/ }).waitFor();
    await expect.poll(() => page.getByRole('link', { name: /^comfy/ }).count()).toBe(0);
  });

  test('a picture of the gallery is saved', async () => {
    await page.goto(at('generate'));
    await page.getByRole('list', { name: 'Gallery' }).getByRole('button').first().click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save a copy' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^\d+\.png$/);
  });

  test('a comparison of its steps becomes one picture', async () => {
    const runs = await askTab(page, 'runs.list', {});
    const asked = new URLSearchParams({
      ...{ x: 'checkpoint', xs: '[0,6]', y: 'prompt', ys: '["a {subject}"]' },
      ...{ run: runs.find(({ name }) => name === 'pot')?.id ?? '', settings: '{"steps":2}' },
    });
    await page.goto(at(`compare?${asked}`));
    await page.getByRole('button', { name: /^Draw 2 pictures/ }).click();
    await expect.poll(() => page.getByRole('table').getByRole('img').count()).toBe(2);
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 60_000 }),
      page.getByRole('button', { name: 'Save as picture' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.png$/);
  });

  test('an experiment ends with its report inside, which can ask for nothing', async () => {
    await page.goto(at('experiments/new'));
    await page.getByRole('textbox', { name: 'File' }).fill(experiment);
    await page.getByText('1 variant').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await heading('A teapot').waitFor();
    await finished();
    const report = page.frameLocator('iframe[title="Report: A teapot"]');
    await report.getByRole('heading', { level: 1, name: 'A teapot' }).waitFor({ timeout: 60_000 });
    // Another one takes its place while the report is still written to.
    const frameNow = async () =>
      await (await page.locator('iframe').elementHandle())?.contentFrame();
    await expect.poll(async () => (await frameNow())?.evaluate('self.origin')).toBe('null');
    const frame = await frameNow();
    const request = `fetch(${JSON.stringify(site.address)}).then(() => 'answered', () => 'refused')`;
    expect(complaints).toEqual([]);
    expect(await frame?.evaluate(request)).toBe('refused');
    // Of that, and of nothing else.
    for (const complaint of complaints.splice(0)) expect(complaint).toContain('Security Policy');
  });

  test('asked its host for nothing that is not there', () => {
    expect(site.missed).toEqual([]);
  });
});

function worst(found: Uint8Array, expected: Uint8Array): number {
  expect(found).toHaveLength(expected.length);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[i] ?? 0))), 0);
}
