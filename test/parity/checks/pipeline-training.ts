/** @file One training step through a whole pipeline: pixels to the gradients of KronA's factors. */
import { initialTensors } from '../../../src/adapters/index.ts';
import { TorchGenerator } from '../../../src/base/torch-random.ts';
import { lossWeights } from '../../../src/diffusion/loss-weights.ts';
import { NoiseSchedule } from '../../../src/diffusion/noise-schedule.ts';
import { resolveSettings } from '../../../src/diffusion/scheduler-config.ts';
import { unetSites } from '../../../src/models/unet/sites.ts';
import { unet } from '../../../src/models/unet/unet.ts';
import { openNetwork } from '../../../src/pipeline/network/open-network.ts';
import {
  conditioningOf,
  joinedConditioning,
  unetFeeds,
  unetInputs,
} from '../../../src/pipeline/text/conditioning.ts';
import type { EncodedText } from '../../../src/pipeline/text/text-encoder.ts';
import { float32, rowsOf, type Tensor } from '../../../src/tensor/tensor.ts';
import type { Batch } from '../../../src/train/pictures/batches.ts';
import { StepProgram } from '../../../src/train/step-program.ts';
import { advised, type Tolerance } from '../advice.ts';
import { type Check, compared } from '../check.ts';
import type { FixtureTensors } from '../fixture.ts';
import {
  adapterTensors,
  compareResults,
  fixtureName,
  placeAdapter,
  type Results,
} from '../network.ts';
import { encodeAll, type PipelineFixture } from './pipeline.ts';

/** Weight of the prior's picture in the fixtures' loss. */
const priorWeight = 1;

/** Compares latents, noisy latents, target, prediction, losses and gradients of one step. */
export async function checkTrainingStep(fixture: PipelineFixture): Promise<Check[]> {
  const { json, tensors } = fixture;
  if (json.krona === undefined || !tensors.has('train/pixel_values')) return [];
  const { batch, latents } = await noisyBatch(fixture);
  const results: Results = new Map([
    ['train/latents', latents],
    ['train/noisy', batch.sample],
    ['train/target', batch.target],
    ['train/prediction', await prediction(fixture, batch)],
  ]);
  const toleranceOf = tolerances(json.tolerance);
  return [
    ...compareResults(results, tensors, toleranceOf),
    ...(await checkStep(fixture, batch, toleranceOf)),
  ];
}

function tolerances(advice: string): (name: string) => Tolerance {
  // Without advice: float32 through encoder and UNet, and back.
  const loss = advised(advice, 'loss', { relative: 1e-4 });
  const gradient = advised(advice, 'gradients', { relative: 1e-3 });
  // What comes before the loss has no advice of its own: the loss's is the strictest that covers it.
  return (name) => (/grad/.test(name) ? gradient : loss);
}

/** The picture of the subject and one of the prior, encoded and noised as the fixture says. */
async function noisyBatch({
  base,
  size,
  tensors,
  framing,
}: PipelineFixture): Promise<{ readonly batch: Batch; readonly latents: Tensor<'f32'> }> {
  const pixels = tensors.float32('train/pixel_values');
  const latents = await encodeAll(base, size, pixels, tensors.float32('train/vae_noise'));
  const settings = resolveSettings(base.scheduler);
  const schedule = new NoiseSchedule(settings);
  const timesteps = tensors.int32('train/timesteps');
  const noise = tensors.float32('train/noise');
  const target = schedule.trainingTarget(settings.prediction_type, latents, noise, timesteps);
  const weights = lossWeights(timesteps, { prior: { priorSamples: 1, weight: priorWeight } });
  const batch = {
    sample: schedule.addNoise(latents, noise, timesteps),
    target,
    timesteps,
    conditioning: joinedConditioning([
      conditioningOf(base, firstText(tensors, 'prompt_embeds', 'pooled'), { framing }),
      conditioningOf(base, firstText(tensors, 'negative_embeds', 'negative_pooled'), { framing }),
    ]),
    weights: float32([weights.length], weights),
  };
  return { batch, latents };
}

/** The fixture's own encoding of its first prompt, or of the negative one. */
function firstText(tensors: FixtureTensors, states: string, pooled: string): EncodedText {
  const first = (name: string) => rowsOf(tensors.float32(`text/${name}`), 0, 1);
  return {
    states: first(states),
    pooled: tensors.has(`text/${pooled}`) ? first(pooled) : undefined,
  };
}

async function prediction({ base }: PipelineFixture, batch: Batch): Promise<Tensor<'f32'>> {
  const { config, weights } = base.unet;
  await using session = await openNetwork(weights, (graph, scope) => ({
    prediction: unet(scope, config, unetInputs(graph, base, batch.sample.shape)),
  }));
  return (await session.run(unetFeeds(base, batch))).get('prediction');
}

/** The step that training takes, with KronA on every attention projection and B = 0. */
async function checkStep(
  { base, json, tensors }: PipelineFixture,
  batch: Batch,
  toleranceOf: (name: string) => Tolerance,
): Promise<Check[]> {
  const placed = placeAdapter(unetSites(base.unet.config), 'krona', json.krona);
  // While B is 0 a projection's gradient depends on its own A only: those not given may be any.
  const parameters = new Map([
    ...initialTensors(placed, new TorchGenerator(0n)),
    ...[...adapterTensors(tensors, 'train_', ['A'])].map(
      ([name, value]) => [`unet.${name}`, value] as const,
    ),
  ]);
  await using program = await StepProgram.open(base, {
    placed: [placed],
    sampleShape: batch.sample.shape,
  });
  const { loss, perSample, gradients } = await program.run(batch, parameters);
  const results: Results = new Map([
    ['train/loss', float32([], [loss])],
    ['train/instance_loss', float32([], perSample.data.subarray(0, 1))],
    ['train/prior_loss', float32([], perSample.data.subarray(1, 2))],
    ...[...gradients].map(
      ([name, gradient]) =>
        [fixtureName('train_grad_', name.replace(/^unet\./, '')), gradient] as const,
    ),
  ]);
  const gradientsOfA = [...gradients].filter(([name]) => name.endsWith('.A'));
  const largest = Math.max(
    ...gradientsOfA.flatMap(([, { data }]) => [...data].map((value) => Math.abs(value))),
  );
  return [
    ...compareResults(results, tensors, toleranceOf),
    // B is 0, and with it the gradient of A.
    compared('train_grad_A/of all projections', largest, 0),
    checkNormBound(tensors, gradients),
  ];
}

/** The norm of all gradients is at least that of those whose A the fixture gives; the others cannot be computed. */
function checkNormBound(
  tensors: FixtureTensors,
  gradients: ReadonlyMap<string, Tensor<'f32'>>,
): Check {
  const given = tensors
    .under('train_A/')
    .map((site) => gradients.get(`unet.${site}.B`)?.data ?? []);
  const bound = Math.hypot(...given.flatMap((values) => [...values]));
  const all = tensors.float32('train/grad_norm').data[0] ?? Number.NaN;
  return compared('train_grad_norm/at least that of some', bound <= all ? 0 : bound / all - 1, 0);
}
