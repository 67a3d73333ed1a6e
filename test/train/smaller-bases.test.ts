/** @file Smaller models end to end, tiny: trained on, drawn from, and their adapters under other tools' names. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configureAdapter, initialTensors, placeAdapter } from '../../src/adapters/index.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { adapterWithBase } from '../../src/convert/adapter-with-base.ts';
import { pocketFolder } from '../../src/data/pocket.ts';
import { writeForeignAdapter } from '../../src/exchange/index.ts';
import { generate } from '../../src/generate/generate.ts';
import type { FamilyName } from '../../src/models/families.ts';
import { chooseSites } from '../../src/nn/index.ts';
import { openAdapter } from '../../src/pipeline/adapters/adapter-file.ts';
import { makeRandomModel } from '../../src/pipeline/random/random-model.ts';
import { writeFileAtomic } from '../../src/storage/files/atomic-file.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { startRun } from '../../src/train/run.ts';
import { familySites } from '../family-sites.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-smaller-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const now = () => 0;

test('a model of three levels without a middle block learns and draws', async () => {
  const base = join(folder, 'tiny');
  await makeRandomModel({ family: 'bk-sdm-tiny', size: 'tiny', dtype: 'f32', out: base });
  const out = join(folder, 'run');
  const images = join(pocketFolder(), 'subjects', 'teapot');
  const common = { base, images, subject: 'sks teapot', resolution: 64, seed: 3, out };
  const losses: number[] = [];
  const listener = (event: TrainEvent) => void (event.type === 'step' && losses.push(event.loss));
  const options = { adapterOptions: { a1: 2, a2: 2 }, steps: 1 };
  await startRun({ ...common, ...options }, { now, listener });
  expect(losses.map(Number.isFinite)).toEqual([true]);
  const pictures = join(folder, 'pictures');
  await generate(
    { prompt: 'a {subject}', run: out, steps: 1, width: 64, height: 64, out: pictures },
    { now },
  );
  expect((await readdir(pictures)).filter((name) => name.endsWith('.png')).length).toBeGreaterThan(
    0,
  );
});

describe('an adapter that names no base', () => {
  test.each<[FamilyName, 'kohya' | 'diffusers', string[]]>([
    // One layer a level: input block 2i + j + 1, output block 2i + j.
    ['koala-700m', 'kohya', ['input_blocks_3_1', 'input_blocks_5_1', 'output_blocks_2_1']],
    ['ssd-1b', 'kohya', ['output_blocks_2_1_transformer_blocks_9', 'input_blocks_8_1']],
    ['bk-sdm-tiny', 'diffusers', ['up_blocks.2.attentions.1', 'down_blocks.2.attentions.0']],
    ['sdxl', 'kohya', ['middle_block_1_transformer_blocks_9']],
  ])('made for %s is one for it, and written for %s has %s', async (family, tool, modules) => {
    const sites = await familySites(family);
    const adapter = configureAdapter('lora', { rank: 1 });
    const placed = placeAdapter(adapter, chooseSites(sites, ['attention']));
    const tensors = initialTensors(placed, new TorchGenerator(1));
    const base = { name: '', sites: sites.length };
    const file = { placed: [placed], tensors, base };
    const path = join(folder, `${family}-${tool}.safetensors`);
    const [bytes] = writeForeignAdapter(file, tool, { sites }).values();
    if (bytes === undefined) throw new Error('nothing was written');
    for (const module of modules) expect(Buffer.from(bytes).includes(module)).toBe(true);
    await writeFileAtomic(path, bytes);
    const found = await adapterWithBase(await openAdapter(path), { base: undefined, host: {} });
    expect(found.base.name).toBe(family);
  });
});
