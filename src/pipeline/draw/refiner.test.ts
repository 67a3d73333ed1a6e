import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import type { Image } from '../../data/image.ts';
import { imagesFromTensor } from '../../data/transforms.ts';
import { combination } from '../../diffusion/combination.ts';
import { createSampler, type SamplerName } from '../../diffusion/samplers/index.ts';
import type { SchedulerSettings } from '../../diffusion/scheduler-config.ts';
import { drawNormal } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';
import { openBaseModel } from '../base/open-base.ts';
import { KeptNetworks } from '../network/lending.ts';
import { makeRandomModel } from '../random/random-model.ts';
import { aestheticScores, conditioningOf, uncropped } from '../text/conditioning.ts';
import { TextEncoder } from '../text/text-encoder.ts';
import { ImageDecoder, latentShape } from './autoencoder.ts';
import { Denoiser } from './denoiser.ts';
import { handOverIndex, refinerScheduler } from './refiner.ts';
import { type TextToImage, textToImage } from './text-to-image.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-refiner-'));
afterAll(() => rm(folder, { recursive: true }));

async function tiny(family: 'sd15' | 'sdxl' | 'sdxl-refiner', seed: number): Promise<BaseModel> {
  const out = join(folder, family);
  await makeRandomModel({ family, size: 'tiny', out, seed, dtype: 'f32' });
  return await openBaseModel(out);
}

const base = await tiny('sdxl', 1);
const refiner = await tiny('sdxl-refiner', 2);
const size = { width: 64, height: 64 };
const networks = new KeptNetworks(8);
afterAll(() => networks[Symbol.asyncDispose]());

/** At 4 steps the timesteps are 751, 501, 251 and 1. */
const options: TextToImage = {
  prompt: 'a lighthouse',
  seeds: [4],
  steps: 4,
  guidance: { scale: 3 },
  size,
  networks,
};

const stating = (model: BaseModel, settings: Partial<SchedulerSettings>): BaseModel => ({
  ...model,
  scheduler: { ...model.scheduler, stated: { ...model.scheduler.stated, ...settings } },
});

describe('handing over to the same model gives the very picture of one model', () => {
  test.each([
    ['euler', [0.25, 0.5, 0.75]], // every boundary
    ['ddim', [0.75]],
    ['heun', [0.5]],
    ['euler-ancestral', [0.25]], // draws noise on both sides
  ] as const)('with %s, which remembers no step, at %j', async (sampler, starts) => {
    const alone = await textToImage(base, { ...options, sampler });
    for (const start of starts) {
      const refiner = { model: base, start };
      expect(await textToImage(base, { ...options, sampler, refiner })).toEqual(alone);
    }
  });

  test('from a picture, of which a mask keeps a part', async () => {
    const [picture] = await textToImage(base, { ...options, seeds: [9] });
    if (picture === undefined) throw new Error('no picture');
    const data = Uint8Array.from({ length: 64 * 64 }, (_, pixel) => (pixel % 64 < 32 ? 0 : 1));
    const initial = { picture, noise: 0.75, mask: { ...size, data }, keepUnmasked: false };
    const alone = await textToImage(base, { ...options, initial });
    const refined = { ...options, initial, refiner: { model: base, start: 0.5 } };
    expect(await textToImage(base, refined)).toEqual(alone);
  });
});

/** Base and refiner, each with its own sampler and texts, step by step. */
async function stepByStep(handOver: number): Promise<readonly Image[]> {
  let sample = drawNormal(new TorchGenerator(4), latentShape(base, size));
  for (const [model, first, end] of [
    [base, 0, handOver],
    [refiner, handOver, options.steps],
  ] as const) {
    await using encoder = await TextEncoder.open(model);
    const framing = uncropped(size);
    const { wanted, unwanted } = aestheticScores;
    const prompt = await encoder.encode(options.prompt);
    const negative = await encoder.encodeNegative('');
    const texts = {
      prompt: conditioningOf(model, prompt, { framing, score: wanted }),
      negative: conditioningOf(model, negative, { framing, score: unwanted }),
    };
    const { guidance, steps } = options;
    await using denoiser = await Denoiser.open(model, { size, batch: 1, guidance });
    const sampler = createSampler(model.scheduler, { steps });
    if (first === 0) sample = combination([sampler.initialNoiseSigma, sample]);
    const step = sampler.begin();
    for (let i = first; i < end; i++) {
      const scaled = sampler.scaleInput(sample, i);
      const output = await denoiser.predict(scaled, sampler.timesteps[i] ?? 0, texts);
      sample = step(sample, output, i, () => sample);
    }
  }
  await using decoder = await ImageDecoder.open(base, size);
  return imagesFromTensor(await decoder.decode(sample));
}

describe('base and refiner', () => {
  test.each([
    [0.5, 2],
    [0.8, 3],
  ])('with start %d make what both samplers make, step by step', async (start, handOver) => {
    const refined = await textToImage(base, { ...options, refiner: { model: refiner, start } });
    expect(refined).toEqual(await stepByStep(handOver));
    expect(refined).not.toEqual(await textToImage(base, options));
  });

  test('in batches keep the order of the seeds, and count every step', async () => {
    const counts: number[][] = [];
    const start = { refiner: { model: refiner, start: 0.5 }, seeds: [3, 4, 5] };
    const pictures = await textToImage(base, {
      ...options,
      ...start,
      batch: 2,
      onStep: ({ done, total, picture, step }) => counts.push([done, total, picture, step]),
    });
    const [single] = await textToImage(base, { ...options, ...start, seeds: [4] });
    const distances = pictures.map(({ data }) =>
      Math.max(...data.map((level, i) => Math.abs(level - (single?.data[i] ?? 0)))),
    );
    // Kernels add up in an order that depends on the batch: a level here and there.
    expect(distances[1]).toBeLessThan(3);
    expect(Math.min(distances[0] ?? 0, distances[2] ?? 0)).toBeGreaterThan(10);
    // The base two steps of two pictures and of one, then the refiner.
    expect(counts).toEqual([
      ...[2, 4].map((done, i) => [done, 12, 1, i + 1]),
      ...[5, 6].map((done, i) => [done, 12, 3, i + 1]),
      ...[8, 10].map((done, i) => [done, 12, 1, i + 3]),
      ...[11, 12].map((done, i) => [done, 12, 3, i + 3]),
    ]);
  });

  test('stand on the levels of noise of the base, whatever the refiner predicts', () => {
    const trailing = stating(base, { timestep_spacing: 'trailing' });
    const other = stating(refiner, { prediction_type: 'v_prediction' });
    const { stated } = refinerScheduler(trailing, other);
    expect(stated).toMatchObject({
      timestep_spacing: 'trailing',
      prediction_type: 'v_prediction',
    });
    expect(refinerScheduler(base, refiner)).toEqual(base.scheduler);
  });
});

describe('the refiner goes on', () => {
  const at = (name: SamplerName, steps: number, start: number): number =>
    handOverIndex(base, createSampler(base.scheduler, { name, steps }), { start });

  test('at the first timestep below the cut-off', () => {
    expect(at('euler', 50, 0.8)).toBe(40); // 981, ... 201, | 181
    expect(at('euler', 25, 0.8)).toBe(20); // 961, ... 201, | 161
    expect(at('euler', 4, 0.749)).toBe(3); // 1000 - 749 = 251, which is not below
    expect(at('euler', 4, 0.748)).toBe(2);
  });

  test('after a whole step of those that ask twice', () => {
    // 751, 501, 501, 251, 251, 1: the second answer at 501 ends the first step.
    expect(at('heun', 4, 0.4)).toBe(2);
    expect(at('heun', 4, 0.5)).toBe(4);
  });
});

describe('refused is', () => {
  const refusal = async (change: Partial<TextToImage>, code: string, words: string) =>
    await expect(textToImage(base, { ...options, ...change })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });

  test('a start that leaves the base no step', () =>
    refusal(
      { refiner: { model: refiner, start: 0.2 } },
      'REFINER_START',
      'refinerStart 0.2 leaves the base none of 4 steps; use 0.25 to 0.99, or more steps',
    ));

  test('a start that leaves the refiner no step', () =>
    refusal(
      { refiner: { model: refiner, start: 0.9999 } },
      'REFINER_START',
      'leaves the refiner none of 4 steps',
    ));

  test('one step, of which there is no share', () =>
    refusal(
      { steps: 1, refiner: { model: refiner, start: 0.8 } },
      'REFINER_START',
      'none of 1 steps; use more steps',
    ));

  test('a picture under less noise than the refiner takes over', async () => {
    const [picture] = await textToImage(base, options);
    if (picture === undefined) throw new Error('no picture');
    await refusal(
      { initial: { picture, noise: 0.5 }, refiner: { model: refiner, start: 0.5 } },
      'REFINER_START',
      'leaves the base none of 2 steps; use 0.75 to 0.99',
    );
  });

  test('a refiner of other latents', async () => {
    await refusal(
      { refiner: { model: await tiny('sd15', 1), start: 0.5 } },
      'REFINER_LATENTS',
      'latents of 4 channels, 1/8 of the side, scaled by 0.18215',
    );
  });

  test('a refiner that is an in-painting network', () => {
    const { unet } = refiner;
    const model = { ...refiner, unet: { ...unet, config: { ...unet.config, inChannels: 9 } } };
    return refusal(
      { refiner: { model, start: 0.5 } },
      'REFINER_LATENTS',
      'its UNet takes 9 channels, where it is given latents alone',
    );
  });
});
