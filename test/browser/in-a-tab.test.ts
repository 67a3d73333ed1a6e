/** @file Training and drawing in a browser's tab, beside the same in Node. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/data/image.ts';
import { generate, inspect, type TrainOptions, train } from '../../src/index.ts';
import { fixturePath } from '../fixtures.ts';
import { chromiumPath, launchForShortWork } from '../studio/browser.ts';
import { distance, tensorsOf } from './adapter-distance.ts';
import { writeSmallModel } from './small-model.ts';
import { type Served, servePage, Tab, type TabEvent } from './tab.ts';

const pictures = join(import.meta.dirname, '../../models/pocket/subjects/teapot');
const files = readdirSync(pictures).map((name) => join(pictures, name));

describe.skipIf(chromiumPath === undefined)('in a tab', () => {
  let browser: Browser;
  let plain: Served;
  /** That trains by one method after the other. */
  let trainer: Tab;
  let folder = '';
  /** A small model's folder, by the same path in the tabs that store it. */
  let small = '';
  beforeAll(async () => {
    browser = await launchForShortWork();
    plain = await servePage({ isIsolated: false });
    trainer = await Tab.open(browser, plain);
    folder = mkdtempSync(join(tmpdir(), 'krona-tab-'));
    small = join(folder, 'small');
    mkdirSync(small);
    await writeSmallModel(small);
    await trainer.store(small, small);
  });
  afterAll(async () => {
    await browser?.close();
    await plain?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const methods: readonly Pick<TrainOptions, 'adapter' | 'adapterOptions'>[] = [
    { adapter: 'krona' },
    // LoRA below.
    { adapter: 'lokr' },
    { adapter: 'textual-inversion' },
  ];

  test.each(methods)(
    '$adapter: dropped pictures, a training, an adapter, as in Node',
    async (method) => {
      const settings = {
        // The bundled one once; methods differ as much on one of few layers.
        ...{ ...method, base: method.adapter === 'krona' ? 'pocket' : small },
        subject: 'sks teapot',
        ...{ steps: 2, batchSize: 1, resolution: 32 },
      };
      const out = join(folder, String(method.adapter));
      const outThere = `/runs/${method.adapter}`;
      const images = await trainer.drop('teapot', files);
      const there = await trainer.ask('train', { ...settings, images, out: outThere });
      expect(there.error).toBeUndefined();
      const here: TabEvent[] = [];
      const run = train({ ...settings, images: pictures, out } as TrainOptions);
      for await (const event of run) if (event.type === 'step') here.push(event);
      const losses = there.events.filter(({ type }) => type === 'step').map(({ loss }) => loss);
      expect(losses).toHaveLength(2);
      for (const [i, { loss }] of here.entries()) {
        // Other kernels add in another order: about ten float32 epsilons of 1.2e-7 over a whole model.
        expect(Math.abs((losses[i] ?? 0) / loss - 1)).toBeLessThan(1e-5);
      }
      const adapter = await trainer.read(`${outThere}/adapter.safetensors`);
      const file = join(folder, `${method.adapter}.safetensors`);
      writeFileSync(file, adapter);
      const ours = tensorsOf(readFileSync(join(out, 'adapter.safetensors')));
      // Adam divides small gradients by themselves, so that their differences show whole.
      expect(distance(tensorsOf(adapter), ours)).toBeLessThan(1e-4);
      expect(await inspect(file)).toMatchObject({
        kind: 'adapter',
        adapters: [expect.objectContaining({ method: method.adapter })],
      });
      if (method.adapter !== 'krona') return;
      const drawing = {
        adapter: [file],
        base: 'pocket',
        prompt: 'a sks teapot',
        steps: 2,
        count: 1,
        seed: 1,
      };
      const taken = [`${outThere}/adapter.safetensors`];
      const inTab = { ...drawing, adapter: taken, out: '/pictures' };
      expect(await trainer.ask('generate', inTab)).toMatchObject({
        result: { pictures: ['/pictures/0001-seed1.png'] },
      });
      const drawn = await decodeImage(
        await trainer.read('/pictures/0001-seed1.png'),
        'the picture of the tab',
      );
      const [picture] = (await generate(drawing)).pictures;
      const expected = await decodeImage(picture?.png ?? new Uint8Array(), 'the picture of Node');
      expect(worst(drawn.data, expected.data)).toBeLessThanOrEqual(1);
    },
  );

  test('a picture of a phone is read, which Chromium itself does not know', async () => {
    const folder = await trainer.drop('phone', [fixturePath('heic/p3.heic')]);
    const { result, error } = await trainer.ask('inspect', { path: `${folder}/p3.heic` });
    expect(error).toBeUndefined();
    expect(result).toMatchObject({ kind: 'picture', width: 64, height: 48 });
  });

  const short = () => ({
    ...{ base: small, images: 'pocket/teapot', subject: 'sks teapot', adapter: 'lora' },
    ...{ steps: 4, checkpointEvery: 2, batchSize: 1, resolution: 32 },
  });

  test('closed in the middle, a run goes on from its checkpoint, also one that began in Node', async () => {
    await using tab = await Tab.open(browser, plain);
    await tab.store(small, small);
    const whole = await tab.ask('train', { ...short(), out: '/runs/whole' });
    expect(whole.result).toMatchObject({ step: 4, interrupted: false });
    const expected = await tab.read('/runs/whole/adapter.safetensors');
    await tab.begin('train', { ...short(), out: '/runs/cut' }, 'checkpoint');
    await expect.poll(() => tab.events(), { timeout: 60_000 }).toContain('checkpoint');
    await tab.page.reload();
    const { events, result } = await tab.ask('resume', { run: '/runs/cut' });
    expect(events.find(({ type }) => type === 'started')).toMatchObject({ fromStep: 2 });
    expect(result).toMatchObject({ step: 4, interrupted: false });
    expect(await tab.read('/runs/cut/adapter.safetensors')).toEqual(expected);

    const out = join(folder, 'begun');
    const stop = new AbortController();
    const listener = ({ type }: { readonly type: string }) => type === 'checkpoint' && stop.abort();
    await train({ ...short(), out } as TrainOptions, { listener, signal: stop.signal });
    await tab.store('/runs/begun', out);
    const continued = await tab.ask('resume', { run: '/runs/begun' });
    expect(continued.error).toBeUndefined();
    // It finished the step that it was in.
    expect(continued.result).toMatchObject({ fromStep: 3, step: 4 });
    const ended = tensorsOf(await tab.read('/runs/begun/adapter.safetensors'));
    expect(distance(ended, tensorsOf(expected))).toBeLessThan(1e-4);
  });

  test.each([
    [
      'package',
      'packageFiles',
      /models\/files\.json of this package at http\S+, got a page; serve/,
    ],
    [
      'runtime',
      'runtimeFiles',
      /onnxruntime-web's folder dist \(http\S+\/runtime\/\), which did not/,
    ],
  ] as const)('without the files of %s, it says to give %s', async (without, setting, said) => {
    await using lacking = await servePage({ isIsolated: false, without });
    await using tab = await Tab.open(browser, lacking);
    const { error } = await tab.ask('train', {
      ...{ ...short(), base: 'pocket' },
      out: '/runs/lacking',
    });
    expect(error).toMatchObject({ code: 'NOT_SERVED', message: expect.stringMatching(said) });
    expect(error?.message).toContain(`\`${setting}\` of setUpBrowser()`);
  });

  test('a file that is replaced again and again is there whenever it is read', async () => {
    await using tab = await Tab.open(browser, plain);
    const found = await tab.readWhileReplaced('/replaced', 50);
    expect(found.length).toBeGreaterThan(1);
    expect(Math.max(...found)).toBe(50);
  });

  test('with threads, on a page that is isolated, it computes the same', async () => {
    await using isolated = await servePage({ isIsolated: true });
    await using tab = await Tab.open(browser, isolated);
    expect(await tab.page.evaluate('crossOriginIsolated')).toBe(true);
    await tab.store(small, small);
    await tab.ask('train', { ...short(), out: '/runs/threads' });
    const out = join(folder, 'threads');
    await train({ ...short(), out } as TrainOptions);
    const found = tensorsOf(await tab.read('/runs/threads/adapter.safetensors'));
    const expected = tensorsOf(readFileSync(join(out, 'adapter.safetensors')));
    expect(distance(found, expected)).toBeLessThan(1e-4);
  });
});

function worst(found: Uint8Array, expected: Uint8Array): number {
  expect(found).toHaveLength(expected.length);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[i] ?? 0))), 0);
}
