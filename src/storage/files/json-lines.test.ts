import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { appendLine, readLines } from './json-lines.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-lines-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('JSON lines', () => {
  test('are read as they were appended, whatever values they hold', async () => {
    const path = join(folder, 'values.jsonl');
    const values = fc.sample(fc.jsonValue(), 30);
    for (const value of values) await appendLine(path, value);
    expect(JSON.stringify(await readLines(path, z.unknown()))).toBe(JSON.stringify(values));
  });

  test('survive a kill at any byte of the last line: it is dropped and later ones follow', async () => {
    const path = join(folder, 'torn.jsonl');
    const line = JSON.stringify({ type: 'step', name: 'Zoë 猫' });
    const torn = Buffer.from(line);
    for (let length = 0; length <= torn.byteLength; length++) {
      writeFileSync(path, `${line}\n`);
      appendFileSync(path, torn.subarray(0, length));
      expect(await readLines(path, z.unknown())).toHaveLength(1);
      await appendLine(path, 'next');
      expect(readFileSync(path, 'utf8')).toBe(`${line}\n"next"\n`);
    }
  });

  test('that are damaged in the middle are refused by their line', async () => {
    const path = join(folder, 'damaged.jsonl');
    writeFileSync(path, '{"step":1}\n{"step":\n{"step":3}\n');
    await expect(readLines(path, z.unknown())).rejects.toMatchObject({
      code: 'JSON_LINES_INVALID',
      message: expect.stringContaining('damaged.jsonl:2'),
    });
  });

  test.each(['null', '7', '{"step":"two"}'])(
    'that hold %s are refused by their line',
    async (line) => {
      const path = join(folder, 'other.jsonl');
      writeFileSync(path, `{"step":1}\n${line}\n{"step":3}\n`);
      await expect(readLines(path, z.looseObject({ step: z.number() }))).rejects.toMatchObject({
        code: 'JSON_LINES_INVALID',
        message: expect.stringContaining('other.jsonl:2: '),
      });
    },
  );

  test('that do not exist are refused by name', async () => {
    await expect(readLines(join(folder, 'none.jsonl'), z.unknown())).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });

  test.skipIf(!existsSync('/dev/full'))('say that the disk is full', async () => {
    await expect(appendLine('/dev/full', {})).rejects.toMatchObject({ code: 'DISK_FULL' });
  });
});
