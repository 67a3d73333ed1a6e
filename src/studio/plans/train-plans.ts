/** @file What trainings would be: counted at once, memory and time as soon as they are worked out. */
import { sleep } from '../../platform/waiting.ts';
import type { StepEstimate } from '../interface/machine-operations.ts';
import type { Settings } from '../interface/operation-shapes.ts';
import { HelperProcess } from '../processes/helper-process.ts';
import type { EventFeed } from '../work/event-feed.ts';
import type { StudioHost } from '../work/studio-host.ts';
import { planProgram } from './plan-process.ts';
import type { EstimatedStep, PlannedTraining, PlanQuestion } from './plan-question.ts';
import { StepEstimates } from './step-estimates.ts';

/** Plans that are kept. */
const mostKept = 200;
/** Milliseconds after which a list of bases is answered without their steps: its names are there at once. */
const moment = 100;

/** A training with what is known of its steps so far. */
export interface KnownTraining extends PlannedTraining {
  /** Undefined where it is not known, or not yet. */
  readonly step: EstimatedStep | undefined;
  readonly isReckoning: boolean;
}

export class TrainPlans implements AsyncDisposable {
  readonly #process = new HelperProcess<PlanQuestion, never, PlannedTraining>(planProgram);
  readonly #estimates: StepEstimates;
  /** In a process of their own: what somebody looks at does not wait for the largest model. */
  readonly #ofBases: StepEstimates;
  /** By their settings. */
  readonly #planned = new Map<string, Promise<PlannedTraining>>();
  /** Bases whose plan was not there in a moment, until it is. */
  readonly #late = new Set<string>();
  readonly #feed: EventFeed;

  constructor(feed: EventFeed, host: StudioHost) {
    this.#feed = feed;
    this.#estimates = new StepEstimates(feed, host);
    this.#ofBases = new StepEstimates(feed, host);
  }

  /** @param settings of training, without files */
  async plan(settings: Settings): Promise<KnownTraining> {
    return await this.#known(settings, this.#estimates);
  }

  async #known(settings: Settings, estimates: StepEstimates): Promise<KnownTraining> {
    const planned = await this.#plannedOnce(settings);
    const key = planned.counted?.stepKey;
    if (key === undefined) return { ...planned, step: undefined, isReckoning: false };
    const step = await estimates.of(key, settings);
    if (step === undefined) return { ...planned, step, isReckoning: true };
    return { ...planned, step: step === 'unknown' ? undefined : step, isReckoning: false };
  }

  /** What one step of the usual settings takes; undefined until that is worked out, of which an event tells. */
  async stepOf(base: string): Promise<StepEstimate | undefined> {
    const planning = this.#plannedOnce({ base });
    const isThere = await Promise.race([
      planning.then(() => true),
      sleep(moment, false, { ref: false }),
    ]);
    if (!isThere) {
      this.#tellWhenThere(base, planning);
      return undefined;
    }
    const { step } = await this.#known({ base }, this.#ofBases);
    if (step === undefined) return undefined;
    const { memoryBytes, fits, memorySetting, secondsPerStep } = step;
    return { memoryBytes, fits, memorySetting, secondsPerStep };
  }

  #tellWhenThere(base: string, planning: Promise<PlannedTraining>): void {
    if (this.#late.has(base)) return;
    this.#late.add(base);
    void planning
      .then(
        () => this.#feed.publish({ type: 'changed', what: 'plans' }),
        // Who asks the next time hears of it.
        () => {},
      )
      .finally(() => this.#late.delete(base));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.#process[Symbol.asyncDispose](),
      this.#estimates[Symbol.asyncDispose](),
      this.#ofBases[Symbol.asyncDispose](),
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
