/** @file What a sweep would take: time by floating-point operations, memory and disk by sizes. */
import type { BaseModel } from '../../../pipeline/base/base-model.ts';
import { nativeSide } from '../../../pipeline/draw/picture-size.ts';
import { memorySetting, memoryToGive, StepCosts } from '../../../train/step-cost.ts';
import { planTraining, type TrainPlan } from '../../../train/training-plan.ts';
import { completeTraining, drawTaskSchema } from '../spec/variant-settings.ts';
import type { Variant } from '../spec/variants.ts';
import type { SweepOutline } from './plan-sweep.ts';

/** A variant whose step, in one piece, this machine has not the memory for. */
export interface TooLarge {
  readonly variant: string;
  readonly bytes: number;
  /** What a step holds at least, in segments, or as soon as that fits. */
  readonly least: number;
  /** The setting `memory` of a training with which it fits; undefined where nothing does. */
  readonly setting: string | undefined;
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
  /** Of the base, and of those that cases have, which may still have to be downloaded. */
  readonly weightsBytes: number;
}

/** Checkpoints that a run keeps, each a value and two moments, and the adapter. */
const floatsOnDisk = 2 * 3 + 1;
const bytesPerPixel = 3;

/** Estimates sweeps; what a step takes is traced once for all that ask for a like one. */
export class SweepEstimator {
  readonly #memoryBytes: number;
  readonly #steps = new StepCosts();

  /** @param memoryBytes of the machine */
  constructor(memoryBytes: number) {
    this.#memoryBytes = memoryBytes;
  }

  /** Estimates a sweep; tracing a step of a model of real size takes some seconds. */
  estimate({ plan, base: usual, bases }: SweepOutline): SweepEstimate {
    const { variants, tasks, cells } = plan;
    const baseOf = (name: string | undefined) => bases.get(name ?? plan.spec.base) ?? usual;
    const trainings = variants.map((variant) =>
      variant.pictures === undefined ? trainingOf(variant, baseOf(variant.base)) : undefined,
    );
    const costs = trainings.map((training) => training && this.#steps.of(training));
    const variantOf = new Map(cells.map(({ key, variant }) => [key, variant]));
    let [trainingFlops, drawingFlops, diskBytes] = [0, 0, 0];
    for (const { base: name, training, scorings } of tasks) {
      const base = baseOf(name);
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
      return variant.adapted && cost
        ? [{ variant: variant.name, training: trainings[i], bytes: cost.bytes }]
        : [];
    });
    const tooLarge = trained.flatMap(({ variant, training, bytes }) =>
      training === undefined || bytes <= this.#memoryBytes || tasks.length === 0
        ? []
        : [{ variant, bytes, ...this.#inSegments(training) }],
    );
    const parts = [...bases.values()].flatMap((base) => {
      const { unet, vae, textEncoders, subjectEncoder } = base;
      return [
        unet,
        vae,
        ...textEncoders,
        ...(subjectEncoder === undefined ? [] : [subjectEncoder]),
      ];
    });
    return {
      weightsBytes: parts.reduce((sum, { weights }) => sum + weights.totalBytes, 0),
      trainingFlops,
      drawingFlops,
      diskBytes,
      memoryBytes: Math.max(0, ...trained.map(({ bytes }) => bytes)),
      tooLarge,
    };
  }

  #inSegments(training: TrainPlan): Pick<TooLarge, 'least' | 'setting'> {
    const limit = memoryToGive(this.#memoryBytes);
    const least = this.#steps.leastWithin(training, limit);
    return { least, setting: least <= limit ? memorySetting(limit) : undefined };
  }
}

/** Fits every base, and costs next to nothing: what draws with the base as it is is estimated by a training of it. */
const leastAdapter = { adapter: 'lora', adapterOptions: { rank: 1 } };

function trainingOf(variant: Variant, base: BaseModel): TrainPlan {
  const stated = variant.adapted ? variant : { ...variant, train: leastAdapter };
  const { config } = completeTraining(stated, base.recommendation, 0);
  return planTraining(config, base);
}
