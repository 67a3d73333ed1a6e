import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBytes } from './binary-file.ts';
import { filesUnder } from './files-under.ts';
import { folderEntries } from './folder-entries.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-entries-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes café.txt as Latin-1 spells it; false where the file system takes UTF-8 only. */
async function putLatin1(): Promise<boolean> {
  const path = Buffer.from(`${folder}/café.txt`, 'latin1');
  return await writeFile(path, 'x').then(
    () => true,
    () => false,
  );
}

test('names that are not UTF-8 are spelt by their bytes', async ({ skip }) => {
  if (!(await putLatin1())) skip('this file system takes UTF-8 names only');
  await writeFile(join(folder, 'thé.txt'), 'x');
  const entries = await folderEntries(folder);
  expect(entries.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { name: 'caf\\xe9.txt', isFolder: false, isUtf8: false },
    { name: 'thé.txt', isFolder: false, isUtf8: true },
  ]);
});

test('a file that is not found because of its name is said to be so', async ({ skip }) => {
  if (!(await putLatin1())) skip('this file system takes UTF-8 names only');
  const [name = ''] = await filesUnder(folder);
  await expect(readBytes(join(folder, name))).rejects.toMatchObject({
    code: 'NAME_ENCODING',
    message: expect.stringContaining('its name is not UTF-8'),
  });
});
