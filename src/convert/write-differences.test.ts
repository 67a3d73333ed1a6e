import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { familySites } from '../../test/family-sites.ts';
import {
  type AdapterFile,
  configureAdapter,
  parameterName,
  placeAdapter,
} from '../adapters/index.ts';
import { TorchGenerator } from '../base/torch-random.ts';
import { writeForeignAdapter } from '../exchange/index.ts';
import { chooseSites } from '../nn/index.ts';
import { elementCount, float32 } from '../tensor/tensor.ts';
import { adapterInForm } from './adapter-in-form.ts';
import { writeDifferences } from './write-differences.ts';

const sites = await familySites('sdxl', 'tiny');
const base = {
  sites,
  readWeight: async () => {
    throw new Error('a KronA does not look at weights');
  },
};

const random = new TorchGenerator(0);
const placed = placeAdapter(
  configureAdapter('krona', { a1: 4, a2: 8, layout: 'reference' }),
  chooseSites(sites, ['mid_block.*attn*.to_*']),
);
const file: AdapterFile = {
  placed: [placed],
  tensors: new Map(
    placed.sites.flatMap((site) =>
      placed.adapter.parameters(site).map(({ name, shape }) => {
        const values = random.randn(elementCount(shape));
        return [parameterName(site, name), float32(shape, values)] as const;
      }),
    ),
  ),
  base: { name: 'tiny', sites: sites.length },
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'krona-differences-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['one at a time', 1],
  ['some at a time', 10_000],
  ['all at once', undefined],
])('differences written %s are the file that is written whole', async (how, numbersAtOnce) => {
  const path = join(folder, `${how}.safetensors`);
  const write = { sites, dtype: 'f16' } as const;
  const sized = numbersAtOnce === undefined ? {} : { numbersAtOnce };
  const { errors, placed: read } = await writeDifferences({ path, file, base, write, ...sized });
  const whole = { ...file, ...(await adapterInForm(file, { as: 'diff' }, base)) };
  const [expected] = writeForeignAdapter(whole, 'kohya', write).values();
  expect(Buffer.compare(readFileSync(path), expected ?? new Uint8Array())).toBe(0);
  expect(read.flatMap((each) => each.sites)).toHaveLength(placed.sites.length);
  // Half precision rounds by at most 2⁻¹¹ of each number.
  expect(Math.max(...errors.map(({ error }) => error))).toBeLessThan(2 ** -11);
  expect(Math.min(...errors.map(({ error }) => error))).toBeGreaterThan(0);
});

test('nothing is left where the work is stopped', async () => {
  const path = join(folder, 'stopped.safetensors');
  const signal = AbortSignal.abort(new Error('stopped'));
  const options = { path, file, base, write: { sites } };
  await expect(writeDifferences(options, { signal })).rejects.toThrow('stopped');
  expect(existsSync(path)).toBe(false);
});
