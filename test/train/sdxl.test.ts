/** @file Stable Diffusion XL end to end, tiny: a folder with two text encoders is trained on, resumed and drawn from. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blankImage, decodeImage, encodePng } from '../../src/data/image.ts';
import { generate } from '../../src/generate/generate.ts';
import { openSafetensors } from '../../src/storage/weights/safetensors-file.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { resumeRun, startRun } from '../../src/train/run.ts';
import type { TrainOptions } from '../../src/train/train-options.ts';
import { fixturePath } from '../fixtures.ts';
import { networks } from './networks.ts';

/** Where each part of the model comes from. */
const parts = {
  unet: 'unet-sdxl',
  vae: 'vae-sdxl',
  text_encoder: 'clip-text',
  text_encoder_2: 'openclip-text-proj',
  tokenizer: 'clip-tokenizer/tokenizer',
  tokenizer_2: 'clip-tokenizer/tokenizer_pad_bang',
};

const index = {
  _class_name: 'StableDiffusionXLPipeline',
  force_zeros_for_empty_prompt: true,
  unet: ['diffusers', 'UNet2DConditionModel'],
  vae: ['diffusers', 'AutoencoderKL'],
  text_encoder: ['transformers', 'CLIPTextModel'],
  text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'],
  tokenizer: ['transformers', 'CLIPTokenizer'],
  tokenizer_2: ['transformers', 'CLIPTokenizer'],
  scheduler: ['diffusers', 'EulerDiscreteScheduler'],
};

let folder: string;
let base: string;
let milliseconds = 0;
const now = () => milliseconds++;
const host = { now, networks };

async function writeModel(path: string, changed: object = {}): Promise<void> {
  for (const [part, from] of Object.entries(parts)) {
    await cp(fixturePath(from), join(path, part), { recursive: true });
  }
  await mkdir(join(path, 'scheduler'));
  await cp(
    fixturePath('unet-sdxl/scheduler_config.json'),
    join(path, 'scheduler/scheduler_config.json'),
  );
  await writeFile(join(path, 'model_index.json'), JSON.stringify({ ...index, ...changed }));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-sdxl-'));
  base = join(folder, 'tiny-xl');
  await writeModel(base);
  await mkdir(join(folder, 'pictures'));
  const sizes = { a: [96, 64], b: [64, 200] } as const;
  for (const [name, [width, height]] of Object.entries(sizes)) {
    const path = join(folder, 'pictures', `${name}.png`);
    await writeFile(path, await encodePng(blankImage(width, height)));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function options(name: string, more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    base,
    images: join(folder, 'pictures'),
    subject: 'sks dog',
    adapterOptions: { a1: 4, a2: 2 },
    // Some of the sites, near the output: the backward pass stays short.
    targets: ['up_blocks.1.*'],
    resolution: 64,
    steps: 2,
    batchSize: 1,
    checkpointEvery: 1,
    seed: 3,
    out: join(folder, name),
    ...more,
  };
}

const adapterOf = (run: string) => join(folder, run, 'adapter.safetensors');

describe('Stable Diffusion XL', () => {
  test('is trained on; interrupted and resumed, the result is the same byte for byte', async () => {
    const losses: number[] = [];
    const listener = (event: TrainEvent) => {
      if (event.type === 'step') losses.push(event.loss, event.gradientNorm);
    };
    await startRun(options('whole'), { ...host, listener });
    expect(losses.every((value) => Number.isFinite(value) && value > 0)).toBe(true);
    const controller = new AbortController();
    const stop = (event: TrainEvent) => {
      if (event.type === 'step') controller.abort();
    };
    const cut = await startRun(options('cut'), {
      ...host,
      listener: stop,
      signal: controller.signal,
    });
    expect(cut).toMatchObject({ interrupted: true, step: 1 });
    await resumeRun(join(folder, 'cut'), host);
    expect(await readFile(adapterOf('cut'))).toEqual(await readFile(adapterOf('whole')));
  });

  test('is told the size of each picture and where its crop begins', async () => {
    const tensors = await (
      await openSafetensors(join(folder, 'whole/dataset.safetensors'))
    ).readAll();
    const numbers = (name: string) => [...(tensors.get(name)?.data ?? [])];
    // Height, width, top, left, target height, target width; the shorter side is 64 already.
    expect(numbers('subject.0.framing')).toEqual([64, 96, 0, 16, 64, 64]);
    expect(numbers('subject.1.framing')).toEqual([200, 64, 68, 0, 64, 64]);
    expect(tensors.get('subject.text.0.states')?.shape).toEqual([1, 77, 96]);
    expect(tensors.get('subject.text.0.pooled')?.shape).toEqual([1, 24]);
  });

  test('draws pictures with the adapter', async () => {
    const { pictures } = await generate(
      {
        run: join(folder, 'whole'),
        prompt: 'a {subject} in the snow',
        count: 1,
        steps: 2,
        width: 64,
        height: 64,
        out: join(folder, 'pictures-of-it'),
      },
      host,
    );
    const [path = ''] = pictures;
    expect(await decodeImage(await readFile(path), path)).toMatchObject({ width: 64, height: 64 });
  });

  test('and Stable Diffusion 1.x refuse each other’s adapters', async () => {
    const draw = (adapter: string, model: string) =>
      generate(
        { adapter: [adapter], base: model, prompt: 'a dog', steps: 1, out: join(folder, 'none') },
        host,
      );
    await expect(draw(adapterOf('whole'), 'pocket')).rejects.toMatchObject({
      code: 'ADAPTER_BASE',
    });
    const pocket = options('pocket', { base: 'pocket', steps: 1, targets: ['attn2.*'] });
    await startRun(pocket, host);
    await expect(draw(adapterOf('pocket'), base)).rejects.toMatchObject({ code: 'ADAPTER_BASE' });
  });

  test('with one text encoder of the two is refused by what is missing', async () => {
    const half = join(folder, 'half');
    await writeModel(half, { text_encoder: [null, null], tokenizer: [null, null] });
    await expect(startRun(options('half-run', { base: half }), host)).rejects.toMatchObject({
      code: 'PARTS_DIFFER',
      message: expect.stringContaining('size 96, the text encoder gives 48'),
    });
  });
});
