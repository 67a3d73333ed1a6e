/** @file From prompts to pictures through the parts a model_index.json names, and from pictures to pictures. */
import { join } from 'node:path';
import * as z from 'zod';
import { openTokenizer } from '../../../src/data/open-tokenizer.ts';
import { imagesFromTensor } from '../../../src/data/transforms.ts';
import { combination } from '../../../src/diffusion/combination.ts';
import { createSampler, imageToImageStart } from '../../../src/diffusion/samplers/index.ts';
import { parseSchedulerConfig } from '../../../src/diffusion/scheduler-config.ts';
import { type BaseModel, requireFitting } from '../../../src/pipeline/base/base-model.ts';
import { openText, openUNet, openVae } from '../../../src/pipeline/base/open-base.ts';
import { readRecommendation } from '../../../src/pipeline/base/recommended/recommendation.ts';
import {
  drawLatents,
  ImageDecoder,
  ImageEncoder,
  type PictureSize,
} from '../../../src/pipeline/draw/autoencoder.ts';
import { Denoiser } from '../../../src/pipeline/draw/denoiser.ts';
import { sampleLatents } from '../../../src/pipeline/draw/sample-latents.ts';
import {
  conditioningOf,
  type Framing,
  timeIds,
  uncropped,
} from '../../../src/pipeline/text/conditioning.ts';
import { type EncodedText, TextEncoder } from '../../../src/pipeline/text/text-encoder.ts';
import { concatenated, float32, rowsOf, type Tensor } from '../../../src/tensor/tensor.ts';
import { advised } from '../advice.ts';
import { type Check, compared, compareTensors, largestDifference, relativeL2 } from '../check.ts';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from '../fixture.ts';
import { unchecked } from '../network.ts';
import { checkTrainingStep } from './pipeline-training.ts';

const fixtureSchema = z.looseObject({
  tolerance: z.string().default(''),
  prompts: z.array(z.string()),
  negative_prompt: z.string().nullable(),
  steps: z.int(),
  guidance_scale: z.number(),
  guidance_rescale: z.number().default(0),
  height: z.int(),
  width: z.int(),
  strength: z.number().nullish(),
  /** SDXL: height and width before cropping, top and left of the crop. */
  original_size: z.tuple([z.int(), z.int()]).nullish(),
  crops_coords_top_left: z.tuple([z.int(), z.int()]).nullish(),
  krona: z.tuple([z.int(), z.int()]).optional(),
});

/** A part's folder, or its library and class where it lies in a folder of the part's name, as diffusers writes it. */
const part = z.union([z.string(), z.array(z.string())]);

const indexSchema = z.looseObject({
  unet: part,
  vae: part,
  text_encoder: part,
  tokenizer: part,
  text_encoder_2: part.optional(),
  tokenizer_2: part.optional(),
  force_zeros_for_empty_prompt: z.boolean().default(false),
  scheduler: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]),
});

/** Everything that the checks of one pipeline share. */
export interface PipelineFixture {
  readonly json: z.output<typeof fixtureSchema>;
  readonly tensors: FixtureTensors;
  readonly base: BaseModel;
  readonly size: PictureSize;
  /** Encoded prompts, and for each how the picture lies in what it was cut from. */
  readonly texts: Texts;
  readonly framing: Framing;
}

/** Compares everything of a fixture of a StableDiffusionPipeline or StableDiffusionXLPipeline. */
export async function checkPipeline(folder: string, fixture: unknown): Promise<Check[]> {
  const json = fixtureSchema.parse(fixture);
  const tensors = await readFixtureTensors(folder);
  const { height, width } = json;
  const base = await openParts(folder);
  const size = { height, width };
  const framing = framingOf(json, size);
  const texts = await encodeTexts(base, json);
  const shared: PipelineFixture = { json, tensors, base, size, texts, framing };
  const checks = [
    ...checkTexts(shared),
    ...(await checkTextToImage(shared)),
    ...(await checkImageToImage(shared)),
    ...(await checkTrainingStep(shared)),
  ];
  const inputs =
    /^(input|train_A)\/|^img2img\/(image|noise|vae_noise)$|^train\/(noise|pixel_values|timesteps|vae_noise|grad_norm)$/;
  return [...checks, ...unchecked(tensors, checks, inputs)];
}

/** A base model whose parts lie in folders of their own. */
export async function openParts(folder: string): Promise<BaseModel> {
  const index = indexSchema.parse(await readFixtureJson(folder, 'model_index.json'));
  const folderOf = (name: keyof typeof index) => {
    const stated = index[name];
    return join(folder, typeof stated === 'string' ? stated : name);
  };
  const textEncoder = async (
    encoder: 'text_encoder' | 'text_encoder_2',
    tokenizer: 'tokenizer' | 'tokenizer_2',
  ) => ({
    ...(await openText(folderOf(encoder))),
    tokenizer: await openTokenizer(folderOf(tokenizer)),
  });
  const scheduler = Array.isArray(index.scheduler)
    ? await readFixtureJson(join(folder, 'scheduler'), 'scheduler_config.json')
    : index.scheduler;
  const isDouble = index.text_encoder_2 !== undefined;
  return requireFitting({
    name: folder,
    folder,
    textEncoders: [
      await textEncoder('text_encoder', 'tokenizer'),
      ...(isDouble ? [await textEncoder('text_encoder_2', 'tokenizer_2')] : []),
    ],
    zeroNegative: index.force_zeros_for_empty_prompt,
    unet: await openUNet(folderOf('unet')),
    vae: await openVae(folderOf('vae')),
    scheduler: parseSchedulerConfig(scheduler, folder),
    recommendation: await readRecommendation(folder),
  });
}

function framingOf(json: z.output<typeof fixtureSchema>, target: PictureSize): Framing {
  const { original_size: original, crops_coords_top_left: crop } = json;
  if (original == null || crop == null) return uncropped(target);
  return {
    original: { height: original[0], width: original[1] },
    crop: { top: crop[0], left: crop[1] },
    target,
  };
}

interface Texts {
  readonly prompts: readonly EncodedText[];
  readonly negative: EncodedText;
}

async function encodeTexts(base: BaseModel, json: z.output<typeof fixtureSchema>): Promise<Texts> {
  await using encoder = await TextEncoder.open(base);
  const prompts: EncodedText[] = [];
  for (const prompt of json.prompts) prompts.push(await encoder.encode(prompt));
  return { prompts, negative: await encoder.encodeNegative(json.negative_prompt ?? '') };
}

function checkTexts({ json, tensors, texts, framing }: PipelineFixture): Check[] {
  const { prompts, negative } = texts;
  const tolerance = advised(json.tolerance, 'embeddings', { relative: 1e-5 });
  const negatives = prompts.map(() => negative);
  const pooled = (encoded: readonly EncodedText[]) => encoded.flatMap((text) => text.pooled ?? []);
  const actual = new Map([
    ['text/prompt_embeds', concatenated(prompts.map(({ states }) => states))],
    ['text/negative_embeds', concatenated(negatives.map(({ states }) => states))],
  ]);
  if (pooled(prompts).length > 0) {
    actual
      .set('text/pooled', concatenated(pooled(prompts)))
      .set('text/negative_pooled', concatenated(pooled(negatives)))
      .set('text/time_ids', timeIdRows(framing, tensors.float32('text/time_ids').shape[0] ?? 1));
  }
  return [...actual].map(([name, values]) =>
    compareTensors(name, values, tensors.float32(name), tolerance),
  );
}

/** The six numbers of a picture, which a reference states once or once a prompt. */
function timeIdRows(framing: Framing, rows: number): Tensor<'f32'> {
  const { height, width } = framing.target;
  const ids = timeIds(framing, [height, width]);
  return float32([rows, ids.length], Array.from({ length: rows }, () => ids).flat());
}

async function checkTextToImage(fixture: PipelineFixture): Promise<Check[]> {
  const { json, tensors, base, size } = fixture;
  const { initialNoiseSigma } = createSampler(base.scheduler, { steps: json.steps });
  const start = combination([initialNoiseSigma, tensors.float32('input/latents')]);
  const steps = await sample(fixture, { start, first: 0 });
  const decoded = await decodeAll(base, size, steps.at(-1) ?? start);
  const levels = imagesFromTensor(decoded).flatMap(({ data }) => [...data]);
  return [
    checkSteps(fixture, 'output/latents_per_step', steps),
    checkDecoded(fixture, 'output/decoded', decoded),
    // A level where the decoded value lies next to the middle between two.
    compared(
      'output/image_u8',
      largestDifference(levels, tensors.uint8('output/image_u8').data),
      1,
    ),
  ];
}

async function checkImageToImage(fixture: PipelineFixture): Promise<Check[]> {
  const { json, tensors, base, size } = fixture;
  if (json.strength === undefined || json.strength === null) return [];
  const sampler = createSampler(base.scheduler, { steps: json.steps });
  const first = imageToImageStart(sampler, json.strength);
  const image = tensors.float32('img2img/image');
  const pictures = float32(
    image.shape,
    image.data.map((value) => 2 * value - 1),
  );
  const clean = await encodeAll(base, size, pictures, tensors.float32('img2img/vae_noise'));
  const start = sampler.addNoise(clean, tensors.float32('img2img/noise'), first);
  const steps = await sample(fixture, { start, first });
  const decoded = await decodeAll(base, size, steps.at(-1) ?? start);
  const unit = decoded.data.map((value) => Math.min(1, Math.max(0, value / 2 + 0.5)));
  return [
    checkSteps(fixture, 'img2img/latents_per_step', steps),
    checkDecoded(fixture, 'img2img/output', float32(decoded.shape, unit)),
  ];
}

function checkDecoded({ json, tensors }: PipelineFixture, name: string, actual: Tensor<'f32'>) {
  const tolerance = advised(json.tolerance, 'decoded', { relative: 1e-3 });
  return compareTensors(name, actual, tensors.float32(name), tolerance);
}

/** The worst of all steps. */
function checkSteps(
  { json, tensors }: PipelineFixture,
  name: string,
  steps: readonly Tensor<'f32'>[],
): Check {
  // Without advice: float32 rounding of some passes through the UNet, multiplied by the guidance.
  const { relative = 0 } = advised(json.tolerance, 'latents_per_step', { relative: 5e-4 });
  const expected = tensors.float32(name);
  const errors = Array.from({ length: expected.shape[0] ?? 0 }, (_, i) =>
    relativeL2(steps[i]?.data ?? [], rowsOf(expected, i, i + 1).data),
  );
  return compared(name, Math.max(...errors), relative);
}

/** Every sample by itself, with its own prompt, as the product makes them; the latents [N, C, h, w] after each step. */
async function sample(
  { base, json, size, texts, framing }: PipelineFixture,
  { start, first }: { readonly start: Tensor<'f32'>; readonly first: number },
): Promise<Tensor<'f32'>[]> {
  const guidance = { scale: json.guidance_scale, rescale: json.guidance_rescale };
  const sampler = createSampler(base.scheduler, { steps: json.steps });
  await using denoiser = await Denoiser.open(base, { size, batch: 1, guidance });
  const trajectories: Tensor<'f32'>[][] = [];
  const negative = conditioningOf(base, texts.negative, { framing });
  for (const [n, text] of texts.prompts.entries()) {
    const prompt = conditioningOf(base, text, { framing });
    const trajectory: Tensor<'f32'>[] = [];
    await sampleLatents(rowsOf(start, n, n + 1), {
      sampler,
      first,
      predict: (noisy, timestep) => denoiser.predict(noisy, timestep, { prompt, negative }),
      drawNoise: () => float32(start.shape),
      onStep: (latents) => trajectory.push(latents),
    });
    trajectories.push(trajectory);
  }
  const [longest = []] = trajectories;
  return longest.map((_, i) =>
    concatenated(trajectories.flatMap((trajectory) => trajectory.slice(i, i + 1))),
  );
}

/** Pictures [N, 3, H, W] of scaled latents. */
export async function decodeAll(
  base: BaseModel,
  size: PictureSize,
  latents: Tensor<'f32'>,
): Promise<Tensor<'f32'>> {
  await using decoder = await ImageDecoder.open(base, size);
  const pictures: Tensor<'f32'>[] = [];
  for (let n = 0; n < (latents.shape[0] ?? 0); n++) {
    pictures.push(await decoder.decode(rowsOf(latents, n, n + 1)));
  }
  return concatenated(pictures);
}

/** Scaled latents of pictures [N, 3, H, W] in [−1, 1], drawn with the given noise. */
export async function encodeAll(
  base: BaseModel,
  size: PictureSize,
  pictures: Tensor<'f32'>,
  noise: Tensor<'f32'>,
): Promise<Tensor<'f32'>> {
  await using encoder = await ImageEncoder.open(base, size);
  const latents: Tensor<'f32'>[] = [];
  for (let n = 0; n < (pictures.shape[0] ?? 0); n++) {
    const moments = await encoder.encode(rowsOf(pictures, n, n + 1));
    latents.push(drawLatents(base, moments, rowsOf(noise, n, n + 1).data));
  }
  return concatenated(latents);
}
