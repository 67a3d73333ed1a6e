/** @file What a step takes of this machine, traced; the setting that makes it fit where it does not. */
import { sizeText } from '../../base/byte-size.ts';
import { ConfigError, invariant } from '../../base/errors.ts';
import { flops, simplify } from '../../graph/index.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { decoderProgram } from '../../pipeline/draw/autoencoder.ts';
import { requireDrawable } from '../../pipeline/draw/drawing-memory.ts';
import { nativeSide } from '../../pipeline/draw/picture-size.ts';
import { machineMemory } from '../../platform/machine.ts';
import { productRate } from '../../runtime/index.ts';
import { memorySetting, memoryToGive, StepCosts, stepShare } from '../../train/step-cost.ts';
import { largestResolution } from '../../train/step-memory.ts';
import { drawingSettings, type TrainPlan } from '../../train/training-plan.ts';
import type { Settings } from '../interface/operation-shapes.ts';
import type { EstimatedStep } from './plan-question.ts';
import { plannedAsFarAsRight } from './planned-training.ts';

/** Of the side that a model was trained at, below which it draws nothing of use. */
const leastShare = 0.5;

interface EstimatedMemory
  extends Pick<EstimatedStep, 'memoryBytes' | 'fits' | 'memorySetting' | 'problem'> {
  /** Of pictures with which it fits, where nothing else helps. */
  readonly side: number | undefined;
}

/** Estimates steps; tracing one of a model of real size takes seconds. */
export class StepEstimator {
  readonly #costs = new StepCosts();
  readonly #now: () => number;
  readonly #available: number;
  #rate: Promise<number> | undefined;

  /**
   * @param now milliseconds
   * @param available bytes. @default those of this machine
   */
  constructor(now: () => number, available = machineMemory()) {
    this.#now = now;
    this.#available = available;
  }

  async estimate(settings: Settings): Promise<EstimatedStep> {
    const training = await plannedWhole(settings);
    this.#rate ??= productRate(this.#now);
    const rate = stepShare * (await this.#rate);
    const { side, ...memory } = this.#memory(training, this.#costs.of(training).bytes);
    const smaller =
      side === undefined ? undefined : await plannedWhole({ ...settings, resolution: side });
    return {
      ...memory,
      secondsPerStep: this.#stepFlops(training) / rate,
      smaller: smaller && {
        resolution: smaller.size.width,
        memoryBytes: this.#costs.of(smaller).bytes,
        secondsPerStep: this.#stepFlops(smaller) / rate,
      },
      secondsPerPicture: isDrawable(training, this.#available)
        ? this.#pictureFlops(training) / rate
        : undefined,
    };
  }

  #stepFlops(training: TrainPlan): number {
    return this.#costs.of(training).flops * training.config.accumulate;
  }

  /** Operations of a picture of the model's own size, drawn as usual. */
  #pictureFlops(training: TrainPlan): number {
    const { base } = training;
    const { size, steps, guidance } = usualDrawing(base);
    const decoder = flops(simplify(decoderProgram(base, size)));
    return steps * (guidance.scale === 1 ? 1 : 2) * this.#costs.of(training).forward + decoder;
  }

  #memory(training: TrainPlan, whole: number): EstimatedMemory {
    const { memoryBytes: given = Number.POSITIVE_INFINITY } = training;
    const available = this.#available;
    const none = { memorySetting: undefined, side: undefined, problem: undefined };
    if (whole <= Math.min(given, available)) return { memoryBytes: whole, fits: true, ...none };
    const limit = Math.min(given, memoryToGive(available));
    const bytes = this.#costs.leastWithin(training, limit);
    // Of other devices nothing is known before.
    const about = { key: 'memory', isBlocking: training.config.device === 'cpu' };
    const there = `this machine has ${sizeText(available)}`;
    const has = { available: sizeText(Math.min(given, available)) };
    if (bytes > limit) {
      const side = given <= available ? undefined : fittingResolution(training, limit);
      const advice =
        side === undefined
          ? 'use a smaller batch, resolution or model'
          : `\`resolution: ${side}\` fits`;
      const message = `a training step needs at least ${sizeText(bytes)}, ${given <= available ? `${sizeText(given)} were given` : there}; ${advice}`;
      const details = { ...has, needed: sizeText(bytes), ...(side && { side: String(side) }) };
      const key = side === undefined ? 'memory' : 'resolution';
      const problem = { code: 'MEMORY_TOO_SMALL', message, details, ...about, key };
      return { ...none, memoryBytes: bytes, fits: false, side, problem };
    }
    if (given <= available) return { memoryBytes: bytes, fits: true, ...none };
    const setting = memorySetting(limit);
    const message = `a training step takes ${sizeText(whole)} in one piece, ${there}; \`memory: ${setting}\` cuts it into segments that fit`;
    const details = { ...has, whole: sizeText(whole), setting };
    const problem = { code: 'MEMORY_TOO_SMALL', message, details, ...about };
    return { ...none, memoryBytes: whole, fits: false, memorySetting: setting, problem };
  }
}

/** A training of settings that are not refused. */
async function plannedWhole(settings: Settings): Promise<TrainPlan> {
  const { training } = await plannedAsFarAsRight(settings);
  invariant(training !== undefined, 'a step of refused settings is estimated');
  return training;
}

/** The largest resolution of which a step fits, where that is all that must change. */
function fittingResolution(training: TrainPlan, limit: number): number | undefined {
  if (training.config.batchSize > 1) return undefined;
  const side = largestResolution(training, limit);
  return side < leastShare * nativeSide(training.base) ? undefined : side;
}

function usualDrawing(base: BaseModel) {
  const side = nativeSide(base);
  return { size: { width: side, height: side }, batch: 1, ...drawingSettings(base) };
}

function isDrawable({ base }: TrainPlan, available: number): boolean {
  try {
    requireDrawable(base, usualDrawing(base), available);
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}
