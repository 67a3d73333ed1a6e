/** @file Drawings that were asked for: one computes, the others wait in line; what is drawn lies in the gallery. */
import type { AdapterFiles } from '../adapters/adapter-files.ts';
import type { Drawing, DrawRequest } from '../interface/drawing-operations.ts';
import type { PictureId } from '../interface/operation-shapes.ts';
import { HelperProcess } from '../processes/helper-process.ts';
import type { EventFeed } from '../work/event-feed.ts';
import { notHere } from '../work/not-here.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { DrawAnswer, DrawEvent, DrawQuestion } from './draw-question.ts';
import { DrawingProgress } from './drawing-progress.ts';

/** Milliseconds for which the networks stay open after a drawing. */
const keptOpen = 300_000;
/** Drawings that are told of, the ended ones included. */
const mostKept = 50;

/** Where pictures are found by id, and put. */
export interface DrawnPlace {
  /** The bytes of a picture. @throws ConfigError NOT_HERE */
  readonly read: (id: PictureId) => Promise<Uint8Array>;
  /** Keeps a picture and gives it an id. */
  readonly keep: (png: Uint8Array, seed: number) => Promise<PictureId>;
}

interface Surroundings {
  readonly adapters: AdapterFiles;
  readonly place: DrawnPlace;
  readonly feed: EventFeed;
  readonly host: StudioHost;
  /** Resolves when the device is free for a drawing. */
  readonly free: (signal: AbortSignal) => Promise<void>;
}

interface Entry {
  readonly id: string;
  readonly stopping: AbortController;
  drawing: Drawing;
}

export class Drawings implements AsyncDisposable {
  readonly #surroundings: Surroundings;
  readonly #process = new HelperProcess<DrawQuestion, DrawEvent, DrawAnswer>({
    program: new URL(
      `./draw-program.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
      import.meta.url,
    ),
    idle: keptOpen,
  });
  readonly #entries = new Map<string, Entry>();
  #count = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The latest first. */
  list(): readonly Drawing[] {
    return [...this.#entries.values()].map(({ drawing }) => drawing).reverse();
  }

  /** Puts a drawing in line. @throws ConfigError NOT_HERE of an adapter or a picture that is not there */
  async start(request: DrawRequest): Promise<Drawing> {
    const question = await this.#question(request);
    this.#count += 1;
    const id = `${this.#surroundings.host.now().toString(36)}-${this.#count}`;
    const drawing: Drawing = {
      ...{ id, request, state: 'waiting', done: 0, total: totalOf(request), progress: 0 },
      ...{ secondsLeft: undefined, pictures: [], notes: [], error: undefined },
    };
    const entry = { id, drawing, stopping: new AbortController() };
    this.#entries.set(id, entry);
    this.#forgetOld();
    this.#tell(entry, {});
    void this.#draw(entry, question);
    return entry.drawing;
  }

  /** Gives one up; what is drawn stays. @throws ConfigError NOT_HERE */
  cancel(id: string): Drawing {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw notHere('drawing', id);
    if (entry.drawing.state === 'waiting') this.#tell(entry, { state: 'cancelled' });
    entry.stopping.abort(new Error('cancelled'));
    return entry.drawing;
  }

  /** Frees the memory of the networks, as soon as nothing is being drawn. */
  async release(): Promise<void> {
    await this.#process.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { stopping } of this.#entries.values()) stopping.abort(new Error('cancelled'));
    await this.#process[Symbol.asyncDispose]();
  }

  async #draw(entry: Entry, question: DrawQuestion): Promise<void> {
    const { free, place, host, feed } = this.#surroundings;
    const { signal } = entry.stopping;
    const progress = new DrawingProgress(host.now);
    const kept: Promise<unknown>[] = [];
    const listener = (event: DrawEvent) => {
      if (event.type === 'picture' && event.png !== undefined) {
        const { png, seed } = event;
        kept.push(
          place.keep(png, seed).then((picture) => {
            const pictures = [...entry.drawing.pictures, picture];
            this.#tell(entry, { pictures, done: pictures.length });
          }),
        );
      } else if (event.type === 'note' || event.type === 'warning') {
        this.#tell(entry, { notes: [...entry.drawing.notes, event.message] });
      }
      const changed = progress.after(event);
      if (changed !== undefined) this.#tell(entry, { state: 'drawing', ...changed });
    };
    try {
      await free(signal);
      await this.#process.ask(question, { listener, signal });
      await Promise.all(kept);
      this.#tell(entry, { state: 'done', progress: 1, secondsLeft: undefined });
    } catch (error) {
      await Promise.allSettled(kept);
      if (signal.aborted) this.#tell(entry, { state: 'cancelled', secondsLeft: undefined });
      else this.#tell(entry, { state: 'failed', secondsLeft: undefined, error: wordsOf(error) });
    }
    feed.publish({ type: 'changed', what: 'gallery' });
  }

  async #question({ base, adapters, settings, initImage, mask }: DrawRequest) {
    const { adapters: files, place } = this.#surroundings;
    const used = adapters.map(async ({ id, strength }) => {
      const { path, name } = await files.get(id);
      return { path, name, strength };
    });
    const picture = async (id: PictureId | undefined) =>
      id === undefined ? undefined : await place.read(id);
    return {
      base: base ?? 'pocket',
      adapters: await Promise.all(used),
      settings,
      initImage: await picture(initImage),
      mask: await picture(mask),
    };
  }

  #tell(entry: Entry, change: Partial<Drawing>): void {
    entry.drawing = { ...entry.drawing, ...change };
    this.#surroundings.feed.publish({ type: 'drawing', drawing: entry.drawing });
  }

  #forgetOld(): void {
    const ended = [...this.#entries.values()].filter(
      ({ drawing }) => drawing.state !== 'waiting' && drawing.state !== 'drawing',
    );
    for (const { id } of ended.slice(0, Math.max(0, this.#entries.size - mostKept))) {
      this.#entries.delete(id);
    }
  }
}

/** Pictures of a request. */
function totalOf({ settings }: DrawRequest): number {
  const { prompt, count } = settings;
  const prompts = Array.isArray(prompt) ? prompt.length : 1;
  return prompts * (typeof count === 'number' ? count : 1);
}

function wordsOf(error: unknown): { readonly code: string; readonly message: string } {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNEXPECTED';
  return { code, message };
}
