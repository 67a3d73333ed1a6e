/** @file Pictures that a program gives are scored as those that lie in folders. */
import { openAsBlob } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { evaluate } from '../../src/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-api-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const images = 'models/pocket/subjects/teapot';
const names = (await readdir(images)).filter((name) => name.endsWith('.png')).slice(0, 3);
const [a = '', b = '', c = ''] = names.map((name) => join(images, name));
const prompts = join(folder, 'prompts.txt');
await writeFile(prompts, 'a {} on the beach\na {} in the snow\n');
const settings = { images, subject: 'sks teapot', prompts, clip: 'pocket', dino: 'pocket' };
const made = [[a, await readFile(b)], [await openAsBlob(c)]];

test('as paths, bytes and blobs', async () => {
  const place = join(folder, 'pictures');
  for (const [prompt, file, name] of [
    ['01', a, 'a.png'],
    ['01', b, 'b.png'],
    ['02', c, 'c.png'],
  ] as const) {
    await mkdir(join(place, prompt), { recursive: true });
    await copyFile(file, join(place, prompt, name));
  }
  const { evaluation: ofFolder } = await evaluate({ ...settings, pictures: place });
  const before = await readdir(folder);
  const real = (await readdir(images)).filter((name) => name.endsWith('.png'));
  const given = { images: await Promise.all(real.map((name) => openAsBlob(join(images, name)))) };
  const { evaluation } = await evaluate({ ...settings, ...given, pictures: made });
  const files = [a, 'pictures[0][1]', 'pictures[1][0]'];
  expect(evaluation).toEqual({
    ...ofFolder,
    pictures: ofFolder.pictures.map((row, i) => ({ ...row, file: files[i] })),
  });
  expect(await readdir(folder)).toEqual(before);
});

test.each([
  ['too few', { pictures: [[a]] }, 'PICTURES_MISSING', 'of each of 2 prompts'],
  ['too many', { pictures: [...made, [a]] }, 'PICTURES_TOO_MANY', 'found those of 3'],
  ['several subjects', { pictures: made, subjects: 'pocket' }, 'SETTING_UNUSED', 'subjects: '],
  ['broken', { pictures: [[a], [Buffer.from('no')]] }, 'IMAGE_UNREADABLE', 'pictures[1][0]'],
])('%s are refused by name', async (_, given, code, words) => {
  await expect(evaluate({ ...settings, ...given })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words),
  });
});
