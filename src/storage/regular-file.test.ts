import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBytes } from './files/binary-file.ts';
import { withFile } from './files/file-range.ts';
import { createFolder, namesIn } from './files/folders.ts';
import { readJson } from './files/json-file.ts';

let folder = '';
const path = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-regular-'));
  writeFileSync(path('file'), 'text');
  if (process.platform === 'win32') return;
  execFileSync('mkfifo', [path('pipe')]);
  symlinkSync('/dev/zero', path('zero'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(process.platform === 'win32').each(['pipe', 'zero'])('a %s', (name) => {
  test.each([
    ['bytes', () => readBytes(path(name))],
    ['JSON', () => readJson(path(name), 'record')],
    ['parts', () => withFile(path(name), async () => {})],
  ])('is not waited for as %s', async (_, read) => {
    await expect(read()).rejects.toMatchObject({
      code: 'NOT_A_FILE',
      message: expect.stringContaining(`${path(name)} is neither a file nor a folder`),
    });
  });
});

test('what is too large to be read whole is said to be', async () => {
  writeFileSync(path('large'), '');
  truncateSync(path('large'), 3e9);
  await expect(readBytes(path('large'))).rejects.toMatchObject({
    code: 'FILE_TOO_LARGE',
    message: expect.stringContaining('larger than 2 GiB'),
  });
});

test('a file in the place of a folder is said to be one', async () => {
  const refusal = { code: 'NOT_A_FOLDER', message: expect.stringContaining('expected a folder') };
  for (const name of ['file', join('file', 'below')]) {
    await expect(namesIn(path(name))).rejects.toMatchObject(refusal);
    await expect(createFolder(path(name))).rejects.toMatchObject(refusal);
  }
});
