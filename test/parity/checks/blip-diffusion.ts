/** @file BLIP-Diffusion: what its Q-former sees in pictures, texts that say it, a whole drawing, and a step of its tuning. */
import * as z from 'zod';
import { configureAdapter, type PlacedAdapter, placeAdapter } from '../../../src/adapters/index.ts';
import { bundledBertTokenizer } from '../../../src/data/bert/bundled-word-pieces.ts';
import type { Image } from '../../../src/data/image.ts';
import { lossWeights } from '../../../src/diffusion/loss-weights.ts';
import { NoiseSchedule } from '../../../src/diffusion/noise-schedule.ts';
import { createSampler } from '../../../src/diffusion/samplers/index.ts';
import { resolveSettings } from '../../../src/diffusion/scheduler-config.ts';
import { queryFormer } from '../../../src/models/blip/query-former.ts';
import { unetSites } from '../../../src/models/unet/sites.ts';
import { openSubjectEncoder } from '../../../src/pipeline/base/open-subject-encoder.ts';
import { Denoiser } from '../../../src/pipeline/draw/denoiser.ts';
import { sampleLatents } from '../../../src/pipeline/draw/sample-latents.ts';
import {
  contextVectors,
  requireSeeing,
  type SeeingModel,
  subjectIds,
  subjectPixels,
} from '../../../src/pipeline/subject/context-vectors.ts';
import { subjectWord } from '../../../src/pipeline/subject/subject-word.ts';
import {
  conditioningOf,
  joinedConditioning,
  uncropped,
} from '../../../src/pipeline/text/conditioning.ts';
import { withNewTokens } from '../../../src/pipeline/text/new-tokens.ts';
import { type EncodedPrompt, TextEncoder } from '../../../src/pipeline/text/text-encoder.ts';
import { tokenize } from '../../../src/pipeline/text/tokenized-prompt.ts';
import { concatenated, float32, int64, type Tensor } from '../../../src/tensor/tensor.ts';
import type { Batch } from '../../../src/train/pictures/batches.ts';
import { StepProgram } from '../../../src/train/step-program.ts';
import { advised, type Tolerance } from '../advice.ts';
import { type Check, compared } from '../check.ts';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from '../fixture.ts';
import { compareResults, compute, type Results, unchecked } from '../network.ts';
import { decodeAll, openParts } from './pipeline.ts';

const fixtureSchema = z.looseObject({
  tolerance: z.string(),
  subject: z.string(),
  target: z.string(),
  prompt: z.string(),
  negative_prompt: z.string(),
  repeated_prompt: z.string(),
  prompt_strength: z.number(),
  prompt_reps: z.int(),
  steps: z.int(),
  guidance_scale: z.number(),
  caption: z.string(),
  subject_ids: z.record(z.string(), z.array(z.int())),
  bundled_ids: z.record(z.string(), z.array(z.int())),
});

/** The word that stands for the context vectors. */
const token = '<subject>';

interface BlipFixture {
  readonly json: z.output<typeof fixtureSchema>;
  readonly tensors: FixtureTensors;
  readonly base: SeeingModel;
  readonly pictures: readonly Image[];
}

/** Compares everything of a fixture of a BlipDiffusionPipeline. */
export async function checkBlipDiffusion(folder: string, fixture: unknown): Promise<Check[]> {
  const json = fixtureSchema.parse(fixture);
  const tensors = await readFixtureTensors(folder);
  const index = z
    .looseObject({ ctx_begin_pos: z.int() })
    .parse(await readFixtureJson(folder, 'model_index.json'));
  const stated = { position: index.ctx_begin_pos, mean: undefined, deviation: undefined };
  const base = requireSeeing({
    ...(await openParts(folder)),
    subjectEncoder: await openSubjectEncoder(folder, stated),
  });
  const pictures = ['input/picture_0', 'input/picture_1'].map((name) => imageOf(tensors, name));
  const shared: BlipFixture = { json, tensors, base, pictures };
  const texts = await encodeTexts(shared);
  const results: Results = new Map([
    ...(await seen(shared)),
    ...texts.results,
    ...(await draw(shared, texts)),
    ...(await tuningStep(shared)),
  ]);
  const checks = [
    ...(await checkIds(shared)),
    ...compareResults(results, tensors, tolerances(json.tolerance)),
  ];
  const inputs = /^input\/|^train\/(latents|noise|timesteps)$/;
  return [...checks, ...unchecked(tensors, checks, inputs)];
}

/** Without advice: float32 through a dozen matrices, a whole drawing, and a step with its way back. */
function tolerances(advice: string): (name: string) => Tolerance {
  const states = advised(advice, 'states', { relative: 1e-5 });
  const of = (subject: string, relative: number) => advised(advice, subject, { relative });
  return (name) => {
    if (name === 'output/latents_per_step') return of('latents_per_step', 5e-4);
    if (name === 'output/decoded') return of('decoded', 1e-3);
    if (name === 'train/loss') return of('loss', 1e-4);
    return name.startsWith('train/') ? of('gradients', 1e-3) : states;
  };
}

function imageOf(tensors: FixtureTensors, name: string): Image {
  const { shape, data } = tensors.uint8(name);
  const [height = 0, width = 0] = shape;
  return { width, height, data };
}

async function checkIds({ json, tensors, base }: BlipFixture): Promise<Check[]> {
  const bundled = await bundledBertTokenizer();
  const wrong = (expected: Record<string, number[]>, encode: (text: string) => readonly number[]) =>
    Object.entries(expected).filter(([text, ids]) => String(encode(text)) !== String(ids)).length;
  const own = { [json.subject]: [...tensors.int32('qformer/ids')], ...json.subject_ids };
  return [
    compared(
      'qformer/ids',
      wrong(own, (text) => base.subjectEncoder.tokenizer.encode(text)),
      0,
    ),
    compared('bundled word pieces', wrong(json.bundled_ids, bundled.encode), 0),
  ];
}

/** Pixels, states and context vectors of the pictures together, and their mean as the product makes it. */
async function seen({ json, base, pictures }: BlipFixture): Promise<Results> {
  const { subjectEncoder } = base;
  const pixels = concatenated(pictures.map((picture) => subjectPixels(subjectEncoder, picture)));
  const ids = subjectIds(subjectEncoder, json.subject);
  const rows = pictures.flatMap(() => [...ids]);
  const states = await compute({
    weights: subjectEncoder.weights,
    feeds: { pictures: pixels, ids: int64([pictures.length, ids.length], rows) },
    trace: ({ scope, input }) => {
      const inputs = { pictures: input('pictures'), ids: input('ids') };
      const outputs = queryFormer(scope, subjectEncoder.config, inputs);
      return {
        'vision/last_hidden_state': outputs.pictureStates,
        'qformer/last_hidden_state': outputs.states,
        'context/each': outputs.context,
      };
    },
  });
  const mean = await contextVectors(base, { pictures, name: json.subject });
  return new Map([...states, ['processor/pixel_values', pixels], ['context/mean', mean]]);
}

interface Texts {
  readonly prompt: EncodedPrompt;
  readonly negative: EncodedPrompt;
  readonly results: Results;
}

/** As drawing makes them: the prompt says the subject where it pleases, its vectors stand where the model has them. */
async function encodeTexts({ json, base, pictures }: BlipFixture): Promise<Texts> {
  const repeats = Math.trunc(json.prompt_strength * json.prompt_reps);
  const text = `a ${token} ${json.target} ${json.prompt.trim()}`;
  const encode = async (shown: readonly Image[]) => {
    const context = await contextVectors(base, { pictures: shown, name: json.subject });
    const adapters = [subjectWord(base, token, context)];
    await using encoder = await TextEncoder.open(withNewTokens(base, adapters), adapters);
    return {
      prompt: await encoder.encode(text, { repeats }),
      negative: await encoder.encodeNegative(json.negative_prompt),
    };
  };
  const { prompt, negative } = await encode(pictures.slice(0, 1));
  const mean = await encode(pictures);
  const results: Results = new Map([
    ['text/prompt_embeds', prompt.states],
    ['text/mean_embeds', mean.prompt.states],
    ['text/negative_embeds', negative.states],
  ]);
  return { prompt, negative, results };
}

async function draw({ json, tensors, base }: BlipFixture, texts: Texts): Promise<Results> {
  const start = tensors.float32('input/latents');
  const [, , height = 0, width = 0] = start.shape;
  const { downsampling } = base.vae.config;
  const size = { height: height * downsampling, width: width * downsampling };
  const sampler = createSampler(base.scheduler, { steps: json.steps });
  const framing = uncropped(size);
  const prompt = conditioningOf(base, texts.prompt, { framing });
  const negative = conditioningOf(base, texts.negative, { framing });
  const guidance = { scale: json.guidance_scale };
  const steps: Tensor<'f32'>[] = [];
  await using denoiser = await Denoiser.open(base, { size, batch: 1, guidance });
  const last = await sampleLatents(start, {
    ...{ sampler, first: 0 },
    predict: (noisy, timestep) => denoiser.predict(noisy, timestep, { prompt, negative }),
    drawNoise: () => float32(start.shape),
    onStep: (latents) => steps.push(latents),
  });
  return new Map([
    ['output/latents_per_step', concatenated(steps)],
    ['output/decoded', await decodeAll(base, size, last)],
  ]);
}

/** The step that training takes: the mean context vectors and every weight of the UNet. */
async function tuningStep({ json, tensors, base, pictures }: BlipFixture): Promise<Results> {
  const word = subjectWord(
    base,
    token,
    await contextVectors(base, { pictures, name: json.subject }),
  );
  const sites = unetSites(base.unet.config);
  const whole = placeAdapter(configureAdapter('dreambooth', {}), sites);
  const placed = [...word.placed, whole];
  const zeros = sites.map(
    ({ name, out, in: inner }) => [`${name}.delta`, float32([out, inner])] as const,
  );
  const latents = tensors.float32('train/latents');
  await using program = await StepProgram.open(base, { placed, sampleShape: latents.shape });
  const batch = noisyBatch({ json, tensors, base, pictures }, placed);
  const { loss, gradients } = await program.run(batch, new Map([...word.tensors, ...zeros]));
  const named = [...gradients].map(([name, gradient]) => {
    const isContext = name.endsWith('.vectors');
    return [isContext ? 'train/grad_context' : unetGradientName(tensors, name), gradient] as const;
  });
  const shaped = named.map(([name, gradient]) => {
    const shape = tensors.has(name) ? tensors.float32(name).shape : gradient.shape;
    return [name, float32(shape, gradient.data)] as const;
  });
  return new Map([['train/loss', float32([], [loss])], ...shaped]);
}

/** Our sites leave out `.weight`, and matrices stand for kernels. */
function unetGradientName(tensors: FixtureTensors, parameter: string): string {
  const site = parameter.replace(/^unet\.|\.delta$/g, '');
  const name = `train/grad_unet/${site}`;
  return tensors.has(name) ? name : `${name}.weight`;
}

function noisyBatch({ json, tensors, base }: BlipFixture, placed: readonly PlacedAdapter[]): Batch {
  const settings = resolveSettings(base.scheduler);
  const schedule = new NoiseSchedule(settings);
  const timesteps = tensors.int32('train/timesteps');
  const clean = tensors.float32('train/latents');
  const added = tensors.float32('train/noise');
  const weights = lossWeights(timesteps);
  const caption = json.caption.replace('a ', `a ${token} `);
  const text = tokenize(withNewTokens(base, [{ placed }]), caption);
  const framing = uncropped({ height: 1, width: 1 });
  const conditioning = conditioningOf(base, text, { framing });
  return {
    sample: schedule.addNoise(clean, added, timesteps),
    target: schedule.trainingTarget(settings.prediction_type, clean, added, timesteps),
    timesteps,
    conditioning: joinedConditioning([conditioning, conditioning]),
    weights: float32([weights.length], weights),
  };
}
