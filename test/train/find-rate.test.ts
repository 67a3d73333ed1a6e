/** @file A search for a learning rate: it measures the same each time, keeps nothing, and ends where the loss diverges. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FoundRate, findRate } from '../../src/train/rates/find-rate.ts';
import { krona } from '../cli/terminal.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-rate-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('rates rise by one factor until the loss is four times the least', async () => {
  const picture = join(folder, 'rates.svg');
  const flags = ['--images', 'pocket/teapot', '--subject', 'sks teapot', '--batch-size', '1'];
  const search = ['--steps', '10', '--samples', '2', '--lowest', '1e-6', '--highest', '1000'];
  const written = ['--out', picture, '--json', '--quiet'];
  const { code, out } = await krona(['find-rate', ...flags, ...search, ...written]);
  expect(code).toBe(0);
  const { points, startLoss, diverged } = JSON.parse(out) as FoundRate;
  expect(diverged).toBe(true);
  expect(points.length).toBeLessThan(10);
  const rates = points.map(({ learningRate }) => learningRate);
  expect(rates[0]).toBe(1e-6);
  expect((rates[2] ?? 0) / (rates[1] ?? 1)).toBeCloseTo(10, 6);
  // A rate of a millionth changes next to nothing, and what is measured on does not change at all.
  expect(points[0]?.loss).toBeCloseTo(startLoss, 5);
  expect(await readFile(picture, 'utf8')).toContain('Loss over a rising learning rate');
  expect(await readdir(folder)).toEqual(['rates.svg']);
});

test('what cannot be searched is refused', async () => {
  await writeFile(join(folder, 'there.svg'), '');
  const options = { images: 'pocket/teapot', subject: 'sks teapot' };
  const refused = async (more: object, code: string) =>
    await expect(findRate({ ...options, ...more }, { now: () => 0 })).rejects.toMatchObject({
      code,
    });
  await refused({ lowest: 1, highest: 0.1 }, 'RATE_RANGE');
  await refused({ out: join(folder, 'there.svg') }, 'OUT_EXISTS');
  await refused({ out: join(folder, 'run') }, 'OUT_FORMAT');
  await refused({ learningRate: 0.1 }, 'UNKNOWN_SETTING');
});
