/** @file What a second pass tells SDXL and its refiner: step by step, the size of the picture that it makes, whole and uncut. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { required } from '../base/required.ts';
import { TorchGenerator } from '../base/torch-random.ts';
import type { Image } from '../data/image.ts';
import { resize } from '../data/resize.ts';
import { imagesFromTensor, toTensor } from '../data/transforms.ts';
import { createSampler } from '../diffusion/samplers/index.ts';
import { drawNormal, reshaped } from '../tensor/tensor.ts';
import type { BaseModel } from './base/base-model.ts';
import { openBaseModel } from './base/open-base.ts';
import { drawLatents, ImageDecoder, ImageEncoder, latentShape } from './draw/autoencoder.ts';
import { Denoiser } from './draw/denoiser.ts';
import { drawTwice, type SecondPass } from './draw/second-pass.ts';
import { type DrawingProgress, type TextToImage, textToImage } from './draw/text-to-image.ts';
import { KeptNetworks } from './network/lending.ts';
import { makeRandomModel } from './random/random-model.ts';
import { aestheticScores, conditioningOf, type Framing, uncropped } from './text/conditioning.ts';
import { TextEncoder } from './text/text-encoder.ts';

const folder = await mkdtemp(join(tmpdir(), 'krona-second-'));
const networks = new KeptNetworks(8);
afterAll(async () => {
  await networks[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function tiny(family: 'sdxl' | 'sdxl-refiner', seed: number): Promise<BaseModel> {
  const out = join(folder, family);
  await makeRandomModel({ family, size: 'tiny', out, seed, dtype: 'f32' });
  return await openBaseModel(out);
}

const base = await tiny('sdxl', 1);
const refiner = await tiny('sdxl-refiner', 2);
const options: TextToImage = {
  prompt: 'a lighthouse',
  ...{ seeds: [4], steps: 2, sampler: 'euler', guidance: { scale: 3 }, networks },
  size: { width: 64, height: 64 },
};
/** Half of four steps, whose timesteps are 751, 501, 251 and 1. */
const second: SecondPass = {
  size: { width: 96, height: 96 },
  ...{ upscaler: 'lanczos', noise: 0.5, steps: 2 },
};
const small = required(await textToImage(base, options), 0);
const drawn = required(await drawTwice(base, options, second), 0);

/** The models one after the other, from the first index on, each to its end. */
async function secondStepByStep(
  parts: readonly { readonly model: BaseModel; readonly end: number }[],
  framing: Framing,
): Promise<Image | undefined> {
  const { size, steps, noise } = second;
  const { guidance, prompt, seeds } = options;
  const generator = new TorchGenerator(required(seeds, 0));
  const shape = latentShape(base, size);
  const pixels = toTensor(resize(small, size, 'lanczos'));
  await using encoder = await ImageEncoder.open(base, size);
  const moments = await encoder.encode(reshaped(pixels, [1, 3, size.height, size.width]));
  const clean = drawLatents(base, moments, drawNormal(generator, shape).data);
  const sampler = createSampler(base.scheduler, { steps: steps / noise, name: 'euler' });
  let index = steps;
  let sample = sampler.addNoise(clean, drawNormal(generator, shape), index);
  for (const { model, end } of parts) {
    await using texts = await TextEncoder.open(model);
    const conditioned = {
      prompt: conditioningOf(model, await texts.encode(prompt), { framing }),
      negative: conditioningOf(model, await texts.encodeNegative(''), {
        ...{ framing, score: aestheticScores.unwanted },
      }),
    };
    await using denoiser = await Denoiser.open(model, { size, batch: 1, guidance });
    const step = sampler.begin();
    for (; index < end; index++) {
      const input = sampler.scaleInput(sample, index);
      const timestep = required(sampler.timesteps, index);
      const output = await denoiser.predict(input, timestep, conditioned);
      sample = step(sample, output, index, () => sample);
    }
  }
  await using decoder = await ImageDecoder.open(base, size);
  return imagesFromTensor(await decoder.decode(sample))[0];
}

describe('the second pass of SDXL', () => {
  const alone = [{ model: base, end: 4 }];

  test('is told the enlarged size as the original and as the target, and no crop', async () => {
    expect(drawn).toEqual(await secondStepByStep(alone, uncropped(second.size)));
  });

  test.each([
    ['the first size as the original', { original: options.size }],
    ['the first size as the target', { target: options.size }],
    ['a crop', { crop: { top: 0, left: 8 } }],
  ])('would be another with %s', async (_, other) => {
    const framing = { ...uncropped(second.size), ...other };
    expect(drawn).not.toEqual(await secondStepByStep(alone, framing));
  });
});

describe('with a refiner', () => {
  const refined = { ...options, refiner: { model: refiner, start: 0.8 } };

  test('the base draws the first pass alone, and the refiner makes the last steps of the second', async () => {
    // Below timestep 200 they are the refiner's, which is told a score in place of the target size.
    const parts = [
      { model: base, end: 3 },
      { model: refiner, end: 4 },
    ];
    const counted: DrawingProgress[] = [];
    const onStep = (progress: DrawingProgress) => counted.push(progress);
    const [both] = await drawTwice(base, { ...refined, onStep }, second);
    expect(both).toEqual(await secondStepByStep(parts, uncropped(second.size)));
    expect(both).not.toEqual(drawn);
    expect(counted.map(({ done, total }) => [done, total])).toEqual(
      [1, 2, 3, 4].map((done) => [done, 4]),
    );
  });

  test('a start that leaves the second pass no step of the refiner is refused', async () => {
    const late = { ...options, refiner: { model: refiner, start: 0.9999 } };
    await expect(drawTwice(base, late, second)).rejects.toMatchObject({ code: 'REFINER_START' });
  });
});
