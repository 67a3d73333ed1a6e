/** @file A UNet: outputs, module traces, gradients of inputs and weights, sample weights of the loss, odd sizes. */
import { readdir } from 'node:fs/promises';
import * as z from 'zod';
import { lossWeights, minSnrWeight } from '../../../../src/diffusion/loss-weights.ts';
import { NoiseSchedule } from '../../../../src/diffusion/noise-schedule.ts';
import {
  parseSchedulerConfig,
  resolveSettings,
} from '../../../../src/diffusion/scheduler-config.ts';
import { guidanceFeatures } from '../../../../src/models/unet/time-features.ts';
import { openUNet } from '../../../../src/pipeline/base/open-base.ts';
import { float32, type Tensor } from '../../../../src/tensor/tensor.ts';
import { advised, type Tolerance } from '../../advice.ts';
import { type Check, compared } from '../../check.ts';
import { type FixtureTensors, readFixtureJson, readFixtureTensors } from '../../fixture.ts';
import {
  compareResults,
  compute,
  gradientOutputs,
  type Results,
  resultOf,
  squaredErrors,
  traceOutputs,
  unchecked,
  weightGradients,
} from '../../network.ts';
import {
  callUNet,
  timeFeatures,
  timeIdFeatures,
  type UNetPart,
  unetFeeds,
} from '../../unet-call.ts';
import { checkUNetAdapter } from '../adapters/unet-adapters.ts';

const fixtureSchema = z.looseObject({
  tolerance: z.string().default(''),
  prior_preservation: z.string().optional(),
  krona: z.unknown().optional(),
  lora: z.looseObject({ rank: z.int(), alpha: z.number() }).optional(),
  krona_train: z.unknown().optional(),
});

const normsSchema = z.object({ norms: z.record(z.string(), z.number()) });

/** Everything that the checks of one UNet share. */
export interface UNetFixture {
  readonly folder: string;
  readonly json: z.output<typeof fixtureSchema>;
  readonly tensors: FixtureTensors;
  readonly unet: UNetPart;
  readonly toleranceOf: (name: string) => Tolerance;
}

/** Compares everything of a fixture of a UNet2DConditionModel. */
export async function checkUNet(folder: string, fixture: unknown): Promise<Check[]> {
  const json = fixtureSchema.parse(fixture);
  const tensors = await readFixtureTensors(folder);
  const unet = await openUNet(folder);
  const shared = { folder, json, tensors, unet, toleranceOf: tolerances(json.tolerance) };
  const checks = [
    ...(await checkBase(shared)),
    ...(await checkOddSize(shared)),
    ...(await checkUNetAdapter(shared, 'krona')),
    ...(await checkUNetAdapter(shared, 'lora')),
  ];
  const inputs = /^(input|krona_A|krona_B|lora_A|lora_B)\/|^odd\/(sample|timesteps|encoder_)/;
  return [...checks, ...unchecked(tensors, checks, inputs)];
}

/** Outputs and losses, gradients, and factors after training. */
function tolerances(advice: string): (name: string) => Tolerance {
  // Without advice: float32 over some hundred layers, whose rounding a backward pass multiplies.
  const output = advised(advice, 'output', { relative: 1e-4 });
  const gradient = advised(advice, 'gradients', { relative: 1e-3 });
  const losses = advised(advice, 'krona_train losses', { relative: 1e-4 });
  const factors = advised(advice, 'factors', { absolute: 1e-3 });
  return (name) => {
    if (/^krona_train_/.test(name)) return factors;
    if (name === 'krona_train/losses') return losses;
    return /grad/.test(name) ? gradient : output;
  };
}

async function checkBase(fixture: UNetFixture): Promise<Check[]> {
  const { folder, tensors, unet, toleranceOf } = fixture;
  const batch = unetFeeds(unet, tensors, 'input/');
  const norms = await readNorms(folder);
  const results = await compute({
    weights: unet.weights,
    feeds: { ...batch, target: tensors.float32('input/target') },
    trace: ({ scope, input }) => {
      const output = callUNet(scope, unet, input);
      const traces = traceOutputs(scope.graph, tensors);
      const { all: loss, perSample } = squaredErrors(output, input('target'));
      const full = tensors.under('grad_full/');
      const wrt = tensors.under('grad/').map((name) => [`grad/${name}`, input(name)] as const);
      return {
        'output/sample': output,
        'output/loss': loss,
        'loss/per_sample': perSample,
        ...traces,
        ...gradientOutputs(loss, new Map(wrt)),
        ...weightGradients(scope, loss, { prefix: 'grad_full/', names: full }),
        ...weightGradients(scope, loss, { prefix: 'norm/', names: Object.keys(norms) }),
      };
    },
  });
  return [
    ...compareResults(results, tensors, toleranceOf),
    ...compareResults(timeTraces(fixture), tensors, toleranceOf),
    ...checkNorms(results, norms, toleranceOf('grad_full/')),
    ...(await checkSampleWeights(fixture, resultOf(results, 'loss/per_sample'))),
  ];
}

/** Sinusoids, which are computed outside the graph. */
function timeTraces({ tensors, unet }: UNetFixture): Results {
  const traces = new Map([
    ['trace/time_proj', timeFeatures(unet, tensors.int32('input/timesteps'))],
  ]);
  if (tensors.has('input/time_ids')) {
    const ids = tensors.float32('input/time_ids').data;
    traces.set('trace/add_time_proj', timeIdFeatures(unet, ids));
  }
  const { guidanceSize } = unet.config;
  if (guidanceSize !== undefined) {
    const scales = tensors.float32('input/guidance').data;
    traces.set('trace/guidance_embedding', guidanceFeatures(scales, guidanceSize));
  }
  return traces;
}

async function readNorms(folder: string): Promise<Readonly<Record<string, number>>> {
  const path = 'param-grad-norms.json';
  if (!(await readdir(folder)).includes(path)) return {};
  return normsSchema.parse(await readFixtureJson(folder, path)).norms;
}

/** Norms of all weights' gradients, relative to each, or to a millionth of all together where rounding decides. */
function checkNorms(
  results: Results,
  norms: Readonly<Record<string, number>>,
  { relative = 0 }: Tolerance,
): Check[] {
  const floor = 1e-6 * Math.hypot(...Object.values(norms));
  return Object.entries(norms).map(([name, expected]) => {
    const actual = Math.hypot(...resultOf(results, `norm/${name}`).data);
    const error = Math.abs(actual - expected) / Math.max(expected, floor);
    return compared(`param-grad-norms/${name}`, error, relative);
  });
}

/** Losses of the fixture that weigh its samples: `min_snrGAMMA`, its weights, `prior_preservation_wWEIGHT`. */
async function checkSampleWeights(
  { folder, json, tensors, toleranceOf }: UNetFixture,
  perSample: Tensor<'f32'>,
): Promise<Check[]> {
  const names = tensors.under('loss/').filter((name) => name !== 'per_sample');
  if (names.length === 0) return [];
  const timesteps = tensors.int32('input/timesteps');
  const config = parseSchedulerConfig(
    await readFixtureJson(folder, 'scheduler_config.json'),
    folder,
  );
  const settings = resolveSettings(config);
  const schedule = new NoiseSchedule(settings);
  const weighted = (weights: ArrayLike<number>) =>
    float32([], [perSample.data.reduce((sum, loss, n) => sum + loss * (weights[n] ?? 0), 0)]);
  const actual = new Map<string, Tensor<'f32'>>();
  for (const name of names) {
    const gamma = /^min_snr([\d.]+)(_weights)?$/.exec(name);
    const prior = /^prior_preservation_w([\d.]+)$/.exec(name);
    if (gamma !== null) {
      const predictionType = settings.prediction_type;
      const minSnr = { gamma: Number(gamma[1]), schedule, predictionType };
      const values = Array.from(timesteps, (timestep) => minSnrWeight(minSnr, timestep));
      const isWeights = gamma[2] !== undefined;
      const loss = isWeights ? float32([values.length], values) : undefined;
      actual.set(`loss/${name}`, loss ?? weighted(lossWeights(timesteps, { minSnr })));
    } else if (prior !== null) {
      // "... + 0.7 * mean of per_sample[-1:]"
      const priorSamples = Number(
        /per_sample\[-(\d+):\]/.exec(json.prior_preservation ?? '')?.[1] ?? 1,
      );
      const weights = lossWeights(timesteps, { prior: { priorSamples, weight: Number(prior[1]) } });
      actual.set(`loss/${name}`, weighted(weights));
    }
  }
  return compareResults(actual, tensors, toleranceOf);
}

async function checkOddSize({ tensors, unet, toleranceOf }: UNetFixture): Promise<Check[]> {
  if (!tensors.has('odd/output')) return [];
  const results = await compute({
    weights: unet.weights,
    feeds: unetFeeds(unet, tensors, 'odd/'),
    trace: ({ scope, input }) => ({ 'odd/output': callUNet(scope, unet, input) }),
  });
  return compareResults(results, tensors, toleranceOf);
}
