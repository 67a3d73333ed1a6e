import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { captionLists } from './caption-lists.ts';

test('the list of a folder is of the pictures in it, and of none whose folder ends alike', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'krona-lists-'));
  for (const [part, name] of [
    ['10_dog', '1a.jpg'],
    ['', '110_dog/b.jpg'],
  ] as const) {
    await mkdir(join(folder, part), { recursive: true });
    const line = JSON.stringify({ file_name: name, text: `of ${name}` });
    await writeFile(join(folder, part, 'metadata.jsonl'), line);
  }
  const lists = await captionLists(folder, ['10_dog', '110_dog']);
  expect(lists.take(join('110_dog', 'a.jpg'))).toBeUndefined();
  expect(lists.take(join('110_dog', 'b.jpg'))).toBe('of 110_dog/b.jpg');
  expect(lists.take(join('10_dog', '1a.jpg'))).toBe('of 1a.jpg');
  expect(lists.left()).toEqual([]);
  await rm(folder, { recursive: true });
});
