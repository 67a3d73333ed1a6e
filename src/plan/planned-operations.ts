/** @file How many operations training and drawing take, with the adapter and without. */
import type { PlacedAdapter } from '../adapters/index.ts';
import { flops, simplify } from '../graph/index.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { decoderProgram, latentShape } from '../pipeline/draw/autoencoder.ts';
import { denoiserProgram } from '../pipeline/draw/denoiser.ts';
import { nativeSide } from '../pipeline/draw/picture-size.ts';
import { promptPart } from '../pipeline/text/text-encoder.ts';
import { stepFlops } from '../train/step-cost.ts';

/** How a picture would be drawn. */
export interface DrawingToPlan {
  readonly steps: number;
  /** Classifier-free guidance; 1 asks the UNet once a step, everything else twice. */
  readonly guidance: number;
}

/** What to count. */
export interface OperationsToPlan extends DrawingToPlan {
  readonly placed: PlacedAdapter;
  /** Side of pictures in pixels. @default the side that the model was trained at */
  readonly resolution?: number | undefined;
  /** Pictures of a training step. */
  readonly batchSize: number;
}

/** Floating-point operations with the adapter beside the frozen weights, and of the base alone. */
export interface OperationPair {
  readonly adapted: number;
  readonly base: number;
}

/**
 * Floating-point operations; a multiplication that is added to a sum, a MAC, counts as two. An adapter that is merged
 * into the weights draws with those of the base.
 */
export interface PlannedOperations {
  readonly resolution: number;
  readonly batchSize: number;
  /** The UNet, asked once about one picture. */
  readonly prediction: OperationPair;
  /** A training step: forward, and backward to the adapter's parameters. */
  readonly trainingStep: number;
  /** One step of sampling. */
  readonly samplingStep: OperationPair;
  /** A whole picture: the texts, so many steps of sampling, and the VAE's decoder. */
  readonly picture: OperationPair & DrawingToPlan;
}

/**
 * Counts the operations; takes a second for a large model.
 *
 * @throws ConfigError PICTURE_SIZE
 */
export function plannedOperations(
  model: BaseModel,
  { placed, resolution = nativeSide(model), batchSize, steps, guidance }: OperationsToPlan,
): PlannedOperations {
  const size = { height: resolution, width: resolution };
  const asked = (scale: number): OperationPair => {
    const of = (chosen: readonly PlacedAdapter[]) => {
      const adapters = chosen.map((each) => ({ placed: [each], tensors: new Map() }));
      const program = denoiserProgram(model, { size, batch: 1, guidance: { scale }, adapters });
      return flops(simplify(program));
    };
    return { adapted: of([placed]), base: of([]) };
  };
  const once = asked(1);
  const samplingStep = guidance === 1 ? once : asked(guidance);
  const texts = flops(simplify(promptPart(model).program)) * (guidance === 1 ? 1 : 2);
  const around = texts + flops(simplify(decoderProgram(model, size)));
  const [, ...latent] = latentShape(model, size);
  return {
    resolution,
    batchSize,
    prediction: once,
    trainingStep: stepFlops(model, { placed: [placed], sampleShape: [batchSize, ...latent] }),
    samplingStep,
    picture: {
      steps,
      guidance,
      adapted: steps * samplingStep.adapted + around,
      base: steps * samplingStep.base + around,
    },
  };
}
