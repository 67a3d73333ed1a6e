/** @file The screen of pictures in Chromium: own pictures by drop, what there is to know of them, their texts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pocketSubject } from '../../../src/data/pocket.ts';
import { type BroughtFile, drop, faultsOf } from '../browser.ts';
import type { TestStudio } from '../studio-server.ts';

interface Opened {
  /** Of a browser that is logged in. */
  readonly page: Page;
  readonly studio: TestStudio;
}

/** Tests of the screen, in a tab of their own: refused files are errors of the console. */
export function testPictures(opened: () => Opened): void {
  describe('pictures', () => {
    let page: Page;
    let studio: TestStudio;
    beforeAll(async () => {
      studio = opened().studio;
      page = await opened().page.context().newPage();
      page.setDefaultTimeout(20_000);
    });
    afterAll(() => page?.close());

    const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true });
    const card = (name: string) => page.getByRole('article').filter({ hasText: name });
    const folder = () => join(studio.work, 'datasets', 'New-pictures');

    test('those that are dropped become a set; what is none is refused by its name', async () => {
      await page.goto(`${studio.address}datasets`);
      const files = await broughtFiles();
      await drop(page, page.getByText('Drop pictures of one thing here'), files);
      await heading('New pictures').waitFor();
      const refused = page.getByRole('alert').filter({ hasText: 'not added' });
      for (const name of ['note.pdf', '../../../outside.png', 'broken.png']) {
        await refused.getByText(name, { exact: true }).waitFor();
      }
      await expect.poll(() => page.getByRole('article').count()).toBe(4);
      expect(readdirSync(folder()).sort()).toEqual([
        ...['copy.jpg', 'dataset.json', 'teapot.png', 'teapot.txt', 'turned.jpg', 'wide.png'],
      ]);
      expect(readdirSync(studio.work)).not.toContain('outside.png');
      await page.getByLabel('Caption of teapot.png').and(hasValue('a {subject}')).waitFor();
      await page.getByRole('button', { name: 'All right' }).click();
      await refused.waitFor({ state: 'hidden' });
    });

    test('tells what to know of them, and how they will be cut', async () => {
      const things = page.getByRole('group').filter({ hasText: /things to know/ });
      await things.getByText('copy.jpg and teapot.png are nearly the same').waitFor();
      const cut = card('wide.png').getByText('Much is cut away');
      await cut.waitFor();
      await page.getByLabel('Keep proportions').check();
      await cut.waitFor({ state: 'hidden' });
      expect(page.url()).toContain('keep=1');
      await page.getByLabel('Keep proportions').uncheck();
      await cut.waitFor();
      await card('turned.jpg').getByText('64 × 128').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await card('turned.jpg').getByRole('button').first().click();
      const large = page.getByRole('dialog');
      await large.getByText('trained as 64 × 64 · 50% cut away').waitFor();
      await page.keyboard.press('ArrowLeft');
      await page.getByRole('dialog', { name: 'teapot.png' }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await large.waitFor({ state: 'hidden' });
    });

    test('a frame is moved by keys and by dragging, and its card shows it', async () => {
      await card('wide.png').getByRole('button').first().click();
      const large = page.getByRole('dialog', { name: 'wide.png' });
      const slider = large.getByRole('slider', { name: 'Where the frame stands' });
      await slider.press('Home');
      const kept = () => JSON.parse(readFileSync(join(folder(), 'dataset.json'), 'utf8')).frames;
      await expect.poll(kept).toEqual({ 'wide.png': { x: 0.25, y: 0.5 } });
      expect(await faultsOf(page)).toEqual([]);
      const shown = await large.getByRole('img').boundingBox();
      if (shown === null) throw new Error('the picture is shown');
      const y = shown.y + shown.height / 2;
      await page.mouse.move(shown.x + shown.width / 4, y);
      await page.mouse.down();
      await page.mouse.move(shown.x + shown.width, y, { steps: 3 });
      await page.mouse.up();
      await expect.poll(kept).toEqual({ 'wide.png': { x: 0.75, y: 0.5 } });
      expect(await slider.inputValue()).toBe('100');
      await slider.dblclick();
      await expect.poll(kept).toBeUndefined();
      await page.keyboard.press('Escape');
      await large.waitFor({ state: 'hidden' });
    });

    test('a mask is painted by keys, shown, painted further, and heeded by the training that begins here', async () => {
      const mask = () => sharp(join(folder(), 'wide-masklabel.png')).raw().toBuffer();
      await card('wide.png').getByRole('button').first().click();
      const large = page.getByRole('dialog', { name: 'wide.png' });
      await large.getByRole('button', { name: 'Paint a mask' }).click();
      const canvas = large.getByRole('application');
      await canvas.press(' ');
      expect(await faultsOf(page)).toEqual([]);
      await large.getByRole('button', { name: 'Save the mask' }).click();
      await large.getByText('with a mask').waitFor();
      const first = await mask();
      const [corner, middle] = [0, 3 * (32 * 128 + 64)];
      expect([first[corner], first[middle]]).toEqual([0, 255]);
      await large.getByRole('button', { name: 'Change the mask' }).click();
      for (let i = 0; i < 12; i++) await canvas.press('ArrowLeft');
      await canvas.press(' ');
      await large.getByRole('button', { name: 'Save the mask' }).click();
      await large.getByText('with a mask').waitFor();
      const second = await mask();
      expect(second[middle]).toBe(255);
      expect(second.filter((level) => level > 0).length).toBeGreaterThan(
        first.filter((level) => level > 0).length,
      );
      await page.keyboard.press('Escape');
      await large.waitFor({ state: 'hidden' });
      await page.getByRole('link', { name: 'Train with these' }).click();
      const kept = () =>
        page.evaluate("JSON.parse(localStorage['train-draft'] ?? '{}').settings?.masks");
      await expect.poll(kept).toBe('auto');
      await page.goBack();
      await heading('New pictures').waitFor();
    });

    test('a caption is saved when one leaves it, and one that is refused stays in its field', async () => {
      const field = page.getByLabel('Caption of wide.png');
      await field.fill('a {subjekt} from afar');
      await field.press('Enter');
      await page.getByText(/Not saved yet: .*\{subject\}/).waitFor();
      expect(await field.inputValue()).toBe('a {subjekt} from afar');
      await field.fill('a {subject} from afar');
      await field.press('Enter');
      await expect.poll(() => readdirSync(folder())).toContain('wide.txt');
      await page.reload();
      await field.and(hasValue('a {subject} from afar')).waitFor();
    });

    test('captions are changed all at once, and back', async () => {
      const field = page.getByLabel('Caption of wide.png');
      await page.getByRole('button', { name: 'Change all captions' }).click();
      const form = page.getByRole('dialog', { name: 'Change all captions' });
      await form.getByLabel('Words').fill('a drawing,');
      await form.getByText('4 captions will be different').waitFor();
      await form.getByText('a drawing, a {subject} from afar').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await form.getByRole('button', { name: 'Change them' }).click();
      await field.and(hasValue('a drawing, a {subject} from afar')).waitFor();
      await page.getByLabel('Caption of turned.jpg').and(hasValue('a drawing')).waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await field.and(hasValue('a {subject} from afar')).waitFor();
      await expect.poll(() => readdirSync(folder())).not.toContain('turned.txt');
    });

    test('a picture that was removed comes back; names are saved when one leaves them', async () => {
      await page.getByRole('button', { name: 'Remove copy.jpg' }).first().click();
      await card('copy.jpg').waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Undo' }).click();
      await card('copy.jpg').waitFor();
      await page.getByLabel('What is it?').fill('teapot');
      await page.getByLabel('Name of the set').fill('Blue pot');
      await page.getByLabel('Name of the set').press('Tab');
      await heading('Blue pot').waitFor();
      const train = page.getByRole('link', { name: 'Train with these' });
      expect(await train.getAttribute('href')).toBe('/train?dataset=New-pictures');
      await page.goto(`${studio.address}datasets`);
      await page.getByRole('link', { name: /Blue pot\s*teapot · 4 pictures/ }).click();
      await page.getByRole('button', { name: 'More for this set' }).click();
      await page.getByRole('button', { name: 'Remove the set' }).click();
      await heading('Pictures').waitFor();
      expect(readdirSync(join(studio.work, 'datasets'))).not.toContain('New-pictures');
    });

    test('many sets are searched by their names and what they show', async () => {
      await page.goto(`${studio.address}datasets`);
      const names = page.getByRole('main').getByRole('listitem');
      const search = page.getByLabel('Search all sets');
      await search.fill('TEAP');
      await expect.poll(() => names.count()).toBe(3);
      await names.getByText('teapot 2', { exact: true }).waitFor();
      await search.fill('unicorn');
      await page.getByText('No set is called like that').waitFor();
      await search.fill('');
      await names.getByText('snail', { exact: true }).waitFor();
    });

    test('a bundled set is copied to be changed', async () => {
      await page.goto(`${studio.address}datasets/pocket-teapot`);
      await heading('teapot').waitFor();
      expect(await page.getByRole('textbox').count()).toBe(0);
      await page.getByRole('button', { name: 'Make a copy to edit' }).click();
      await page.getByLabel('Name of the set').waitFor();
      expect(page.url()).toBe(`${studio.address}datasets/teapot`);
      await studio.ask('datasets.remove', { id: 'teapot' });
    });

    function hasValue(value: string): Locator {
      return page.locator(`textarea:text-is("${value}")`);
    }
  });
}

async function broughtFiles(): Promise<readonly BroughtFile[]> {
  const [path = '', other = ''] = (await pocketSubject('teapot')).images;
  const teapot = readFileSync(path);
  const wide = sharp(other).resize(128, 64, { fit: 'cover' });
  const png = 'image/png';
  return [
    { name: 'teapot.png', type: png, content: teapot },
    { name: 'teapot.txt', type: 'text/plain', content: Buffer.from('a {subject}') },
    { name: 'copy.jpg', type: 'image/jpeg', content: await sharp(teapot).jpeg().toBuffer() },
    { name: 'wide.png', type: png, content: await wide.png().toBuffer() },
    // Lying on its side, as cameras write what stands.
    {
      name: 'turned.jpg',
      type: 'image/jpeg',
      content: await wide.withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    },
    { name: 'note.pdf', type: 'application/pdf', content: Buffer.from('%PDF') },
    { name: '../../../outside.png', type: png, content: teapot },
    { name: 'broken.png', type: png, content: teapot.subarray(0, 200) },
  ];
}
