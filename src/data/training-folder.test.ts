import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blankImage, encodePng } from './image.ts';
import { readTrainingFolder } from './training-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
}

async function putPictures(...names: string[]): Promise<void> {
  for (const name of names) await put(name, await encodePng(blankImage(2, 2)));
}

async function read(options: { captions: boolean; repeats: number }, part = '') {
  const found = await readTrainingFolder(join(folder, part), options, (image) => image.width);
  return {
    pictures: found.pictures.map(({ name, captions, repeats }) => [name, captions[0], repeats]),
    skipped: found.skipped.map(({ name }) => name),
  };
}

test('captions are the texts beside the pictures, in one line', async () => {
  await putPictures('a.png', 'b.PNG');
  await put('a.txt', '\uFEFF a {subject}\r\n  in the snow \n');
  await put('c.txt', 'of no picture');
  expect(await read({ captions: true, repeats: 1 })).toEqual({
    pictures: [
      ['a.png', 'a {subject} in the snow', 1],
      ['b.PNG', undefined, 1],
    ],
    skipped: ['c.txt'],
  });
  expect((await read({ captions: false, repeats: 1 })).skipped).toEqual(['a.txt', 'c.txt']);
});

test('each line is a caption where that is asked for', async () => {
  await putPictures('a.png', 'b.png');
  await put('a.txt', ' a dog \r\n\n  a  brown dog\n');
  const options = { captions: true, captionLines: true, repeats: 1 };
  const { pictures } = await readTrainingFolder(folder, options, () => 0);
  expect(pictures.map(({ captions }) => captions)).toEqual([['a dog', 'a brown dog'], []]);
});

test('a list of the folder or of a folder inside has captions, after those beside the pictures', async () => {
  await putPictures('10_dog/a.png', '10_dog/b.png', '10_dog/c.png', 'd.png');
  await put('10_dog/c.txt', 'beside');
  const line = (file_name: string, text: string) => JSON.stringify({ file_name, text, more: 1 });
  const lines = [line('10_dog/a.png', 'a\ndog'), line('10_dog/b.png', 'far'), line('d.png', 'd')];
  await put('metadata.jsonl', `${lines.join('\n')}\n\n`);
  await put('10_dog/metadata.jsonl', [line('b.png', 'near'), line('c.png', 'c')].join('\r\n'));
  const found = await readTrainingFolder(folder, { captions: true, repeats: 1 }, () => 0);
  expect(found.pictures.map(({ name, captions }) => [name, ...captions])).toEqual([
    ['d.png', 'd'],
    [join('10_dog', 'a.png'), 'a dog'],
    [join('10_dog', 'b.png'), 'near'],
    [join('10_dog', 'c.png'), 'beside'],
  ]);
  expect(found.skipped.map(({ name, reason }) => `${name} ${reason.split(',')[0]}`)).toEqual([
    `${join('10_dog', 'metadata.jsonl')} names c.png`,
    'metadata.jsonl names 10_dog/b.png',
  ]);
  const without = await read({ captions: false, repeats: 1 });
  expect(without.skipped).toContain('metadata.jsonl');
});

test.each([
  ['{"file_name": "a.png"}', 1],
  ['{"file_name": "a.png", "text": "x"}\nno JSON', 2],
  ['{"file_name": "a.png", "text": "x"}\n{"file_name": "./a.png", "text": "y"}', 2],
])('a list that cannot be meant is refused by its line: %s', async (text, line) => {
  await putPictures('a.png');
  await put('metadata.jsonl', text);
  await expect(read({ captions: true, repeats: 1 })).rejects.toMatchObject({
    code: 'METADATA_INVALID',
    message: expect.stringContaining(`metadata.jsonl:${line}: expected {"file_name"`),
  });
});

test('endings in capitals are captions, and the usual ending comes first', async () => {
  await putPictures('a.png', 'b.png', 'c.png');
  await put('a.TXT', 'a dog');
  await put('b.Caption', 'a cat');
  await put('c.txt', 'a bird');
  await put('c.TXT', 'a fish');
  const { pictures, skipped } = await read({ captions: true, repeats: 1 });
  expect(pictures.map(([, caption]) => caption)).toEqual(['a dog', 'a cat', 'a bird']);
  expect(skipped).toEqual(['c.TXT']);
});

test('a caption in another encoding is refused', async () => {
  await putPictures('a.png');
  await put('a.txt', Buffer.from('a café', 'latin1'));
  await expect(read({ captions: true, repeats: 1 })).rejects.toMatchObject({
    code: 'TEXT_ENCODING',
    message: expect.stringContaining('a.txt:1: expected a text in UTF-8'),
  });
});

test('a .caption is a caption too, where there is no .txt', async () => {
  await putPictures('a.png', 'b.png');
  await put('a.caption', 'a dog');
  await put('b.txt', 'a cat');
  await put('b.caption', 'a bird');
  expect(await read({ captions: true, repeats: 1 })).toEqual({
    pictures: [
      ['a.png', 'a dog', 1],
      ['b.png', 'a cat', 1],
    ],
    skipped: ['b.caption'],
  });
});

test('everything beside numbered folders is named', async () => {
  await putPictures('10_dog/a.png', 'reg/1_dog/b.png');
  await put('notes.md', 'x');
  const found = await readTrainingFolder(folder, { captions: false, repeats: 1 }, () => 0);
  expect(found.pictures.map(({ name }) => name)).toEqual([join('10_dog', 'a.png')]);
  expect(found.skipped).toEqual([
    { name: 'notes.md', reason: 'no picture, by its extension .md' },
    { name: 'reg', reason: expect.stringContaining('only such as 10_dog are read') },
  ]);
});

test('an empty caption is refused', async () => {
  await putPictures('a.png');
  await put('a.txt', ' \n');
  await expect(read({ captions: true, repeats: 1 })).rejects.toThrow('a.txt is empty');
});

test('folders named 10_name say how often their pictures are shown', async () => {
  await putPictures('10_dog/a.png', '3_toy/b.png', 'other/c.png');
  await put('10_dog/a.txt', 'a dog');
  expect(await read({ captions: true, repeats: 7 })).toEqual({
    pictures: [
      [join('10_dog', 'a.png'), 'a dog', 10],
      [join('3_toy', 'b.png'), undefined, 3],
    ],
    skipped: ['other'],
  });
  expect((await read({ captions: false, repeats: 1 }, '3_toy')).pictures).toEqual([
    ['b.png', undefined, 3],
  ]);
  await putPictures('d.png');
  const all = await read({ captions: false, repeats: 7 });
  expect(all.pictures[0]).toEqual(['d.png', undefined, 7]);
  expect(all.skipped).toEqual(['other', join('10_dog', 'a.txt')]);
});

test('a folder without any picture is refused', async () => {
  await mkdir(join(folder, 'empty'));
  await expect(read({ captions: true, repeats: 1 }, 'empty')).rejects.toThrow('holds no picture');
  await expect(read({ captions: true, repeats: 1 }, 'none')).rejects.toThrow('does not exist');
});
