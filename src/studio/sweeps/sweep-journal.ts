/** @file What the processes of a sweep told so far, kept up to date as it comes. */
import * as z from 'zod';
import type { SweepTask, SweepTaskProgress } from '../interface/experiment-operations.ts';
import { EventTail, type Grown } from '../runs/event-tail.ts';

/** Stands before what a process tells, which may end before it says anything. */
export const sweepStarted = { type: 'started' } as const;

const ofTask = { worker: z.string(), task: z.string() };

const lineSchema = z.union([
  z.object({ type: z.literal(sweepStarted.type) }),
  z.object({
    type: z.literal('planned'),
    tasks: z.array(z.object({ key: z.string(), title: z.string() })),
  }),
  z.object({ type: z.literal('begun'), ...ofTask }),
  z.object({
    ...{ type: z.literal('progress'), ...ofTask },
    progress: z.object({
      stage: z.enum(['training', 'drawing', 'scoring']),
      done: z.number(),
      total: z.number(),
    }),
  }),
  z.object({ type: z.literal('done'), ...ofTask }),
  z.object({ ...{ type: z.literal('failed'), ...ofTask }, message: z.string() }),
  z.object({ type: z.literal('collected') }),
  z.object({ type: z.enum(['note', 'warning']), message: z.string() }),
  /** How a process ended that did not do all. */
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
  /** Downloads, and what later versions tell. */
  z.object({ type: z.string() }).transform(({ type }) => ({ type: 'else' as const, told: type })),
]);
type Line = z.output<typeof lineSchema>;
type TaskLine = Extract<Line, { readonly task: string }>;

/** Lines of notes that are kept. */
const mostNotes = 200;

interface KnownTask extends SweepTask {
  readonly key: string;
}

/** What the events of a sweep add up to. */
export class SweepJournal {
  readonly #tail: EventTail<Line>;
  #tasks = new Map<string, KnownTask>();
  #notes: string[] = [];
  #open = 0;
  #doneNow = 0;
  #events = 0;
  #isStarted = false;
  #isPlanned = false;
  #isCollected = false;
  #error: { readonly code: string; readonly message: string } | undefined;

  constructor(path: string) {
    this.#tail = new EventTail(path, lineSchema);
  }

  /** How many events have been read. */
  get events(): number {
    return this.#events;
  }

  /** Whether any process was started. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Whether the last process got as far as its tasks. */
  get isPlanned(): boolean {
    return this.#isPlanned;
  }

  /** Whether the last process wrote the results, which it does at its end. */
  get isCollected(): boolean {
    return this.#isCollected;
  }

  /** Why the last process did not do all, in its own words. */
  get error(): { readonly code: string; readonly message: string } | undefined {
    return this.#error;
  }

  get tasks(): readonly KnownTask[] {
    return [...this.#tasks.values()];
  }

  get notes(): readonly string[] {
    return this.#notes;
  }

  /** Tasks that the last process found open, and how many of them it has done, the begun ones by their share. */
  get pace(): { readonly open: number; readonly done: number } {
    const begun = this.tasks.filter(({ state }) => state === 'running');
    const shares = begun.map(({ progress }) => (progress === undefined ? 0 : shareOf(progress)));
    return { open: this.#open, done: shares.reduce((sum, share) => sum + share, this.#doneNow) };
  }

  /** Reads what came since the last time; several at once wait for each other. */
  async refresh(): Promise<void> {
    await this.#tail.follow((grown) => this.#take(grown));
  }

  #take({ isAnew, events }: Grown<Line>): void {
    if (isAnew) this.#clear();
    this.#events += events.length;
    for (const line of events) this.#add(line);
  }

  #clear(): void {
    this.#tasks = new Map();
    this.#notes = [];
    this.#open = 0;
    this.#doneNow = 0;
    this.#isStarted = false;
    this.#isPlanned = false;
    this.#isCollected = false;
    this.#error = undefined;
  }

  #add(line: Line): void {
    if ('error' in line) {
      this.#error = line.error;
      this.#note(line.error.message);
      return;
    }
    switch (line.type) {
      case 'started':
        this.#start();
        break;
      case 'planned':
        this.#begin(line.tasks);
        break;
      case 'collected':
        this.#isCollected = true;
        break;
      case 'note':
      case 'warning':
        this.#note(line.message);
        break;
      case 'else':
        break;
      default:
        this.#follow(line);
    }
  }

  /** What an earlier process said of itself is no longer so; what it did of the tasks is. */
  #start(): void {
    this.#isStarted = true;
    this.#isPlanned = false;
    this.#isCollected = false;
    this.#error = undefined;
    this.#open = 0;
    this.#doneNow = 0;
    for (const [key, task] of this.#tasks) {
      if (task.state !== 'done') this.#tasks.set(key, blank(key, task.title));
    }
  }

  /** A process has its tasks: what it does not find open has its result. */
  #begin(open: readonly { readonly key: string; readonly title: string }[]): void {
    this.#start();
    const waiting = new Set(open.map(({ key }) => key));
    const known = this.tasks.map((task): readonly [string, KnownTask] => [
      task.key,
      waiting.has(task.key)
        ? blank(task.key, task.title)
        : { ...blank(task.key, task.title), state: 'done' },
    ]);
    this.#tasks = new Map(known);
    for (const { key, title } of open) {
      if (!this.#tasks.has(key)) this.#tasks.set(key, blank(key, title));
    }
    this.#open = open.length;
    this.#isPlanned = true;
  }

  #follow(line: TaskLine): void {
    const task = this.#tasks.get(line.task);
    if (task === undefined) return;
    const { key, title } = task;
    const worker = line.worker;
    const next = { ...blank(key, title), worker };
    switch (line.type) {
      case 'begun':
        this.#tasks.set(key, { ...next, state: 'running' });
        break;
      case 'progress':
        this.#tasks.set(key, { ...next, state: 'running', progress: line.progress });
        break;
      case 'done':
        this.#doneNow += 1;
        this.#tasks.set(key, { ...next, state: 'done' });
        break;
      case 'failed':
        this.#doneNow += 1;
        this.#note(`${title}: ${line.message}`);
        this.#tasks.set(key, { ...next, state: 'failed', error: line.message });
        break;
      default:
        line satisfies never;
    }
  }

  #note(message: string): void {
    this.#notes = [...this.#notes, message].slice(-mostNotes);
  }
}

function blank(key: string, title: string): KnownTask {
  return { key, title, state: 'waiting', worker: undefined, progress: undefined, error: undefined };
}

/** What each stage takes of a task, about; for the time left alone. */
const stages = {
  training: { from: 0, to: 0.6 },
  drawing: { from: 0.6, to: 0.9 },
  scoring: { from: 0.9, to: 1 },
} as const;

function shareOf({ stage, done, total }: SweepTaskProgress): number {
  const { from, to } = stages[stage];
  return from + (to - from) * (total > 0 ? done / total : 0);
}
