/** @file Losses of samples by name, with the thresholds of their timesteps, and their gradients. */
import * as z from 'zod';
import { NoiseSchedule } from '../../../src/diffusion/noise-schedule.ts';
import {
  type LossName,
  lossThresholds,
  sampleLosses,
  type ThresholdOptions,
} from '../../../src/diffusion/sample-loss.ts';
import { resolveSettings } from '../../../src/diffusion/scheduler-config.ts';
import {
  compile,
  Graph,
  gradients,
  input,
  reshape,
  subtract,
  sum,
} from '../../../src/graph/index.ts';
import { openSession } from '../../../src/runtime/index.ts';
import { float32, type Tensor } from '../../../src/tensor/tensor.ts';
import { type Check, compared, largestRelativeDifference, relativeL2 } from '../check.ts';
import { type FixtureTensors, readFixtureTensors } from '../fixture.ts';

/** Float32: about ten operations each way, none of them a difference of near numbers. */
const tolerance = 1e-6;
const fixtureSchema = z.looseObject({
  cases: z.record(
    z.string(),
    z.object({
      loss: z.enum(['l2', 'l1', 'huber', 'smooth_l1']),
      huber_schedule: z.enum(['constant', 'exponential', 'snr']).nullable(),
      huber_c: z.number(),
      huber_scale: z.number(),
    }),
  ),
});

const stated = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' } as const;

/** Compares every case of a fixture of losses. */
export async function checkLosses(folder: string, fixture: unknown): Promise<Check[]> {
  const tensors = await readFixtureTensors(folder);
  const noise = new NoiseSchedule(resolveSettings({ className: 'DDPMScheduler', stated }));
  const timesteps = tensors.int32('input/timesteps');
  const checks: Check[] = [];
  for (const [name, each] of Object.entries(fixtureSchema.parse(fixture).cases)) {
    const { loss, huber_schedule: huberSchedule, huber_c: huberC, huber_scale: huberScale } = each;
    const ours: LossName = loss === 'smooth_l1' ? 'smooth-l1' : loss;
    const options: ThresholdOptions | undefined =
      huberSchedule === null ? undefined : { huberSchedule, huberC, huberScale };
    const values = options && lossThresholds(timesteps, options, noise);
    const thresholds = values && float32([values.length], values);
    const results = await lossesOf(tensors, ours, thresholds);
    if (values !== undefined) {
      const expected = tensors.float32(`${name}/thresholds`).data;
      const error = largestRelativeDifference(values, expected);
      checks.push(compared(`${name}/thresholds`, error, tolerance));
    }
    for (const kind of ['per_sample', 'gradient'] as const) {
      const expected = tensors.float32(`${name}/${kind}`).data;
      const error = relativeL2(results[kind].data, expected);
      checks.push(compared(`${name}/${kind}`, error, tolerance));
    }
  }
  return checks;
}

async function lossesOf(
  tensors: FixtureTensors,
  name: LossName,
  thresholds: Tensor<'f32'> | undefined,
): Promise<Readonly<Record<'per_sample' | 'gradient', Tensor<'f32'>>>> {
  const prediction = tensors.float32('input/prediction');
  const target = tensors.float32('input/target');
  const graph = new Graph();
  const x = input(graph, 'prediction', 'f32', prediction.shape);
  const difference = subtract(x, input(graph, 'target', 'f32', target.shape));
  const [count = 0] = target.shape;
  const losses = sampleLosses(difference, name, {
    thresholds: () => input(graph, 'thresholds', 'f32', [count]),
  });
  const [gradient = x] = gradients(reshape(sum(losses, [0]), []), [x]);
  const program = compile({ graph, outputs: { losses, gradient } });
  await using session = await openSession(program);
  const feeds = { prediction, target, ...(thresholds === undefined ? {} : { thresholds }) };
  const results = await session.run(feeds);
  return { per_sample: results.get('losses'), gradient: results.get('gradient') };
}
