/** @file Sizes without reason are refused at once, with what is possible, and nothing is written. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jsonLines, krona } from './terminal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-bounds-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const training = ['train', '--images', 'models/pocket/subjects/teapot', '--subject', 'sks teapot'];
const drawing = ['generate', '--prompt', 'a teapot'];

test.each([
  [training, ['--batch-size', '400000'], 'FLAG_VALUE', 'at most 65536'],
  [training, ['--batch-size', '65536', '--memory', '400MB'], 'MEMORY_TOO_SMALL', 'largest batch'],
  [training, ['--memory', '8 pounds'], 'FLAG_VALUE', 'a size such as 8GB, 500MB'],
  [training, ['--resolution', '80000', '--memory', '400MB'], 'MEMORY_TOO_SMALL', 'resolution'],
  [training, ['--resolution', '100000'], 'MEMORY_TOO_SMALL', 'largest resolution that fits'],
  [training, ['--noise-offset', '1e9'], 'FLAG_VALUE', 'at most 1'],
  [drawing, ['--guidance', '1e300'], 'FLAG_VALUE', 'at most 1000'],
  [drawing, ['--count', '100000000'], 'FLAG_VALUE', 'at most 100000'],
  [drawing, ['--width', '80000', '--height', '80000'], 'MEMORY_TOO_SMALL', 'largest size'],
  [drawing, ['--seed', '9007199254740991', '--count', '2'], 'SEED_TOO_LARGE', '9007199254740990'],
  [drawing, ['--seed', '9007199254740992'], 'FLAG_VALUE', 'seed'],
])('%j with %j is %s', async (command, flags, code, said) => {
  const { code: exit, err } = await krona([...command, ...flags, '--out', join(folder, 'out')]);
  expect(exit).not.toBe(0);
  expect(err).toContain(`[${code}]`);
  expect(err).toContain(said);
  expect(await readdir(folder)).toEqual([]);
});

test('more pictures than are held together are drawn, each once', async () => {
  const out = join(folder, 'out');
  const sides = ['--width', '32', '--height', '32'];
  const flags = [...sides, '--steps', '1', '--count', '70', '--batch-size', '10', '--json'];
  const { code, out: said } = await krona([...drawing, ...flags, '--out', out]);
  expect(code).toBe(0);
  const names = await readdir(out);
  expect(names.sort()).toEqual(
    [
      ...Array.from({ length: 70 }, (_, i) => `${String(i + 1).padStart(4, '0')}-seed${i}.png`),
      'sheet.png',
    ].sort(),
  );
  const steps = jsonLines(said).filter(({ type }) => type === 'step');
  expect(steps.at(-1)).toMatchObject({ done: 70, total: 70, pictures: 70 });
});
