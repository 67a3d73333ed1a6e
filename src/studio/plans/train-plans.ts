/** @file What trainings would be: counted at once, memory and time as soon as they are worked out. */
import type { Settings } from '../interface/operation-shapes.ts';
import { HelperProcess } from '../processes/helper-process.ts';
import type { EventFeed } from '../work/event-feed.ts';
import type { StudioHost } from '../work/studio-host.ts';
import { planProgram } from './plan-process.ts';
import type { EstimatedStep, PlannedTraining, PlanQuestion } from './plan-question.ts';
import { StepEstimates } from './step-estimates.ts';

/** Plans that are kept. */
const mostKept = 200;

/** A training with what is known of its steps so far. */
export interface KnownTraining extends PlannedTraining {
  /** Undefined where it is not known, or not yet. */
  readonly step: EstimatedStep | undefined;
  readonly isReckoning: boolean;
}

export class TrainPlans implements AsyncDisposable {
  readonly #process = new HelperProcess<PlanQuestion, never, PlannedTraining>(planProgram);
  readonly #estimates: StepEstimates;
  /** By their settings. */
  readonly #planned = new Map<string, Promise<PlannedTraining>>();

  constructor(feed: EventFeed, host: StudioHost) {
    this.#estimates = new StepEstimates(feed, host);
  }

  /** @param settings of training, without files */
  async plan(settings: Settings): Promise<KnownTraining> {
    const planned = await this.#plannedOnce(settings);
    const key = planned.counted?.stepKey;
    if (key === undefined) return { ...planned, step: undefined, isReckoning: false };
    const step = await this.#estimates.of(key, settings);
    if (step === undefined) return { ...planned, step, isReckoning: true };
    return { ...planned, step: step === 'unknown' ? undefined : step, isReckoning: false };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.#process[Symbol.asyncDispose](),
      this.#estimates[Symbol.asyncDispose](),
    ]);
  }

  async #plannedOnce(settings: Settings): Promise<PlannedTraining> {
    const key = JSON.stringify(settings);
    const known = this.#planned.get(key);
    if (known !== undefined) return await known;
    const planned = this.#process.ask({ ask: 'training', settings });
    this.#planned.set(key, planned);
    const [oldest] = this.#planned.keys();
    if (this.#planned.size > mostKept && oldest !== undefined) this.#planned.delete(oldest);
    planned.then(
      // What comes from the hub's cache may be there the next time.
      ({ problems }) => {
        if (problems.some(({ code }) => code === 'HUB_OFFLINE')) this.#planned.delete(key);
      },
      () => this.#planned.delete(key),
    );
    return await planned;
  }
}
