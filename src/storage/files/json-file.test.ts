import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readJson } from './json-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-json-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a JSON file', () => {
  test('is read, also with the byte order mark some editors write', async () => {
    const path = join(folder, 'config.json');
    writeFileSync(path, '\uFEFF{"a":[1]}');
    expect(await readJson(path, 'UNet configuration')).toEqual({ a: [1] });
  });

  test('is read as Python writes it', async () => {
    const path = join(folder, 'scheduler_config.json');
    writeFileSync(path, '{"lambda_min_clipped": -Infinity, "thresholding": "NaN", "rho": NaN}');
    expect(await readJson(path, 'scheduler configuration')).toEqual({
      lambda_min_clipped: Number.NEGATIVE_INFINITY,
      thresholding: 'NaN',
      rho: Number.NaN,
    });
  });

  test.each([
    ['', 'an empty file'],
    ['{"a":', 'does not parse'],
    ['<!DOCTYPE html>', 'a web page'],
    ['version https://git-lfs.github.com/spec/v1', 'a git-LFS pointer'],
  ])('holding %j is refused with what it is', async (content, part) => {
    const path = join(folder, 'bad.json');
    writeFileSync(path, content);
    await expect(readJson(path, 'UNet configuration')).rejects.toMatchObject({
      code: 'JSON_INVALID',
      message: expect.stringMatching(new RegExp(`^UNet configuration .*bad\\.json: .*${part}`)),
    });
  });

  test('is read in UTF-16 where a mark says so', async () => {
    const path = join(folder, 'wide.json');
    writeFileSync(path, Buffer.from('\uFEFF{"name":"café"}', 'utf16le'));
    expect(await readJson(path, 'configuration')).toEqual({ name: 'café' });
  });

  test('in another encoding is refused with its line', async () => {
    const path = join(folder, 'latin.json');
    writeFileSync(path, Buffer.from('{\n "name": "café"\n}', 'latin1'));
    await expect(readJson(path, 'configuration')).rejects.toMatchObject({
      code: 'TEXT_ENCODING',
      message: expect.stringContaining('latin.json:2: expected a text in UTF-8'),
    });
  });

  test('that is a pickle is called one', async () => {
    const path = join(folder, 'pickle.json');
    writeFileSync(path, Uint8Array.of(0x80, 2, 0xff));
    await expect(readJson(path, 'configuration')).rejects.toMatchObject({
      code: 'JSON_INVALID',
      message: expect.stringContaining('a Python pickle'),
    });
  });

  test('that is missing or a folder is refused by name', async () => {
    await expect(readJson(join(folder, 'none.json'), 'run')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    await expect(readJson(folder, 'run')).rejects.toMatchObject({ code: 'NOT_A_FILE' });
  });
});
