import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/data/image.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { krona } from './terminal.ts';

let folder = '';
const runs = () => ['krona', 'lora'].map((name) => join(folder, name));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'krona-compare-'));
  const images = join(pocketFolder(), 'subjects', 'teapot');
  for (const [i, adapter] of ['krona', 'lora'].entries()) {
    const settings = ['--adapter', adapter, '--steps', '1', '--batch-size', '1', '--quiet'];
    const of = ['--images', images, '--subject', 'sks teapot', '--out', runs()[i] ?? ''];
    const argv = ['train', ...of, ...settings];
    expect(await krona(argv)).toMatchObject({ code: 0, err: '' });
  }
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe('comparing runs', () => {
  test('draws the same prompts for each and puts them on one sheet', async () => {
    const out = join(folder, 'comparison');
    const how = ['--prompt', 'a {subject}', '--count', '2', '--steps', '2', '--quiet'];
    const { code, out: said } = await krona(['compare', ...runs(), ...how, '--out', out]);
    expect({ code, said }).toEqual({ code: 0, said: `${join(out, 'sheet.png')}\n` });
    expect((await readdir(out)).sort()).toEqual(['1-krona', '2-lora', 'sheet.png']);
    const pictures = await Promise.all(
      ['1-krona', '2-lora'].map((run) => readFile(join(out, run, '1', '0002-seed1.png'))),
    );
    expect(pictures[0]?.equals(pictures[1] ?? Buffer.alloc(0))).toBe(false);
    // Five training pictures side by side, and three rows of cells of at least 128 pixels.
    const sheet = await decodeImage(await readFile(join(out, 'sheet.png')), 'sheet.png');
    expect(sheet.width).toBeGreaterThan(5 * 128);
    expect(sheet.height).toBeGreaterThan(3 * 128);

    const again = await krona(['compare', ...runs(), ...how, '--out', out]);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('[FOLDER_NOT_EMPTY]') });
  });

  test('refuses a number of pictures that is none, and a folder that is no run', async () => {
    const out = join(folder, 'none');
    const none = await krona(['compare', ...runs(), '--count', '0', '--out', out]);
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('--count') });
    const other = await krona(['compare', folder, '--out', out]);
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('run') });
  });
});
