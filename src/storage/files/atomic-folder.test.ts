import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunError, SystemError } from '../../base/errors.ts';
import { writeFolderAtomic } from './atomic-folder.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'krona-folder-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const files = new Map([
  ['config.json', new TextEncoder().encode('{}')],
  ['unet/weights.bin', Uint8Array.of(1, 2, 3)],
]);

test('a folder appears with all its files, also in place of an empty one', async () => {
  const folder = join(root, 'made');
  mkdirSync(folder);
  await writeFolderAtomic(folder, files);
  expect(readdirSync(root)).toEqual(['made']);
  expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe('{}');
  expect([...readFileSync(join(folder, 'unet', 'weights.bin'))]).toEqual([1, 2, 3]);
});

test('a folder that holds something is refused and stays as it is', async () => {
  writeFileSync(join(root, 'mine.txt'), 'mine');
  const write = writeFolderAtomic(root, files);
  await expect(write).rejects.toThrow(RunError);
  await expect(write).rejects.toThrow(/is not empty \(it holds mine\.txt\); choose a new folder/);
  expect(readdirSync(root)).toEqual(['mine.txt']);
});

test('where one file fails nothing is left', async () => {
  const folder = join(root, 'made');
  const broken = new Map([...files, ['config.json/below-a-file', Uint8Array.of(1)]]);
  await expect(writeFolderAtomic(folder, broken)).rejects.toThrow(SystemError);
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync(root)).toEqual([]);
});
