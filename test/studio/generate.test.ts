/** @file The screen that draws, in Chromium: two adapters, a brush, cancelling, settings out of pictures, a long gallery. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage, encodePng } from '../../src/data/image.ts';
import { writePngText } from '../../src/formats/png/png-text.ts';
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
import { drawMany } from './many-pictures.ts';
import { workWithRun } from './short-run.ts';
import { startStudio, type TestStudio } from './studio-server.ts';

const many = 1000;

describe.skipIf(chromiumPath === undefined)('the screen that draws', () => {
  let studio: TestStudio;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    const work = await workWithRun();
    await drawMany(work, many);
    // For the next browser, as the terminal shows it.
    let address = '';
    studio = await startStudio({
      ...{ page: await builtPage(), work },
      onAddress: (next) => {
        address = next;
      },
    });
    browser = await launchChromium();
    const options = appearances['light, 1280 pixels wide'];
    watched = await openWatched(browser, address, options);
    page = watched.page;
    await page.getByRole('heading', { level: 1 }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await studio?.[Symbol.asyncDispose]();
  });

  const tiles = () => page.getByRole('list', { name: 'Gallery' }).getByRole('button');
  /** What the gallery says of how many there are; what is said to listeners stands elsewhere. */
  const counted = (words: string) =>
    page.locator('header', { hasText: 'Gallery' }).getByText(words, { exact: true });
  const prompt = () => page.getByLabel('What to draw', { exact: true });
  /** The bytes of a picture of the gallery. */
  const file = (picture: string) =>
    readFileSync(join(studio.work, 'pictures', picture.split('~').at(-1) ?? ''));
  const newest = async () => (await studio.ask('gallery.list', { count: 1 })).entries[0];

  test('draws with two adapters, each at its strength, at Control and Enter', async () => {
    const [run] = await studio.ask('runs.list', {});
    await page.goto(`${studio.address}generate?run=${encodeURIComponent(run?.id ?? '')}`);
    await page.getByRole('slider', { name: 'teapot' }).waitFor();
    await expect.poll(() => prompt().inputValue()).toBe('a {subject}');
    await page.getByLabel('Add an adapter…').selectOption({ label: 'second · sks teapot' });
    await page.getByRole('spinbutton', { name: 'second' }).fill('0.5');
    await page.locator('summary', { hasText: 'More' }).click();
    await page.getByLabel('Steps', { exact: true }).fill('2');
    await page.getByLabel('Pictures', { exact: true }).fill('2');
    await prompt().press('Control+Enter');
    await page.getByRole('article').getByText('2 pictures').waitFor({ timeout: 120_000 });
    expect(
      await page
        .getByRole('article')
        .getByRole('img', { name: /teapot|subject/ })
        .count(),
    ).toBe(2);
    expect(await newest()).toMatchObject({
      prompt: 'a sks teapot',
      adapters: [
        { name: 'teapot', strength: 1 },
        { name: 'second', strength: 0.5 },
      ],
    });
    // Of the run's pictures, which the address asks for.
    await counted('2 pictures').waitFor();
    expect(page.url()).toMatch(/run=teapot.*adapter=teapot.*adapter=second/);
  });

  test('paints anew what is under the brush, and nothing else', async () => {
    const source = await newest();
    await tiles().first().click();
    await page.getByRole('button', { name: 'Start from this picture' }).click();
    await page.getByRole('button', { name: 'Repaint a part' }).click();
    const canvas = page.getByRole('application', { name: 'The picture, to paint on' });
    const box = await canvas.boundingBox();
    if (box === null) throw new Error('there is no canvas');
    // In the left half.
    await page.mouse.move(box.x + 0.1 * box.width, box.y + 0.2 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.8 * box.height, { steps: 4 });
    await page.mouse.up();
    // A dot in the middle by the keyboard, taken back.
    await canvas.press('Space');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Only the painted part is drawn anew.').waitFor();
    await page.getByLabel('Pictures', { exact: true }).fill('1');
    await page.getByRole('button', { name: 'Draw', exact: true }).click();
    await page.getByRole('article').getByText('1 picture').waitFor({ timeout: 120_000 });
    const repainted = await newest();
    const before = await decodeImage(file(source?.picture ?? ''), 'before');
    const after = await decodeImage(file(repainted?.picture ?? ''), 'after');
    const { width, height } = before;
    const differs = (x: number, y: number) =>
      [0, 1, 2].some(
        (c) => before.data[3 * (y * width + x) + c] !== after.data[3 * (y * width + x) + c],
      );
    const changed = Array.from({ length: width * height }, (_, i) => i).filter((i) =>
      differs(i % width, Math.floor(i / width)),
    );
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.filter((i) => i % width >= width / 2)).toEqual([]);
    await page.getByRole('button', { name: 'Start from nothing' }).click();
  });

  test('keeps what is done where it is cancelled', async () => {
    await page.getByLabel('Pictures', { exact: true }).fill('300');
    await page.getByRole('button', { name: 'Draw', exact: true }).click();
    const drawing = page.getByRole('article').first();
    await drawing.getByText(/^[1-9]\d* of 300/).waitFor({ timeout: 120_000 });
    const strip = page.getByRole('complementary', { name: 'What is running' });
    await strip.getByRole('link', { name: /^a \{subject\}.* of 300/ }).waitFor();
    await drawing.getByRole('button', { name: 'Cancel' }).click();
    await page
      .getByRole('article')
      .getByText(/^cancelled; [1-9]\d* of 300 are kept$/)
      .waitFor();
    await strip.getByText('Nothing is running.').waitFor();
  });

  test('sweeps an adapter over seven strengths', async () => {
    await page.getByRole('button', { name: 'Sweep it: second at seven strengths' }).click();
    await page.getByRole('article').getByText('7 pictures').waitFor({ timeout: 120_000 });
    const { entries } = await studio.ask('gallery.list', { count: 7 });
    expect(entries.map(({ adapters }) => adapters.at(-1)?.strength)).toEqual([
      ...[1.5, 1.25, 1, 0.75, 0.5, 0.25, 0],
    ]);
    expect(new Set(entries.map(({ seed }) => seed)).size).toBe(1);
  });

  test('takes the settings of a picture of another tool that is dropped, and says what it lacks', async () => {
    const parameters = `a lighthouse <lora:second:0.6> <lora:storm:1>
Negative prompt: people
Steps: 12, Sampler: Restart, CFG scale: 4, Seed: 99, Size: 64x64`;
    const png = await encodePng({ width: 8, height: 8, data: new Uint8Array(192) });
    const bytes = [...writePngText(png, { parameters })];
    await page.evaluate(`
      const dataTransfer = new DataTransfer();
      const bytes = new Uint8Array(${JSON.stringify(bytes)});
      dataTransfer.items.add(new File([bytes], 'light.png', { type: 'image/png' }));
      const drop = new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer });
      document.querySelector('form').dispatchEvent(drop);`);
    await expect.poll(() => prompt().inputValue()).toBe('a lighthouse');
    expect(await page.getByLabel('What not to draw').inputValue()).toBe('people');
    expect(await page.getByLabel('Steps', { exact: true }).inputValue()).toBe('12');
    expect(await page.getByLabel('Seed', { exact: true }).inputValue()).toBe('99');
    expect(await page.getByRole('spinbutton', { name: 'second' }).inputValue()).toBe('0.6');
    await page
      .getByText(/The sampler "Restart" is not among ours\. The adapter "storm" is not here\./)
      .waitFor();
  });

  test('scrolls through a thousand with few of them there, and finds by words', async () => {
    await page.getByLabel('Pictures of').selectOption('');
    await expect.poll(() => tiles().count()).toBeGreaterThan(10);
    await tiles().first().focus();
    // Further than one answer reaches, again and again.
    await expect
      .poll(
        async () => {
          await page.locator('[data-place]:focus').press('End');
          return await page.locator(':focus').getAttribute('title');
        },
        { timeout: 60_000 },
      )
      .toBe('a dog, 1');
    expect(await tiles().count()).toBeLessThan(150);
    await page.keyboard.press('Home');
    await page.getByLabel('Find in prompts').fill('A CAT');
    await counted(`${many / 100} pictures`).waitFor();
    await tiles().first().click();
    await page.getByRole('button', { name: 'Star', exact: true }).click();
    await page.getByRole('button', { name: 'Star', pressed: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Starred').check();
    await counted('1 picture').waitFor();
    await tiles().first().click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('No picture is like that.').waitFor();
    expect((await studio.ask('gallery.list', { text: 'a cat', count: 1 })).total).toBe(
      many / 100 - 1,
    );
  });

  test('did nothing meanwhile that it should not', () => {
    expect(watched.complaints).toEqual([]);
    expect(studio.log).toEqual([]);
  });

  test.each(Object.entries(appearances))('is sound with pictures: %s', async (_, options) => {
    const seen = await openWatched(browser, `${studio.address}generate`, {
      ...options,
      ...openedBy(studio),
    });
    const opened = seen.page.getByRole('list', { name: 'Gallery' }).getByRole('button').first();
    await opened.waitFor();
    expect(await faultsOf(seen.page)).toEqual([]);
    await opened.click();
    await seen.page.getByRole('button', { name: 'Start from this picture' }).waitFor();
    expect(await faultsOf(seen.page)).toEqual([]);
    await seen.page.getByRole('button', { name: 'Start from this picture' }).click();
    await seen.page.getByRole('button', { name: 'Repaint a part' }).click();
    await seen.page.getByRole('application').waitFor();
    expect(await faultsOf(seen.page)).toEqual([]);
    expect(seen.complaints).toEqual([]);
    await seen.page.context().close();
  });
});
