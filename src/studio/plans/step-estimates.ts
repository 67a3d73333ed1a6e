/** @file Estimates of steps: each is traced once, one after the other, while everybody else goes on. */
import { EventEmitter, once } from '../../platform/processes.ts';
import type { Settings } from '../interface/operation-shapes.ts';
import { HelperProcess } from '../processes/helper-process.ts';
import type { EventFeed } from '../work/event-feed.ts';
import type { StudioHost } from '../work/studio-host.ts';
import { planProgram } from './plan-process.ts';
import type { EstimatedStep, PlanQuestion } from './plan-question.ts';

/** Estimates that are kept. */
const mostKept = 200;
/** Questions that wait; who still wants to know one that was left out asks again. */
const mostWaiting = 8;
/** Milliseconds after which who asks is answered without: most steps are like one that was traced before. */
const moment = 300;

export class StepEstimates implements AsyncDisposable {
  readonly #feed: EventFeed;
  readonly #host: StudioHost;
  readonly #process = new HelperProcess<PlanQuestion, never, EstimatedStep>(planProgram);
  readonly #known = new Map<string, EstimatedStep | 'unknown'>();
  /** Settings by the key of their step, those that were asked for last at the end. */
  readonly #waiting = new Map<string, Settings>();
  readonly #answered = new EventEmitter();
  #isWorking = false;
  #hasEnded = false;

  constructor(feed: EventFeed, host: StudioHost) {
    this.#feed = feed;
    this.#host = host;
  }

  /**
   * What is known after a moment; undefined while it is being worked out, of which an event tells; `unknown` where that
   * failed.
   */
  async of(key: string, settings: Settings): Promise<EstimatedStep | 'unknown' | undefined> {
    if (!this.#known.has(key)) {
      this.#ask(key, settings);
      await once(this.#answered, key, { signal: AbortSignal.timeout(moment) }).catch(() => {});
    }
    return this.#known.get(key);
  }

  #ask(key: string, settings: Settings): void {
    this.#waiting.delete(key);
    this.#waiting.set(key, settings);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > mostWaiting && oldest !== undefined) this.#waiting.delete(oldest);
    void this.#work();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hasEnded = true;
    await this.#process[Symbol.asyncDispose]();
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    // The newest first: somebody looks at it.
    for (let last = lastIn(this.#waiting); last !== undefined; last = lastIn(this.#waiting)) {
      const [key, settings] = last;
      const answer = await this.#process.ask({ ask: 'step', settings }).catch((error) => {
        if (!this.#hasEnded) this.#host.log(`a training step could not be estimated: ${error}`);
        return 'unknown' as const;
      });
      if (this.#hasEnded) return;
      this.#waiting.delete(key);
      this.#keep(key, answer);
      this.#answered.emit(key);
      this.#feed.publish({ type: 'changed', what: 'plans' });
    }
    this.#isWorking = false;
  }

  #keep(key: string, answer: EstimatedStep | 'unknown'): void {
    this.#known.set(key, answer);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKept && oldest !== undefined) this.#known.delete(oldest);
  }
}

function lastIn(waiting: ReadonlyMap<string, Settings>): readonly [string, Settings] | undefined {
  return [...waiting].at(-1);
}
