/** @file A whole base model with evaluators beside it, against the values of its reference.json. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { TorchGenerator } from '../../../src/base/torch-random.ts';
import { decodeImage } from '../../../src/data/image.ts';
import { pocketFolder } from '../../../src/data/pocket.ts';
import { toTensor } from '../../../src/data/transforms.ts';
import { NoiseSchedule } from '../../../src/diffusion/noise-schedule.ts';
import { createSampler } from '../../../src/diffusion/samplers/index.ts';
import { resolveSettings } from '../../../src/diffusion/scheduler-config.ts';
import { unitRows } from '../../../src/metrics/encoder-batches.ts';
import { openClipModel } from '../../../src/metrics/image-text.ts';
import { openVitModel } from '../../../src/metrics/self-supervised.ts';
import type { BaseModel } from '../../../src/pipeline/base/base-model.ts';
import { openBaseModel } from '../../../src/pipeline/base/open-base.ts';
import {
  ImageDecoder,
  ImageEncoder,
  type PictureSize,
} from '../../../src/pipeline/draw/autoencoder.ts';
import { Denoiser, type GuidanceTexts } from '../../../src/pipeline/draw/denoiser.ts';
import { sampleLatents } from '../../../src/pipeline/draw/sample-latents.ts';
import {
  type Conditioning,
  conditioningOf,
  uncropped,
} from '../../../src/pipeline/text/conditioning.ts';
import { TextEncoder } from '../../../src/pipeline/text/text-encoder.ts';
import {
  concatenated,
  elementCount,
  float32,
  reshaped,
  type Tensor,
} from '../../../src/tensor/tensor.ts';
import type { Tolerance } from '../advice.ts';
import { type Check, compared, largestDifference } from '../check.ts';
import { type FixtureTensors, readFixtureTensors } from '../fixture.ts';
import { compareResults, type Results, resultOf, unchecked } from '../network.ts';
import { imageFeatures, textFeatures } from './models/clip-model.ts';
import { vitStates } from './models/vit.ts';

const rgb = z.tuple([z.number(), z.number(), z.number()]);

const referenceSchema = z.looseObject({
  prompt: z.string(),
  initial_latents: z.string(),
  sampling: z.looseObject({
    steps: z.int(),
    eta: z.number().default(0),
    guidance_scale: z.number(),
    guidance_rescale: z.number().default(0),
    negative_prompt: z.string(),
  }),
  images: z.array(z.string()),
  clip_preprocessing: z.looseObject({ mean: rgb, std: rgb }),
  /** A remark, then the texts. */
  clip_text_embeds: z.array(z.string()),
});

/** Float32 in one forward pass, through sampling, and of what has no network in it. */
const forward: Tolerance = { relative: 1e-4 };
const sampled: Tolerance = { relative: 1e-3 };
/** A dozen float32 operations; a terminal ᾱ of zero is a difference of nearly equal roots. */
const arithmetic: Tolerance = { relative: 1e-5 };
/** log and cos differ in the last bits between mathematics libraries. */
const drawn: Tolerance = { absolute: 1e-6 };

const tolerancesByName: Readonly<Record<string, Tolerance>> = {
  ddim_latents_each_step: sampled,
  final_latents: sampled,
  decoded_image: sampled,
  alphas_cumprod: arithmetic,
  clip_pixel_values: arithmetic,
  dino_pixel_values: arithmetic,
  vae_input: arithmetic,
  initial_latents: drawn,
};

interface Reference {
  readonly json: z.output<typeof referenceSchema>;
  /** The model's own. */
  readonly folder: string;
  readonly tensors: FixtureTensors;
  readonly base: BaseModel;
}

/** Compares everything of a base model's own reference values. */
export async function checkPocket(place: string, fixture: unknown): Promise<Check[]> {
  const json = referenceSchema.parse(fixture);
  const tensors = await readFixtureTensors(place, 'reference.safetensors');
  // Values without a model beside them are the bundled model's.
  const folder = existsSync(join(place, 'model_index.json')) ? place : pocketFolder();
  const reference = { json, folder, tensors, base: await openBaseModel(folder) };
  const { results: pictures, checks: pictureChecks } = await preparePictures(reference);
  const results: Results = new Map([
    ...startingPoint(reference),
    ...pictures,
    ...(await textToImage(reference)),
    ...(await moments(reference)),
    ...(await evaluators(reference)),
  ]);
  const checks = [
    ...checkIntegers(reference),
    ...pictureChecks,
    ...compareResults(results, tensors, (name) => tolerancesByName[name] ?? forward),
  ];
  return [...checks, ...unchecked(tensors, checks, /^$/)];
}

function samplerOf({ base, json }: Reference) {
  const { steps, eta } = json.sampling;
  return createSampler(base.scheduler, { steps, eta });
}

/** Ids and timesteps, which must be equal. */
function checkIntegers(reference: Reference): Check[] {
  const { base, json, tensors } = reference;
  const encode = (text: string) =>
    base.textEncoders.flatMap(
      ({ tokenizer, config }) => tokenizer.encodePadded(text, config.positions).ids,
    );
  const expected = {
    prompt_ids: encode(json.prompt),
    empty_ids: encode(json.sampling.negative_prompt),
    ddim_timesteps: samplerOf(reference).timesteps,
  };
  return Object.entries(expected).map(([name, values]) =>
    compared(name, largestDifference(values, tensors.int32(name)), 0),
  );
}

/** The noise schedule, and the noise that sampling begins with. */
function startingPoint({ base, json, tensors }: Reference): Results {
  const { alphasCumprod } = new NoiseSchedule(resolveSettings(base.scheduler));
  const seed = /manual_seed\((\d+)\)/.exec(json.initial_latents)?.[1] ?? '0';
  const { shape } = tensors.float32('initial_latents');
  const noise = new TorchGenerator(BigInt(seed)).randn(elementCount(shape));
  return new Map([
    ['alphas_cumprod', float32([alphasCumprod.length], alphasCumprod)],
    ['initial_latents', float32(shape, noise)],
  ]);
}

/** The pictures decoded, and as the encoders want them. */
async function preparePictures({ folder, json, tensors }: Reference) {
  const images = await Promise.all(
    json.images.map(async (file) => decodeImage(await readFile(join(folder, file)), file)),
  );
  const { mean, std: deviation } = json.clip_preprocessing;
  const batch = (tensorsOfImages: Tensor<'f32'>[]) =>
    concatenated(tensorsOfImages.map((each) => reshaped(each, [1, ...each.shape])));
  const plain = images.map((image) => toTensor(image));
  const results: Results = new Map([
    ['clip_pixel_values', batch(images.map((image) => toTensor(image, { mean, deviation })))],
    ['dino_pixel_values', batch(plain)],
    ['vae_input', batch(plain.slice(0, 1))],
  ]);
  const levels = images.flatMap(({ data }) => [...data]);
  const error = largestDifference(levels, tensors.uint8('images_uint8').data);
  return { results, checks: [compared('images_uint8', error, 0)] };
}

function statesOf({ text }: Conditioning): Tensor<'f32'> {
  if ('ids' in text) throw new Error('a text that is not encoded');
  return text.states;
}

/** Text states, one prediction, a sampling run with guidance, the decoded picture. */
async function textToImage(reference: Reference): Promise<Results> {
  const { base, json, tensors } = reference;
  const start = tensors.float32('initial_latents');
  const [, , latentHeight = 0, latentWidth = 0] = start.shape;
  const { downsampling } = base.vae.config;
  const size = { height: latentHeight * downsampling, width: latentWidth * downsampling };
  const texts = await encodeTexts(reference, size);
  const results = new Map([
    ['prompt_hidden', statesOf(texts.prompt)],
    ['empty_hidden', statesOf(texts.negative)],
  ]);
  await using plain = await Denoiser.open(base, { size, batch: 1, guidance: { scale: 1 } });
  for (const timestep of tensors.under('unet_output_t')) {
    const output = await plain.predict(start, Number(timestep), texts);
    results.set(`unet_output_t${timestep}`, output);
  }
  const { guidance_scale: scale, guidance_rescale: rescale } = json.sampling;
  await using guided = await Denoiser.open(base, { size, batch: 1, guidance: { scale, rescale } });
  const steps: Tensor<'f32'>[] = [];
  const final = await sampleLatents(start, {
    sampler: samplerOf(reference),
    predict: (noisy, timestep) => guided.predict(noisy, timestep, texts),
    drawNoise: () => float32(start.shape),
    onStep: (latents) => steps.push(latents),
  });
  await using decoder = await ImageDecoder.open(base, size);
  return results
    .set('ddim_latents_each_step', concatenated(steps))
    .set('final_latents', final)
    .set('decoded_image', await decoder.decode(final));
}

async function encodeTexts({ base, json }: Reference, size: PictureSize): Promise<GuidanceTexts> {
  await using encoder = await TextEncoder.open(base);
  const picture = { framing: uncropped(size) };
  const prompt = await encoder.encode(json.prompt);
  const negative = await encoder.encodeNegative(json.sampling.negative_prompt);
  return {
    prompt: conditioningOf(base, prompt, picture),
    negative: conditioningOf(base, negative, picture),
  };
}

async function moments({ base, tensors }: Reference): Promise<Results> {
  const picture = tensors.float32('vae_input');
  const [, , height = 0, width = 0] = picture.shape;
  await using encoder = await ImageEncoder.open(base, { height, width });
  const { mean, deviation } = await encoder.encode(picture);
  const logvar = deviation.data.map((value) => 2 * Math.log(value));
  return new Map([
    ['vae_mean', mean],
    ['vae_logvar', float32(mean.shape, logvar)],
  ]);
}

/** CLIP's vectors of pictures and texts, DINO's of pictures. */
async function evaluators({ base, folder, json, tensors }: Reference): Promise<Results> {
  const clip = await openClipModel(join(folder, 'clip'));
  const images = await imageFeatures(clip, tensors.float32('clip_pixel_values'));
  const texts = json.clip_text_embeds.slice(1);
  const { positions } = clip.config.text;
  const ids = base.textEncoders.flatMap(({ tokenizer }) =>
    texts.map((text) => tokenizer.encodePadded(text, positions).ids),
  );
  const vectors = await textFeatures(clip, ids);
  const dino = await openVitModel(join(folder, 'dino'));
  const states = await vitStates(dino, tensors.float32('dino_pixel_values'));
  return new Map([
    ['clip_image_embeds', unitRows(resultOf(images, 'output/image_features'))],
    ['clip_text_embeds', unitRows(resultOf(vectors, 'output/text_features'))],
    ['dino_cls', resultOf(states, 'output/cls')],
  ]);
}
