import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import { blankImage } from '../../data/image.ts';
import { toTensor } from '../../data/transforms.ts';
import { combination } from '../../diffusion/combination.ts';
import {
  createSampler,
  imageToImageStart,
  type Sampler,
  type SamplerName,
  samplerNames,
} from '../../diffusion/samplers/index.ts';
import { parseSchedulerConfig } from '../../diffusion/scheduler-config.ts';
import { float32, reshaped, type Tensor } from '../../tensor/tensor.ts';
import { openBaseModel } from '../base/open-base.ts';
import { ImageEncoder } from './autoencoder.ts';
import { withoutRepainted } from './mask.ts';
import { sampleLatents } from './sample-latents.ts';
import {
  type InitialPicture,
  type KnownPicture,
  knowPicture,
  startSampling,
} from './sampling-start.ts';

const base = await openBaseModel('pocket');
const shape = [2, 4, 4, 4];
const generator = new TorchGenerator(7);
const draw = () => float32(shape, generator.randn(2 * 4 * 4 * 4));

/** A schedule whose last step leads to no noise at all. */
const scheduler = parseSchedulerConfig(
  {
    _class_name: 'DDIMScheduler',
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: 'scaled_linear',
    set_alpha_to_one: true,
    clip_sample: false,
    skip_prk_steps: true,
    final_sigmas_type: 'zero',
  },
  'test',
);

/** A picture whose latents have no variance, under the model's scaling. */
function knownOf(clean: Tensor<'f32'>, noise: number, mask?: Tensor<'f32'>): KnownPicture {
  const scale = base.vae.config.scalingFactor;
  const mean = float32(
    [1, 4, 4, 4],
    clean.data.map((value) => value / scale),
  );
  const moments = { mean, deviation: float32([1, 4, 4, 4]) };
  return { noise, latents: [moments], mask, visible: undefined };
}

/** The noise that a perfect network finds in a scaled sample, knowing what is under it. */
function perfectNetwork(sampler: Sampler, target: Tensor<'f32'>, first: number) {
  let index = first;
  const one = float32([1], [1]);
  const none = float32([1], [0]);
  return async (scaled: Tensor<'f32'>) => {
    const [signal = 0] = sampler.addNoise(one, none, index).data;
    const [noise = 0] = sampler.addNoise(none, one, index).data;
    const [scale = 0] = sampler.scaleInput(one, index).data;
    index++;
    return combination([1 / (scale * noise), scaled], [-signal / noise, target]);
  };
}

async function sampled(name: SamplerName, known: KnownPicture, target: Tensor<'f32'>) {
  const sampler = createSampler(scheduler, { name, steps: 10 });
  const first = known.noise === 1 ? 0 : imageToImageStart(sampler, known.noise);
  const batch = { sampler, first, start: 0, count: 2, drawNoise: draw };
  const { sample, keep } = startSampling(base, known, batch);
  const predict = perfectNetwork(sampler, target, first);
  return await sampleLatents(sample, { sampler, first, keep, predict, drawNoise: draw });
}

const twice = (values: Float32Array) => float32(shape, [...values, ...values]);
const picture = float32([1, 4, 4, 4], generator.randn(4 * 4 * 4));
const other = float32([1, 4, 4, 4], generator.randn(4 * 4 * 4));

// Float32 rounding, multiplied by σ up to 14.6; LCM leaves 0.25/(10·t)² of the noise by design.
const rounding = 2e-3;
/** DEIS and TCD end at the first ᾱ, as their classes do: 0.03 of a noise up to 4 is left. */
const toleranceOf = (name: SamplerName) => (['deis', 'tcd'].includes(name) ? 0.13 : rounding);

function largestDifference(a: Tensor<'f32'>, b: Tensor<'f32'>): number {
  return Math.max(...a.data.map((value, i) => Math.abs(value - (b.data[i] ?? Number.NaN))));
}

/** PNDM, begun in the middle, makes its first step twice, as its reference does, and ends with the noise of one step. */
const isLate = (name: SamplerName) => name === 'pndm';

describe.each(samplerNames)('with %s', (name) => {
  test.skipIf(isLate(name)).each([0.15, 0.5, 0.9])(
    'a picture under %f of the noise is where the sampler expects it: a perfect network brings it back',
    async (noise) => {
      const expected = twice(picture.data);
      const result = await sampled(name, knownOf(picture, noise), expected);
      expect(largestDifference(result, expected)).toBeLessThan(toleranceOf(name));
    },
  );

  test.each(isLate(name) ? [1] : [0.5, 1])(
    'a mask keeps the picture exactly and lets the rest go where the network leads, from %f of the noise',
    async (noise) => {
      const mask = float32([1, 1, 4, 4], [1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
      const result = await sampled(name, knownOf(picture, noise, mask), twice(other.data));
      const expected = twice(
        other.data.map((value, i) => (mask.data[i % 16] === 1 ? value : (picture.data[i] ?? 0))),
      );
      expect(largestDifference(result, expected)).toBeLessThan(toleranceOf(name));
    },
  );
});

describe('a network for in-painting', () => {
  const { unet, vae } = base;
  const { latentChannels } = vae.config;
  const config = { ...unet.config, inChannels: 2 * latentChannels + 1 };
  const inPainting = { ...base, unet: { ...unet, config } };
  const size = { width: 8, height: 8 };
  const picture = blankImage(8, 8, [250, 40, 90]);
  const pixels = reshaped(toTensor(picture), [1, 3, 8, 8]);
  // The left half is repainted: the left column of 2 x 2 latents.
  const data = Uint8Array.from({ length: 64 }, (_, pixel) => (pixel % 8 < 4 ? 1 : 0));
  const mask = { ...size, data };

  /** Mask and visible latents, where no noise is drawn. */
  async function seenOf(initial: InitialPicture | undefined) {
    const known = await knowPicture(inPainting, size, { initial });
    const sampler = createSampler(scheduler, { steps: 10 });
    const drawNoise = () => float32([1, latentChannels, 2, 2]);
    const batch = { sampler, first: 0, start: 0, count: 1, drawNoise };
    const { seen, keep } = startSampling(inPainting, known, batch);
    return { values: [...(seen?.data ?? [])], keep };
  }

  /** What the encoder makes of a picture, scaled. */
  async function latentsOf(visible: Tensor<'f32'>): Promise<number[]> {
    await using encoder = await ImageEncoder.open(base, size);
    const { mean } = await encoder.encode(visible);
    return [...mean.data.map((value) => value * base.vae.config.scalingFactor)];
  }

  test('sees the mask, then the latents of what the mask keeps, and is not held by it', async () => {
    const { values, keep } = await seenOf({ picture, noise: 1, mask });
    expect(values).toEqual([1, 0, 1, 0, ...(await latentsOf(withoutRepainted(pixels, mask)))]);
    expect(keep).toBeUndefined();
  });

  test('sees nothing but grey where there is no picture or no mask', async () => {
    const grey = [1, 1, 1, 1, ...(await latentsOf(float32([1, 3, 8, 8])))];
    expect((await seenOf(undefined)).values).toEqual(grey);
    expect((await seenOf({ picture, noise: 0.5 })).values).toEqual(grey);
  });
});
