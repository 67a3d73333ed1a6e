/** @file When the loss on held-out pictures is measured, and what is told of it. */

import type { SubjectLoss } from '../events.ts';
import type { TrainState } from '../folder/checkpoint.ts';
import type { Report } from '../folder/logs/run-log.ts';
import { readEvents, type ValidationEvent, validationsOf } from '../folder/read-events.ts';
import type { Batch } from '../pictures/batches.ts';
import type { StepProgram } from '../step-program.ts';
import type { TrainPlan } from '../training-plan.ts';
import { fixedSamples } from './fixed-samples.ts';
import type { HeldOut } from './held-out.ts';
import { baseLoss, trainedLoss } from './held-out-loss.ts';

interface ValidationOptions {
  /** The file of events. */
  readonly events: string;
  /** Of one subject or more. */
  readonly heldOut: readonly HeldOut[];
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Measures the loss on held-out pictures. */
export class Validation {
  readonly #plan: TrainPlan;
  readonly #options: ValidationOptions;
  readonly #subjects: readonly Known[];
  /** The last step that was measured. */
  #last: number | undefined;

  private constructor(
    plan: TrainPlan,
    options: ValidationOptions,
    { subjects, last }: { readonly subjects: readonly Known[]; readonly last: number | undefined },
  ) {
    this.#plan = plan;
    this.#options = options;
    this.#subjects = subjects;
    this.#last = last;
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
    const before = validationsOf(await readEvents(options.events)).at(-1);
    const subjects: Known[] = [];
    for (const each of heldOut) {
      const { subject } = each;
      const samples = fixedSamples(plan, each);
      const known = heldOut.length === 1 ? before : ofSubject(before, subject);
      const ofBase = known?.baseLoss ?? (await baseLoss({ plan, samples, parameters, signal }));
      if (ofBase === undefined) return undefined;
      subjects.push({ subject, samples, baseLoss: ofBase });
    }
    return new Validation(plan, options, { subjects, last: before?.step });
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
    const subjects: SubjectLoss[] = [];
    for (const { subject, samples, baseLoss } of this.#subjects) {
      const measuring = { plan: this.#plan, samples, signal };
      const loss = await trainedLoss(program, { ...measuring, parameters: average ?? now });
      if (loss === undefined) return;
      subjects.push({ subject, loss, baseLoss });
    }
    this.#last = step;
    await report({
      ...{ type: 'validation', step },
      loss: mean(subjects.map(({ loss }) => loss)),
      baseLoss: mean(subjects.map(({ baseLoss }) => baseLoss)),
      ...(subjects.length > 1 && { subjects }),
    });
  }
}

interface Known {
  readonly subject: string;
  readonly samples: readonly Batch[];
  readonly baseLoss: number;
}

function ofSubject(event: ValidationEvent | undefined, phrase: string): SubjectLoss | undefined {
  return event?.subjects?.find(({ subject }) => subject === phrase);
}

/** Every subject counts alike, however many pictures it has. */
function mean(losses: readonly number[]): number {
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
