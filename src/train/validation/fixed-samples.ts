/** @file What the loss on held-out pictures is measured with: the same noise at the same timesteps, every time. */
import { TorchGenerator } from '../../base/torch-random.ts';
import { hasThresholds, lossThresholds } from '../../diffusion/sample-loss.ts';
import { drawLatents } from '../../pipeline/draw/autoencoder.ts';
import { conditioningOf, joinedConditioning } from '../../pipeline/text/conditioning.ts';
import { concatenated, drawNormal, elementCount, float32 } from '../../tensor/tensor.ts';
import { isMasked, placeWeightsOf } from '../masks/loss-mask.ts';
import type { Batch } from '../pictures/batches.ts';
import type { Concept } from '../pictures/dataset.ts';
import { textOf } from '../texts/text-form.ts';
import type { TrainPlan } from '../training-plan.ts';

/** Timesteps of a picture, evenly between no noise and nothing but noise. */
const timestepCount = 4;

/**
 * Samples of one each: every picture at timesteps T/5, 2T/5, 3T/5 and 4T/5. They follow from the seed of the run alone, by a
 * generator of their own, so that nothing that is trained depends on whether they are drawn.
 */
export function fixedSamples(plan: TrainPlan, heldOut: Concept): readonly Batch[] {
  const { base, config, schedule, predictionType } = plan;
  const generator = new TorchGenerator(config.seed);
  return heldOut.pictures.flatMap((picture) =>
    Array.from({ length: timestepCount }, (_, i): Batch => {
      const { shape } = picture.mean;
      const latents = drawLatents(base, picture, generator.randn(elementCount(shape)));
      const noise = drawNormal(generator, shape);
      const share = (i + 1) / (timestepCount + 1);
      const timesteps = Int32Array.of(Math.floor(share * schedule.length));
      return {
        sample: schedule.addNoise(latents, noise, timesteps),
        target: schedule.trainingTarget(predictionType, latents, noise, timesteps),
        timesteps,
        conditioning: conditioningOf(base, textOf(heldOut, picture), picture),
        weights: float32([1], [1]),
        ...(hasThresholds(config.loss)
          ? { thresholds: float32([1], lossThresholds(timesteps, config, schedule)) }
          : {}),
        ...(isMasked(config) ? { placeWeights: placeWeightsOf(picture, config) } : {}),
      };
    }),
  );
}

/** Samples of one size as a batch. */
export function joinedSamples(samples: readonly Batch[]): Batch {
  const thresholds = samples.flatMap((each) => each.thresholds ?? []);
  const placeWeights = samples.flatMap((each) => each.placeWeights ?? []);
  return {
    sample: concatenated(samples.map(({ sample }) => sample)),
    target: concatenated(samples.map(({ target }) => target)),
    timesteps: Int32Array.from(samples.flatMap(({ timesteps }) => [...timesteps])),
    conditioning: joinedConditioning(samples.map(({ conditioning }) => conditioning)),
    weights: concatenated(samples.map(({ weights }) => weights)),
    ...(thresholds.length === 0 ? {} : { thresholds: concatenated(thresholds) }),
    ...(placeWeights.length === 0 ? {} : { placeWeights: concatenated(placeWeights) }),
  };
}
