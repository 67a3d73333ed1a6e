/** @file When the loss on held-out pictures is measured, and what is told of it. */
import type { TrainState } from '../folder/checkpoint.ts';
import type { Report } from '../folder/logs/run-log.ts';
import { readEvents, validationsOf } from '../folder/read-events.ts';
import type { Batch } from '../pictures/batches.ts';
import type { Concept } from '../pictures/dataset.ts';
import type { StepProgram } from '../step-program.ts';
import type { TrainPlan } from '../training-plan.ts';
import { fixedSamples } from './fixed-samples.ts';
import { baseLoss, trainedLoss } from './held-out-loss.ts';

interface ValidationOptions {
  /** The file of events. */
  readonly events: string;
  readonly heldOut: Concept;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Measures the loss on held-out pictures. */
export class Validation {
  readonly #plan: TrainPlan;
  readonly #options: ValidationOptions;
  readonly #samples: readonly Batch[];
  readonly #ofBase: number;
  /** The last step that was measured. */
  #last: number | undefined;

  private constructor(plan: TrainPlan, options: ValidationOptions, known: Known) {
    this.#plan = plan;
    this.#options = options;
    this.#samples = known.samples;
    this.#ofBase = known.ofBase;
    this.#last = known.last;
  }

  /**
   * Measures the base, where earlier parts of the run have not: its memory is free again before the first step.
   *
   * @returns undefined where the signal came first
   */
  static async begin(
    plan: TrainPlan,
    { parameters }: TrainState,
    options: ValidationOptions,
  ): Promise<Validation | undefined> {
    const { heldOut, signal } = options;
    const samples = fixedSamples(plan, heldOut);
    const before = validationsOf(await readEvents(options.events)).at(-1);
    const ofBase = before?.baseLoss ?? (await baseLoss({ plan, samples, parameters, signal }));
    if (ofBase === undefined) return undefined;
    return new Validation(plan, options, { samples, ofBase, last: before?.step });
  }

  /** Measures where that is due and not done: at the start, every so many steps, and at the end. */
  async measure(
    program: Pick<StepProgram, 'run'>,
    { step, parameters: now, average }: TrainState,
  ): Promise<void> {
    const { validationEvery, steps } = this.#plan.config;
    const isDue = step % validationEvery === 0 || step === steps;
    if (!isDue || step === this.#last) return;
    const { report, signal } = this.#options;
    const measuring = { plan: this.#plan, samples: this.#samples, signal };
    const loss = await trainedLoss(program, { ...measuring, parameters: average ?? now });
    if (loss === undefined) return;
    this.#last = step;
    await report({ type: 'validation', step, loss, baseLoss: this.#ofBase });
  }
}

interface Known {
  readonly samples: readonly Batch[];
  readonly ofBase: number;
  readonly last: number | undefined;
}
