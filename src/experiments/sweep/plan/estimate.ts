/** @file What a sweep would take: time by floating-point operations, memory and disk by sizes. */
import type { PlacedAdapter } from '../../../adapters/index.ts';
import { flops } from '../../../graph/index.ts';
import { traceUNet } from '../../../models/unet/sites.ts';
import type { BaseModel } from '../../../pipeline/base/base-model.ts';
import { nativeSide } from '../../../pipeline/draw/picture-size.ts';
import { elementCount } from '../../../tensor/tensor.ts';
import { StepProgram } from '../../../train/step-program.ts';
import { planTraining } from '../../../train/training-plan.ts';
import { completeTraining, drawTaskSchema } from '../spec/variant-settings.ts';
import type { Variant } from '../spec/variants.ts';
import type { SweepOutline } from './plan-sweep.ts';

/** What one training step of a variant takes. */
interface StepCost {
  /** Operations of the whole step, and of its forward pass for one picture. */
  readonly flops: number;
  readonly forward: number;
  /** Expected resident memory, in one piece. */
  readonly bytes: number;
  /** Trained numbers. */
  readonly parameters: number;
}

/** A variant that this machine has not the memory for. */
export interface TooLarge {
  readonly variant: string;
  readonly bytes: number;
}

export interface SweepEstimate {
  /** Floating-point operations of all training steps, and of all denoising steps. */
  readonly trainingFlops: number;
  readonly drawingFlops: number;
  /** Of the largest training step. */
  readonly memoryBytes: number;
  /** Variants whose step does not fit the memory given. */
  readonly tooLarge: readonly TooLarge[];
  /** Adapters with their checkpoints, and pictures at most. */
  readonly diskBytes: number;
  /** Of the base, which may still have to be downloaded. */
  readonly weightsBytes: number;
}

/** Value, gradient, two moments of AdamW, and the gradient's copy while it is handed over. */
const bytesPerParameter = 5 * 4;
/** Above this share of the UNet, gradients of weights are no small part of a step, which is traced then. */
const largeShare = 0.1;
/** Checkpoints that a run keeps, each a value and two moments, and the adapter. */
const floatsOnDisk = 2 * 3 + 1;
const bytesPerPixel = 3;

/** Estimates sweeps; what a step takes is traced once for all that ask for a like one. */
export class SweepEstimator {
  readonly #memoryBytes: number;
  readonly #steps = new Map<string, StepCost>();

  /** @param memoryBytes of the machine */
  constructor(memoryBytes: number) {
    this.#memoryBytes = memoryBytes;
  }

  /** Estimates a sweep; tracing a step of a model of real size takes some seconds. */
  estimate({ plan, base }: SweepOutline): SweepEstimate {
    const { variants, tasks, cells } = plan;
    const costs = variants.map((variant) =>
      variant.pictures === undefined ? this.#costOf(variant, base) : undefined,
    );
    const variantOf = new Map(cells.map(({ key, variant }) => [key, variant]));
    let [trainingFlops, drawingFlops, diskBytes] = [0, 0, 0];
    for (const { training, scorings } of tasks) {
      for (const [i, scoring] of scorings.entries()) {
        const cost = costs[variantOf.get(scoring.key) ?? -1];
        if (cost === undefined) continue;
        const { steps, guidance, width, height } = drawTaskSchema.parse(scoring.settings);
        const pictures = scoring.prompts.length * scoring.seeds.length + scoring.unrelated.length;
        const pixels = (width ?? nativeSide(base)) * (height ?? nativeSide(base));
        const share = pixels / nativeSide(base) ** 2;
        // Guidance asks the model twice.
        drawingFlops += pictures * steps * (guidance === 1 ? 1 : 2) * cost.forward * share;
        diskBytes += pictures * pixels * bytesPerPixel;
        if (training === undefined || i > 0) continue;
        trainingFlops += Number(training.settings.steps) * cost.flops;
        diskBytes += floatsOnDisk * 4 * cost.parameters;
      }
    }
    const trained = variants.flatMap((variant, i) => {
      const cost = costs[i];
      return variant.adapted && cost ? [{ variant: variant.name, bytes: cost.bytes }] : [];
    });
    const { unet, vae, textEncoders } = base;
    const parts = [unet, vae, ...textEncoders];
    return {
      weightsBytes: parts.reduce((sum, { weights }) => sum + weights.totalBytes, 0),
      trainingFlops,
      drawingFlops,
      diskBytes,
      memoryBytes: Math.max(0, ...trained.map(({ bytes }) => bytes)),
      tooLarge: tasks.length === 0 ? [] : trained.filter(({ bytes }) => bytes > this.#memoryBytes),
    };
  }

  /** Of a small adapter: a step with the usual one, and its own parameters. */
  #costOf(variant: Variant, base: BaseModel): StepCost {
    const { config } = completeTraining(variant, base.recommendation, 0);
    const training = variant.adapted ? planTraining(config, base) : undefined;
    const parameters = training?.parameterCount ?? 0;
    const { resolution, batchSize } = config;
    const isLarge = parameters > largeShare * unetParameters(base);
    const own = isLarge ? variant.train : {};
    const train = { ...own, resolution, batchSize };
    const key = JSON.stringify([base.name, train]);
    const traced = this.#steps.get(key) ?? stepCost({ ...variant, train }, base);
    this.#steps.set(key, traced);
    const more = bytesPerParameter * (parameters - traced.parameters);
    const constants = isLarge || !training ? 0 : constantBytes(training.placed);
    return { ...traced, parameters, bytes: traced.bytes + more + constants };
  }
}

function stepCost(variant: Variant, base: BaseModel): StepCost {
  const { config } = completeTraining(variant, base.recommendation, 0);
  const training = planTraining(config, base);
  const planned = StepProgram.plan(base, training);
  const [whole] = planned.plans();
  const programs = planned.segments(1).flatMap(({ forward, backward }) => [forward, backward]);
  const [side = 1] = training.sampleShape.slice(-1);
  const native = base.unet.config.sampleSize;
  return {
    flops: programs.reduce((sum, program) => sum + (program ? flops(program) : 0), 0),
    forward: (flops(planned.step.program) / config.batchSize) * (native / side) ** 2,
    bytes: whole?.bytes ?? 0,
    parameters: training.parameterCount,
  };
}

/** What methods compute from weights and read at every step; a traced step has it in. */
function constantBytes(placed: readonly PlacedAdapter[]): number {
  const shapes = placed.flatMap(({ adapter: { constants }, sites }) =>
    sites.flatMap((site) => Object.values(constants?.shapes(site) ?? {})),
  );
  return 4 * shapes.reduce((sum, shape) => sum + elementCount(shape), 0);
}

function unetParameters({ unet }: BaseModel): number {
  const weights = [...traceUNet(unet.config).weights.values()];
  return weights.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}
