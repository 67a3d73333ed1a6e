/** @file What a run's events say so far, kept up to date as they come. */
import { eventSchema, type RecordedEvent } from '../../train/events.ts';
import type { StepEvent } from '../../train/folder/read-events.ts';
import { runNames, runPaths } from '../../train/folder/run-folder.ts';
import { firstPhase, isOfLife, phaseAfter } from '../../train/folder/run-state.ts';
import type { Recovery } from '../interface/run-operations.ts';
import { EventTail, type Grown } from './event-tail.ts';

export type SampleEvent = Extract<RecordedEvent, { readonly type: 'sample' }>;
type StartedEvent = Extract<RecordedEvent, { readonly type: 'started' }>;

/** What the events of one run add up to. */
export class RunJournal {
  readonly #tail: EventTail<RecordedEvent>;
  readonly #told: (events: readonly RecordedEvent[]) => void;
  #last: RecordedEvent | undefined;
  #phase = firstPhase;
  #started: StartedEvent | undefined;
  #steps: StepEvent[] = [];
  #samples: SampleEvent[] = [];
  #warnings: string[] = [];
  /** How the process before broke off; undefined where it did not. */
  #broken: Omit<Recovery, 'from'> | undefined;
  #recovery: Recovery | undefined;
  #isRead = false;

  /** @param told of events that came since an earlier look, whoever looked */
  constructor(folder: string, told: (events: readonly RecordedEvent[]) => void) {
    this.#tail = new EventTail(runPaths(folder).events, eventSchema);
    this.#told = told;
  }

  /** The last event that begins or ends work, or is a step. */
  get last(): RecordedEvent | undefined {
    return this.#last;
  }

  get phase(): string {
    return this.#phase;
  }

  /** As the process that worked last began; undefined before one has. */
  get started(): StartedEvent | undefined {
    return this.#started;
  }

  /** Those that count, in order: a run that goes on from a checkpoint makes those after it again. */
  get steps(): readonly StepEvent[] {
    return this.#steps;
  }

  get samples(): readonly SampleEvent[] {
    return this.#samples;
  }

  /** Of the process that worked last. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** What the process before the last broke off with, where this one goes on after that. */
  get recovery(): Recovery | undefined {
    return this.#recovery;
  }

  /** Reads what came since the last time; several at once wait for each other. */
  async refresh(): Promise<void> {
    await this.#tail.follow((grown) => this.#take(grown));
  }

  #take({ isAnew, events }: Grown<RecordedEvent>): void {
    if (isAnew) this.#clear();
    for (const event of events) this.#add(event);
    if (this.#isRead && events.length > 0) this.#told(events);
    this.#isRead = true;
  }

  #clear(): void {
    this.#last = undefined;
    this.#phase = firstPhase;
    this.#started = undefined;
    this.#steps = [];
    this.#samples = [];
    this.#warnings = [];
    this.#broken = undefined;
    this.#recovery = undefined;
  }

  #add(event: RecordedEvent): void {
    if (event.type === 'begun') this.#broken = this.#brokenSoFar();
    if (isOfLife(event)) this.#last = event;
    this.#phase = phaseAfter(this.#phase, event);
    switch (event.type) {
      case 'started':
        this.#started = event;
        this.#recovery = this.#broken && { ...this.#broken, from: event.fromStep };
        this.#steps = this.#steps.filter(({ step }) => step <= event.fromStep);
        this.#samples = this.#samples.filter(({ step }) => step <= event.fromStep);
        this.#warnings = [...event.warnings];
        break;
      case 'step':
        this.#steps.push(event);
        break;
      case 'sample':
        // Drawn again under its name, it is one.
        this.#samples = [...this.#samples.filter(({ file }) => file !== event.file), event];
        break;
      case 'warning':
        this.#warnings.push(event.message);
        break;
      default:
    }
  }

  /** As a process leaves it that begins now. */
  #brokenSoFar(): Omit<Recovery, 'from'> | undefined {
    const last = this.#last;
    const step = this.#steps.at(-1)?.step ?? 0;
    if (last === undefined || last.type === 'finished' || last.type === 'interrupted')
      return undefined;
    if (last.type !== 'failed') return { step, failure: undefined };
    return { step, failure: { code: last.code, message: last.message } };
  }
}

/** Whether a sample was asked for while the run went on, by its name. */
export function isAskedSample(file: string): boolean {
  return file.startsWith(`${runNames.samples}/`) && file.includes('-asked-');
}
