/** @file An upscaler that sees its picture: one call of its UNet, its texts, and a whole short upscale. */
import * as z from 'zod';
import { required } from '../../../src/base/required.ts';
import { TorchGenerator } from '../../../src/base/torch-random.ts';
import { parseSchedulerConfig } from '../../../src/diffusion/scheduler-config.ts';
import { sinusoids } from '../../../src/models/unet/time-features.ts';
import { unet } from '../../../src/models/unet/unet.ts';
import { asUpscaler } from '../../../src/pipeline/base/upscaler-part.ts';
import {
  noised,
  requireUpscaler,
  type UpscalerModel,
  upscaledLatents,
  upscaledSize,
} from '../../../src/pipeline/draw/upscaler.ts';
import { TextEncoder } from '../../../src/pipeline/text/text-encoder.ts';
import { concatenated, int64, type Tensor } from '../../../src/tensor/tensor.ts';
import { advised, type Tolerance } from '../advice.ts';
import type { Check } from '../check.ts';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from '../fixture.ts';
import { compareResults, compute, type Results, unchecked } from '../network.ts';
import { decodeAll, openParts } from './pipeline.ts';

const fixtureSchema = z.looseObject({
  tolerance: z.string(),
  seed: z.int(),
  prompt: z.string(),
  negative_prompt: z.string(),
  steps: z.int(),
  guidance_scale: z.number(),
  noise_level: z.int(),
});

const indexSchema = z.looseObject({ max_noise_level: z.int(), low_res_scheduler: z.unknown() });

interface UpscalerFixture {
  readonly json: z.output<typeof fixtureSchema>;
  readonly tensors: FixtureTensors;
  readonly base: UpscalerModel;
}

/** Compares everything of a fixture of a StableDiffusionUpscalePipeline. */
export async function checkUpscaler(folder: string, fixture: unknown): Promise<Check[]> {
  const json = fixtureSchema.parse(fixture);
  const tensors = await readFixtureTensors(folder);
  const index = indexSchema.parse(await readFixtureJson(folder, 'model_index.json'));
  const part = {
    noise: parseSchedulerConfig(index.low_res_scheduler, folder),
    mostNoise: index.max_noise_level,
  };
  const base = requireUpscaler(asUpscaler(await openParts(folder), part), part);
  const shared: UpscalerFixture = { json, tensors, base };
  const results: Results = new Map([
    ...(await predicted(shared, 'unet')),
    ...(await predicted(shared, 'odd')),
    ...(await encoded(shared)),
    ...(await drawn(shared)),
  ]);
  const checks = compareResults(results, tensors, tolerances(json.tolerance));
  const inputs = /^input\/picture$|\/sample$|^unet\/(timesteps|levels|states)$/;
  return [...checks, ...unchecked(tensors, checks, inputs)];
}

/** Without advice: float32 through some dozen layers, and a whole drawing. */
function tolerances(advice: string): (name: string) => Tolerance {
  const of = (subject: string, relative: number) => advised(advice, subject, { relative });
  return (name) => {
    if (name === 'output/latents_per_step') return of('latents_per_step', 5e-4);
    if (name === 'output/decoded') return of('decoded', 1e-3);
    return name.startsWith('text/') ? of('embeddings', 1e-5) : of('output', 1e-5);
  };
}

/** One call of the UNet for two samples, each at its timestep and level of noise. */
async function predicted({ tensors, base }: UpscalerFixture, group: string): Promise<Results> {
  const { config, weights } = base.unet;
  const { levels, cosineFirst, frequencyShift } = config;
  const size = required(levels, 0).channels;
  const classes = tensors.int32('unet/levels');
  return await compute({
    weights,
    feeds: {
      sample: tensors.float32(`${group}/sample`),
      timeFeatures: sinusoids(tensors.int32('unet/timesteps'), {
        size,
        cosineFirst,
        frequencyShift,
      }),
      context: tensors.float32('unet/states'),
      classes: int64([classes.length], classes),
    },
    trace: ({ scope, input }) => ({
      [`${group}/output`]: unet(scope, config, {
        sample: input('sample'),
        timeFeatures: input('timeFeatures'),
        context: input('context'),
        classes: input('classes'),
      }),
    }),
  });
}

async function encoded({ json, base }: UpscalerFixture): Promise<Results> {
  await using encoder = await TextEncoder.open(base);
  return new Map([
    ['text/prompt_embeds', (await encoder.encode(json.prompt)).states],
    ['text/negative_embeds', (await encoder.encodeNegative(json.negative_prompt)).states],
  ]);
}

async function drawn({ json, tensors, base }: UpscalerFixture): Promise<Results> {
  const { shape, data } = tensors.uint8('input/picture');
  const [height = 0, width = 0] = shape;
  const picture = { width, height, data };
  const level = json.noise_level;
  const latents: Tensor<'f32'>[] = [];
  const last = await upscaledLatents(base, picture, {
    ...{ prompt: json.prompt, negative: json.negative_prompt, seed: json.seed, steps: json.steps },
    ...{ guidance: { scale: json.guidance_scale }, noiseLevel: level },
    onStep: (_done, _total, each) => latents.push(each),
  });
  return new Map([
    ['input/noised', noised(base, picture, { generator: new TorchGenerator(json.seed), level })],
    ['output/latents_per_step', concatenated(latents)],
    ['output/decoded', await decodeAll(base, upscaledSize(base, picture), last)],
  ]);
}
