/** @file Every parameter that a run trains has a gradient: each preset of targets, family and method, and files of other tools. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AdapterName,
  adapters,
  configureAdapter,
  decodeAdapterFile,
  initialTensors,
  type PlacedAdapter,
  placeAdapter,
} from '../../src/adapters/index.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { writeForeignAdapter } from '../../src/exchange/index.ts';
import { gradientName, segmentStep } from '../../src/graph/index.ts';
import type { FamilyName } from '../../src/models/families.ts';
import { chooseSites, type Site, targetPresets } from '../../src/nn/index.ts';
import { openAdapter } from '../../src/pipeline/adapters/adapter-file.ts';
import { idleSites } from '../../src/pipeline/adapters/idle-sites.ts';
import { baseSites } from '../../src/pipeline/adapters/site-weights.ts';
import type { BaseModel } from '../../src/pipeline/base/base-model.ts';
import { openBaseModel } from '../../src/pipeline/base/open-base.ts';
import { makeRandomModel } from '../../src/pipeline/random/random-model.ts';
import { float32 } from '../../src/tensor/tensor.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { resolveConfig } from '../../src/train/resolve-options.ts';
import { startRun } from '../../src/train/run.ts';
import { StepProgram } from '../../src/train/step-program.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { planTraining } from '../../src/train/training-plan.ts';

const families = ['sd15', 'sd21', 'sdxl', 'sdxl-refiner'] as const satisfies FamilyName[];
const images = join(pocketFolder(), 'subjects', 'teapot');
const now = () => 0;

/** Options that divide the sizes of tiny models. */
const optionsOf: Partial<Record<AdapterName, Readonly<Record<string, unknown>>>> = {
  krona: { a1: 2, a2: 2 },
  lora: { rank: 2, dora: true },
  lokr: { rank: 2 },
  loha: { rank: 2 },
  oft: { blockSize: 4 },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-targets-'));
  for (const family of families) {
    await makeRandomModel({ family, size: 'tiny', dtype: 'f32', out: join(folder, family) });
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function options(base: string, more: Partial<TrainOptions> = {}): TrainOptions {
  const common = { images, subject: 'sks teapot', resolution: 64, steps: 1, seed: 3 };
  return { base: join(folder, base), out: join(folder, 'run'), ...common, ...more };
}

/** With constants of the right shapes: what they hold decides no gradient's path. */
function withBlankConstants(placed: PlacedAdapter): PlacedAdapter {
  const { constants: rule } = placed.adapter;
  if (rule === undefined) return placed;
  const blank = (site: Site) =>
    Object.entries(rule.shapes(site)).map(([name, shape]) => [name, float32(shape)] as const);
  const constants = placed.sites.map(
    (site) => [site.name, Object.fromEntries(blank(site))] as const,
  );
  return { ...placed, constants: new Map(constants) };
}

/** Parameters that a run would train, and those that its step gives gradients of. */
async function trainedAndDerived(base: BaseModel, family: string, more: Partial<TrainOptions>) {
  const config = resolveConfig(options(family, more), base.recommendation);
  const plan = planTraining(config, base);
  const placed = plan.placed.map(withBlankConstants);
  const { step } = StepProgram.plan(base, { ...plan, placed });
  const [whole] = segmentStep(step, 1);
  const prefix = gradientName('');
  const derived = Object.keys(whole?.backward?.outputs ?? {})
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  return { trained: [...plan.trained].sort(), derived: derived.sort() };
}

// BLIP-Diffusion needs a base with a Q-former; what it trains there, its own tests look at.
const methods = (Object.keys(adapters) as AdapterName[]).filter(
  (name) => name !== 'blip-diffusion',
);
const presets = Object.keys(targetPresets);

describe.each(families)('on %s, all that is trained has a gradient:', (family) => {
  let base: BaseModel;
  beforeAll(async () => {
    base = await openBaseModel(join(folder, family));
  });

  test.each(presets)('at the targets %s', async (target) => {
    const more = { adapterOptions: optionsOf.krona ?? {}, targets: [target] };
    const { trained, derived } = await trainedAndDerived(base, family, more);
    expect(trained.length).toBeGreaterThan(0);
    expect(derived).toEqual(trained);
  });

  // A parameter's path to the loss is the same whatever else is trained, so that all presets may be asked at once.
  test.each(methods)('by %s at all of them', async (adapter) => {
    const targets = adapter === 'textual-inversion' ? ['*.token_embedding'] : presets;
    const more = { adapter, adapterOptions: optionsOf[adapter] ?? {}, targets };
    const { trained, derived } = await trainedAndDerived(base, family, more);
    expect(trained.length).toBeGreaterThan(0);
    expect(derived).toEqual(trained);
  });
});

describe('sites that the loss does not depend on', () => {
  const last = 'text_encoder.text_model.encoder.layers.1.';

  test('are the last layer and norm of an encoder whose last but one state is taken', async () => {
    const idle = [...idleSites(await openBaseModel(join(folder, 'sdxl')))];
    const norm = 'text_encoder.text_model.final_layer_norm.';
    expect(idle.length).toBe(18); // 6 matrices, as many biases, 3 norms of 2 vectors
    expect(idle.filter((name) => !name.startsWith(last) && !name.startsWith(norm))).toEqual([]);
    for (const family of ['sd15', 'sd21', 'sdxl-refiner'] as const) {
      expect(idleSites(await openBaseModel(join(folder, family))).size).toBe(0);
    }
  });

  test('are not chosen, which the run says', async () => {
    const events: TrainEvent[] = [];
    const out = join(folder, 'sdxl-text');
    const targets = ['text-encoder', 'mid_block.*.attn2.to_k'];
    const given = options('sdxl', { out, adapter: 'lora', targets });
    await startRun(given, { now, listener: (event) => events.push(event) });
    const { placed, tensors } = await adapterOf(out);
    const names = placed.flatMap(({ sites }) => sites.map(({ name }) => name));
    expect(names.filter((name) => name.startsWith('text_encoder.')).length).toBe(4);
    expect(names.filter((name) => name.startsWith('text_encoder_2.')).length).toBe(8);
    expect(names.filter((name) => name.startsWith(last))).toEqual([]);
    const ups = [...tensors].filter(([name]) => name.endsWith('.B'));
    expect(ups.length).toBe(names.length);
    for (const [name, { data }] of ups) {
      expect([name, data.some((value) => value !== 0)]).toEqual([name, true]);
    }
    expect(events.find(({ type }) => type === 'started')).toMatchObject({
      notes: [expect.stringContaining('4 sites of the targets are left out')],
    });
  });

  test('are refused where there are no others', async () => {
    const given = options('sdxl', { targets: [`${last}*`] });
    await expect(startRun(given, { now })).rejects.toMatchObject({
      code: 'IDLE_SITES',
      message: expect.stringContaining('none that its UNet'),
    });
  });

  test('of another tool’s file are kept unchanged, beside those that are trained', async () => {
    const base = await openBaseModel(join(folder, 'sdxl'));
    const sites = baseSites(base);
    const adapter = configureAdapter('lora', { rank: 2 });
    const chosen = placeAdapter(adapter, chooseSites(sites, ['text-encoder', 'attention']));
    const generator = new TorchGenerator(7);
    const drawn = [...initialTensors(chosen, generator)].map(([name, value]) => {
      const data = generator.randn(value.data.length).map((number) => number / 50);
      return [name, { ...value, data }] as const;
    });
    const file = {
      placed: [chosen],
      tensors: new Map(drawn),
      base: { name: 'sdxl', sites: sites.length },
    };
    const init = join(folder, 'kohya.safetensors');
    for (const bytes of writeForeignAdapter(file, 'kohya', { sites }).values()) {
      await writeFile(init, bytes);
    }
    const before = (await openAdapter(init)).on(sites).file.tensors;
    const events: TrainEvent[] = [];
    const out = join(folder, 'continued');
    // A decay that would be seen in one step.
    const given = options('sdxl', {
      init,
      out,
      weightDecay: 0.5,
      learningRate: 0.01,
      emaDecay: 0.5,
    });
    await startRun(given, { now, listener: (event) => events.push(event) });
    const after = (await adapterOf(out)).tensors;
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [name, { data }] of after) {
      const isSame = data.every((value, i) => value === before.get(name)?.data[i]);
      expect([name, isSame]).toEqual([name, name.startsWith(last)]);
    }
    expect(events.find(({ type }) => type === 'started')).toMatchObject({
      notes: [expect.stringMatching(/^4 sites of .*kohya.safetensors stay as they are/)],
    });
    const { config } = JSON.parse(await readFile(join(out, 'run.json'), 'utf8'));
    expect(config.targets).toEqual(['attention', 'text-encoder']);
  });
});

async function adapterOf(run: string) {
  const path = join(run, 'adapter.safetensors');
  return decodeAdapterFile(await readFile(path), path);
}
