import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blankImage, encodePng } from '../data/image.ts';
import type { GenerateOptions } from './generate-options.ts';
import { planGeneration } from './generation-plan.ts';
import { resultSheet } from './result-sheet.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-initial-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a picture of one colour and returns its path. */
async function file(name: string, width: number, height: number, level = 255): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, await encodePng(blankImage(width, height, [level, level, level])));
  return path;
}

const plan = (options: Partial<GenerateOptions>) =>
  planGeneration({ prompt: 'a teapot', out: folder, ...options });

describe('the size of pictures', () => {
  test('is the base model’s own without a picture to begin with', async () => {
    expect((await plan({})).size).toEqual({ width: 64, height: 64 });
    expect((await plan({ width: 96 })).size).toEqual({ width: 96, height: 64 });
  });

  test.each([
    [{}, { width: 88, height: 64 }],
    [{ width: 128 }, { width: 128, height: 96 }],
    [{ height: 48 }, { width: 64, height: 48 }],
    [
      { width: 64, height: 64 },
      { width: 64, height: 64 },
    ],
  ])('has the proportions of the picture where %j is asked for', async (asked, expected) => {
    const initImage = await file('wide.png', 400, 300);
    expect((await plan({ initImage, ...asked })).size).toEqual(expected);
  });

  test('is refused with the nearest that work', async () => {
    await expect(plan({ height: 100 })).rejects.toMatchObject({
      code: 'PICTURE_SIZE',
      message: expect.stringContaining('96 and 104 are nearest'),
    });
  });
});

describe('a picture of another size', () => {
  test('is resized, cut, and that is said', async () => {
    const initImage = await file('large.png', 400, 300);
    const { initial, notes } = await plan({ initImage });
    expect(initial?.picture).toMatchObject({ width: 88, height: 64 });
    expect(notes).toEqual([`${initImage} is 400 x 300: resized to 88 x 66 and cut to 88 x 64`]);
  });

  test('is left alone, without a word, where it fits', async () => {
    const { initial, notes } = await plan({ initImage: await file('fits.png', 64, 64) });
    expect(initial?.picture).toMatchObject({ width: 64, height: 64 });
    expect(notes).toEqual([]);
  });
});

describe('a mask', () => {
  test('goes with its picture to the size that is asked for', async () => {
    const initImage = await file('picture.png', 128, 256);
    const { initial } = await plan({ initImage, mask: await file('mask.png', 128, 256) });
    expect(initial?.mask).toMatchObject({ width: 64, height: 128 });
    expect(initial?.noise).toBe(1);
  });

  test('of another size than its picture is refused', async () => {
    const initImage = await file('picture.png', 128, 256);
    const mask = await file('mask.png', 128, 255);
    await expect(plan({ initImage, mask })).rejects.toMatchObject({ code: 'MASK_SIZE' });
  });

  test('without white is refused', async () => {
    const initImage = await file('picture.png', 64, 64);
    const mask = await file('black.png', 64, 64, 0);
    await expect(plan({ initImage, mask })).rejects.toMatchObject({ code: 'MASK_EMPTY' });
  });
});

test.each([
  [{ noise: 0.5 }, '`noise` is for a picture to begin with'],
  [{ mask: 'mask.png' }, '`mask` is for a picture to begin with'],
])('%j without a picture to begin with is refused', async (options, words) => {
  await expect(plan(options)).rejects.toThrow(words);
});

test('noise that leaves no step is refused before anything is computed', async () => {
  const initImage = await file('picture.png', 64, 64);
  await expect(plan({ initImage, noise: 0.01 })).rejects.toMatchObject({ code: 'STRENGTH' });
});

test('the sheet shows the picture to begin with above the results', async () => {
  const given = await plan({ initImage: await file('black.png', 64, 64, 0) });
  const drawn = [{ prompt: 'a teapot', images: [blankImage(64, 64)] }];
  const { height } = await resultSheet(given, drawn);
  const plain = await resultSheet({ ...given, initial: undefined }, drawn);
  expect(height).toBeGreaterThan(plain.height + 128);
});
