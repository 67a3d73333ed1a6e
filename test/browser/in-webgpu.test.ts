/** @file WebGPU in a browser's tab, on Chromium's adapter in software: training beside Node's, what it takes, and how the engine fails. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { train } from '../../src/index.ts';
import type { DeviceName } from '../../src/runtime/index.ts';
import { readBytes } from '../../src/storage/files/binary-file.ts';
import { chromiumPath, launchChromium } from '../studio/browser.ts';
import { distance, tensorsOf } from './adapter-distance.ts';
import { layerDistance, type RealLayerName, runLayer } from './real-layers.ts';
import { writeSmallModel } from './small-model.ts';
import { type Served, servePage, Tab, type TabEvent } from './tab.ts';

describe.skipIf(chromiumPath === undefined)('on WebGPU in a tab', () => {
  let browser: Browser;
  let engine: Served;
  let folder = '';
  let hasAdapter = false;
  beforeAll(async () => {
    browser = await launchChromium('--enable-unsafe-webgpu');
    engine = await servePage({ isIsolated: false, worker: 'engine-worker' });
    folder = mkdtempSync(join(tmpdir(), 'krona-webgpu-'));
    await using tab = await Tab.open(browser, engine);
    hasAdapter = await tab.page.evaluate(
      'navigator.gpu?.requestAdapter().then((adapter) => adapter !== null) ?? false',
    );
  });
  afterAll(async () => {
    await browser?.close();
    await engine?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a training computes as in Node', async ({ skip }) => {
    if (!hasAdapter) skip('this Chromium has no WebGPU adapter');
    // An adapter in software takes seconds to compile each kind of layer: few of them, in all parts of a model.
    const base = join(folder, 'small');
    mkdirSync(base);
    await writeSmallModel(base);
    const settings = {
      ...{ images: 'pocket/teapot', subject: 'sks teapot' },
      ...{ adapterOptions: { a1: 4, a2: 8 }, steps: 2, batchSize: 1, resolution: 16 },
    };
    await using page = await servePage({ isIsolated: false });
    await using tab = await Tab.open(browser, page);
    await tab.store('/models/small', base);
    const there = await tab.ask('train', {
      ...settings,
      ...{ base: '/models/small', device: 'webgpu', out: '/runs/teapot' },
    });
    expect(there.error).toBeUndefined();
    expect(there.events.find(({ type }) => type === 'started')).toMatchObject({ device: 'webgpu' });
    const out = join(folder, 'teapot');
    const here: TabEvent[] = [];
    const run = train({ ...settings, base, out });
    for await (const event of run) if (event.type === 'step') here.push(event);
    const losses = there.events.filter(({ type }) => type === 'step').map(({ loss }) => loss);
    expect(losses).toHaveLength(2);
    for (const [i, { loss }] of here.entries()) {
      // Other kernels add in another order: about ten float32 epsilons of 1.2e-7 over a whole model.
      expect(Math.abs((losses[i] ?? 0) / loss - 1)).toBeLessThan(1e-5);
    }
    const found = tensorsOf(await tab.read('/runs/teapot/adapter.safetensors'));
    const expected = tensorsOf(await readBytes(join(out, 'adapter.safetensors')));
    // Adam divides small gradients by themselves, so that their differences show whole.
    expect(distance(found, expected)).toBeLessThan(1e-4);
  });

  test('auto passes over an adapter in software, and says its name', async ({ skip }) => {
    if (!hasAdapter) skip('this Chromium has no WebGPU adapter');
    await using tab = await Tab.open(browser, engine);
    const adapter: string | undefined = await tab.page.evaluate(
      `navigator.gpu.requestAdapter().then(({ info }) =>
        info.isFallbackAdapter ? info.vendor + ' ' + info.architecture : undefined)`,
    );
    if (adapter === undefined) skip('this adapter is a graphics processor');
    expect((await tab.ask('chooseDevice', {})).result).toEqual({
      device: 'cpu',
      note: `computing on cpu (cuda: no browser has it; webgpu: its adapter, ${adapter}, is software that computes on the processor)`,
    });
  });

  test('what the adapter takes is asked of it', async ({ skip }) => {
    if (!hasAdapter) skip('this Chromium has no WebGPU adapter');
    await using tab = await Tab.open(browser, engine);
    const told = await tab.page.evaluate(
      `navigator.gpu.requestAdapter().then(({ limits, features }) => ({
        valueBytes: limits.maxStorageBufferBindingSize,
        bufferBytes: limits.maxBufferSize,
        halfFloats: features.has('shader-f16'),
      }))`,
    );
    expect((await tab.ask('limits', {})).result).toEqual(told);
  });

  test('a model in half floats that neither the adapter nor the tab takes is refused before it is downloaded', async ({
    skip,
  }) => {
    if (!hasAdapter) skip('this Chromium has no WebGPU adapter');
    await using page = await servePage({ isIsolated: false });
    await using tab = await Tab.open(browser, page, { HF_ENDPOINT: 'http://127.0.0.1:1' });
    const halves = "requestAdapter().then(({ features }) => features.has('shader-f16'))";
    if (await tab.page.evaluate(`navigator.gpu.${halves}`)) skip('this adapter has half floats');
    const base = 'stable-diffusion-v1-5/stable-diffusion-v1-5:fp16';
    const drawing = { base, device: 'webgpu', prompt: 'a dog', out: '/pictures' };
    const training = { base, device: 'webgpu', images: 'pocket/teapot', subject: 'sks teapot' };
    for (const { error } of [
      await tab.ask('generate', drawing),
      await tab.ask('train', { ...training, out: '/runs/a' }),
    ]) {
      expect(error).toMatchObject({ code: 'DEVICE_LIMITS' });
      expect(error?.message).toMatch(/the UNet is 1.72 GB in half precision.*`device: cpu`/);
    }
  });

  /** How far a layer in the tab is from Node's. */
  async function layerIn(
    tab: Tab,
    asked: { name: RealLayerName; device: DeviceName; isLeast: boolean },
  ) {
    const expected = await runLayer(asked.name, 'cpu', async (file, bytes) => {
      writeFileSync(join(folder, file), bytes);
      return folder;
    });
    const { result, error } = await tab.ask('layer', asked);
    expect(error).toBeUndefined();
    return layerDistance(result, expected);
  }

  test('rows of a table larger than a device is bound to take in one piece are right', async ({
    skip,
  }) => {
    if (!hasAdapter) skip('this Chromium has no WebGPU adapter');
    await using tab = await Tab.open(browser, engine);
    expect(await layerIn(tab, { name: 'tokens', device: 'webgpu', isLeast: true })).toBe(0);
  });

  test('the largest matrices of Stable Diffusion 1.5, and back, are right on WebAssembly', async () => {
    await using tab = await Tab.open(browser, engine);
    // 1.8e-7 was measured: sums of 1,280 and 10,240 float32 in another order.
    const asked = { name: 'feedForward', device: 'cpu', isLeast: false } as const;
    expect(await layerIn(tab, asked)).toBeLessThan(1e-6);
  });

  test('sessions that are asked for at once are opened one after the other', async ({ skip }) => {
    if (!hasAdapter) skip('this Chromium has no WebGPU adapter');
    await using tab = await Tab.open(browser, engine);
    expect((await tab.ask('productsAtOnce', {})).result).toEqual([256, 256, 256]);
  });

  test('a device that is lost is an error with a code, and the next session has another one', async ({
    skip,
  }) => {
    if (!hasAdapter) skip('this Chromium has no WebGPU adapter');
    await using tab = await Tab.open(browser, engine);
    expect((await tab.ask('loseDevice', {})).error).toMatchObject({
      code: 'DEVICE_LOST',
      message: expect.stringContaining('go on from the last checkpoint'),
    });
    expect((await tab.ask('product', {})).result).toBe(256);
  });

  test('memory that runs out is an error with a code', async ({ skip }) => {
    if (!hasAdapter) skip('this Chromium has no WebGPU adapter');
    await using tab = await Tab.open(browser, engine);
    const { result } = await tab.ask('exhaustMemory', {});
    expect(result).toEqual(['OUT_OF_MEMORY', 'OUT_OF_MEMORY']);
  });
});
