import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { constantsAt } from '../../../test/contract/prepare-adapter.ts';
import { attach, configureAdapter, parameterName } from '../../adapters/index.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { constant, input, linear } from '../../graph/index.ts';
import type { ModelWeights } from '../../models/weights.ts';
import type { Site } from '../../nn/index.ts';
import { trimCache } from '../../storage/cache-folder.ts';
import { openSafetensors } from '../../storage/weights/safetensors-file.ts';
import { relativeL2 } from '../../tensor/linear-algebra/host-matrices.ts';
import { float32 } from '../../tensor/tensor.ts';
import { openNetwork } from '../network/open-network.ts';
import { withConstants } from './adapted-weights.ts';
import { ConstantStore } from './constant-store.ts';
import { ConstantsProcesses } from './constants-processes.ts';
import { readConstants } from './site-constants.ts';

const folder = mkdtempSync(join(tmpdir(), 'constants-'));
const environment = { KRONA_CACHE: join(folder, 'cache') };
const cached = join(folder, 'cache', 'constants');
afterEach(() => rmSync(join(folder, 'cache'), { recursive: true, force: true }));

const adapter = configureAdapter('svdiff', {});
const generator = new TorchGenerator(2);
// Large enough to be kept: 256² numbers.
const site: Site = { name: 'layer', kind: 'linear', out: 256, in: 300 };
const weight = float32([site.out, site.in], generator.randn(site.out * site.in));
const expected = constantsAt({ adapter }, site, () => weight);

/** Constants of the site, and whether they had to be computed. */
async function open(signal?: AbortSignal) {
  let computed = false;
  await using store = new ConstantStore({
    ...{ environment, signal },
    onStart: () => {
      computed = true;
    },
  });
  const constants = await store.of(adapter, site, weight);
  return { constants, computed };
}

test('are computed once, and found by every later start', async () => {
  const first = await open();
  expect(first.computed).toBe(true);
  expect(readdirSync(cached)).toHaveLength(1);
  const second = await open();
  expect(second.computed).toBe(false);
  expect(second.constants).toEqual(first.constants);
});

test('are other ones for another weight', async () => {
  await open();
  await using store = new ConstantStore({ environment });
  await store.of(adapter, site, float32(weight.shape, generator.randn(weight.data.length)));
  expect(readdirSync(cached)).toHaveLength(2);
});

test('are computed anew where a file is damaged', async () => {
  await open();
  const [name = ''] = readdirSync(cached);
  writeFileSync(join(cached, name), 'half a file');
  expect((await open()).computed).toBe(true);
  expect((await open()).computed).toBe(false);
});

test('of an interrupted computation leave nothing behind', async () => {
  const reason = new Error('stopped');
  await expect(open(AbortSignal.abort(reason))).rejects.toBe(reason);
  await expect(async () => readdirSync(cached)).rejects.toThrow('ENOENT');
});

test('of several sites are computed side by side in processes, as they are here', async () => {
  const other = float32(weight.shape, generator.randn(weight.data.length));
  const wide = constantsAt({ adapter }, site, () => other);
  await using store = new ConstantStore({ environment }, new ConstantsProcesses());
  const found = await Promise.all([weight, other].map((each) => store.of(adapter, site, each)));
  for (const [i, values] of [expected, wide].entries()) {
    const read = await readConstants(found[i] ?? {});
    expect(Object.keys(read)).toEqual(Object.keys(values));
    // Of vectors the sign is free.
    for (const name of ['values', 'reciprocals']) {
      const empty = float32([0]);
      // Sums in another order.
      expect(relativeL2(read[name] ?? empty, values[name] ?? empty)).toBeLessThan(1e-6);
    }
  }
  expect(readdirSync(cached)).toHaveLength(2);
});

test('that cannot be computed in a process say why', async () => {
  await using processes = new ConstantsProcesses();
  const path = join(folder, 'nowhere', 'constants.safetensors');
  const task = { method: 'svdiff', options: {}, site, weight, path };
  await expect(processes.compute(task, undefined)).rejects.toMatchObject({
    code: 'FOLDER_NOT_FOUND',
  });
  const reason = new Error('stopped');
  const stopping = new AbortController();
  const stopped = processes.compute(task, stopping.signal);
  stopping.abort(reason);
  await expect(stopped).rejects.toBe(reason);
});

test('are read in place by a session, as they are from memory', async () => {
  const path = join(folder, 'model.safetensors');
  writeFileSync(path, encodeSafetensors([['layer.weight', weight]]));
  const { header, path: file } = await openSafetensors(path);
  const [entry] = header.entries.values();
  const weights: ModelWeights = {
    what: 'layer',
    folder,
    places: new Map(entry === undefined ? [] : [['layer.weight', { entry, file }]]),
    totalBytes: weight.data.byteLength,
  };
  const shifts = float32([site.out], generator.randn(site.out));
  const x = float32([5, site.in], generator.randn(5 * site.in));
  const results = [];
  for (const own of [(await open()).constants, expected]) {
    const placed = { adapter, sites: [site], constants: new Map([[site.name, own]]) };
    await using session = await openNetwork(withConstants(weights, [placed]), (graph) => {
      const fixed = new Map([[parameterName(site, 'shifts'), shifts]]);
      const { hook } = attach(graph, [{ placed, fixed }]);
      const given = input(graph, 'x', 'f32', x.shape);
      const frozen = constant(graph, weight);
      return { y: hook.product?.(site, given, frozen) ?? linear(given, frozen) };
    });
    results.push((await session.run({ x })).get('y'));
  }
  const [placedInFile, inMemory] = results;
  // Sums of the decomposition in another order: plain loops against ONNX Runtime's products.
  if (placedInFile && inMemory) expect(relativeL2(placedInFile, inMemory)).toBeLessThan(1e-5);
  expect(results).toHaveLength(2);
});

test('stay within a size: those used longest ago go first', async () => {
  await open();
  const [name = ''] = readdirSync(cached);
  const old = join(cached, 'old.safetensors');
  writeFileSync(old, Buffer.alloc(1000));
  const { size } = statSync(join(cached, name));
  const used = new Date(2001, 0);
  utimesSync(old, used, used);
  await trimCache(cached, size + 1000, new Set(), 2);
  expect(readdirSync(cached)).toHaveLength(2);
  await trimCache(cached, size + 999, new Set());
  expect(readdirSync(cached)).toEqual([name]);
  await trimCache(cached, 0, new Set([join(cached, name)]));
  expect(readdirSync(cached)).toEqual([name]);
  await trimCache(cached, size, new Set(), 0);
  expect(readdirSync(cached)).toEqual([]);
});
