/** @file Drawings that were asked for: one computes, the others wait in line; what is drawn lies in the gallery. */
import { KronaError } from '../../base/errors.ts';
import { formatPlural } from '../../base/quantities.ts';
import type { GenerateConfig } from '../../generate/generate-options.ts';
import { programBeside } from '../../platform/processes.ts';
import type { AdapterFiles } from '../adapters/adapter-files.ts';
import type { Drawing, DrawRequest } from '../interface/drawing-operations.ts';
import type { Failure, PictureId, WaitsFor } from '../interface/operation-shapes.ts';
import type { FoundModels } from '../models/found-models.ts';
import { HelperProcess } from '../processes/helper-process.ts';
import type { DeviceTurns } from '../queue/device-turns.ts';
import type { EventFeed } from '../work/event-feed.ts';
import { failureOf } from '../work/failure-of.ts';
import { notHere } from '../work/not-here.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { DrawAnswer, DrawEvent, DrawQuestion } from './draw-question.ts';
import { checkedDrawing } from './draw-settings.ts';
import { type DrawingLine, drawingId } from './drawing-line.ts';
import { DrawingProgress } from './drawing-progress.ts';

/** Milliseconds for which the networks stay open after a drawing. */
const keptOpen = 300_000;
/** Drawings that are told of, the ended ones included. */
const mostKept = 50;

interface Surroundings {
  readonly adapters: AdapterFiles;
  readonly models: FoundModels;
  /** The bytes of a picture. @throws ConfigError NOT_HERE */
  readonly readPicture: (id: PictureId) => Promise<Uint8Array>;
  /** Keeps a picture that was drawn and gives it an id. */
  readonly keepPicture: (png: Uint8Array, seed: number) => Promise<PictureId>;
  readonly feed: EventFeed;
  readonly host: StudioHost;
  readonly devices: DeviceTurns;
  readonly line: DrawingLine;
  /** Folder of the files that wildcards name. */
  readonly wildcards: string;
}

/** Whom a drawing is for. */
interface DrawingFor {
  readonly keep: (png: Uint8Array) => Promise<void>;
  readonly signal: AbortSignal;
  /** Told what has the device. */
  readonly onBusy: (by: WaitsFor) => void;
}

interface Asking {
  readonly listener: (event: DrawEvent) => void;
  readonly signal: AbortSignal;
}

interface Entry {
  readonly id: string;
  readonly stopping: AbortController;
  drawing: Drawing;
}

export class Drawings implements AsyncDisposable {
  readonly #surroundings: Surroundings;
  readonly #process = new HelperProcess<DrawQuestion, DrawEvent, DrawAnswer>({
    program: programBeside(import.meta.url, 'draw-program'),
    idle: keptOpen,
  });
  readonly #entries = new Map<string, Entry>();
  /** Settled when the drawings asked for so far have ended. */
  #before: Promise<void> = Promise.resolve();
  /** The device that a drawing computes on at the moment. */
  #computing: string | undefined;
  #count = 0;
  /** Whether what has not ended is left for the next server. */
  #isEnding = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The latest first. */
  list(): readonly Drawing[] {
    return [...this.#entries.values()].map(({ drawing }) => drawing).reverse();
  }

  /**
   * Puts a drawing in line.
   *
   * @throws ConfigError NOT_HERE of an adapter or a picture that is not there, PATH_FROM_PAGE, UNKNOWN_SETTING,
   * INVALID_SETTING, PROMPT_MISSING
   */
  async start(request: DrawRequest): Promise<Drawing> {
    const question = await this.#question(request);
    this.#count += 1;
    const id = drawingId(this.#surroundings.host.now(), this.#count);
    const { config } = await checkedDrawing(request, this.#surroundings.models);
    const total = totalOf(config);
    await this.#surroundings.line.keep(id, { request, total, isBegun: false, pictures: [] });
    const entry = this.#newEntry(id, { request, total });
    this.#before = this.#before.then(() => this.#draw(entry, async () => question));
    return entry.drawing;
  }

  /** Takes up what was left when the last server ended: what waited waits again, what was half done says so. */
  async takeUp(): Promise<void> {
    const { line } = this.#surroundings;
    for (const { id, ...kept } of await line.left()) {
      const { request, total, isBegun, pictures } = kept;
      if (isBegun) await line.remove(id);
      else await line.keep(id, kept);
      if (pictures.length === total) continue;
      const entry = this.#newEntry(id, kept);
      if (isBegun) {
        const error = { code: 'DRAWING_INTERRUPTED', message: interrupted(pictures.length) };
        this.#tell(entry, { state: 'failed', pictures, done: pictures.length, error });
      } else
        this.#before = this.#before.then(() => this.#draw(entry, () => this.#question(request)));
    }
  }

  /**
   * Draws for another part of Studio, in line with what pages ask for, and in no list. Settles when it has ended.
   *
   * @throws as `start`; RunError where it fails; the signal's reason
   */
  async drawFor(request: DrawRequest, { keep, signal, onBusy }: DrawingFor): Promise<void> {
    const { devices } = this.#surroundings;
    const question = await this.#question(request);
    const turn = this.#before.then(async () => {
      await using _ = await devices.wait(question.device, { use: 'drawing', signal, onBusy });
      let kept: Promise<void> = Promise.resolve();
      const listener = (event: DrawEvent) => {
        if (event.type !== 'picture' || event.png === undefined) return;
        const { png } = event;
        kept = kept.then(() => keep(png));
        kept.catch(() => {});
      };
      await this.#ask(question, { listener, signal });
      await kept;
    });
    this.#before = turn.catch(() => {});
    await turn;
  }

  /** Gives one up; what is drawn stays. @throws ConfigError NOT_HERE */
  async cancel(id: string): Promise<Drawing> {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw notHere('drawing', id);
    entry.stopping.abort(new Error('cancelled'));
    if (entry.drawing.state === 'waiting') {
      this.#tell(entry, { state: 'cancelled', waitsFor: undefined });
      // Its turn may come only after the server's end: the next one is not to take it up.
      await this.#surroundings.line.remove(id);
    }
    return entry.drawing;
  }

  /** Frees the memory of the networks, unless something is being drawn. */
  async release(): Promise<void> {
    if (this.#computing === undefined) await this.#process.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    for (const { stopping } of this.#entries.values()) stopping.abort(new Error('cancelled'));
    await this.#before;
    await this.#process[Symbol.asyncDispose]();
  }

  #newEntry(id: string, { request, total }: Pick<Drawing, 'request' | 'total'>): Entry {
    const drawing: Drawing = {
      ...{ id, request, state: 'waiting', waitsFor: undefined, error: undefined },
      ...{ done: 0, total, progress: 0, secondsLeft: undefined },
      ...{ pictures: [], notes: [] },
    };
    const entry = { id, drawing, stopping: new AbortController() };
    this.#entries.set(id, entry);
    this.#forgetOld();
    this.#tell(entry, {});
    return entry;
  }

  async #draw(entry: Entry, questionOf: () => Promise<DrawQuestion>): Promise<void> {
    const { devices, line, keepPicture, host, feed } = this.#surroundings;
    const { request, total } = entry.drawing;
    const { signal } = entry.stopping;
    const progress = new DrawingProgress(host.now);
    // One after the other, in the order in which they are drawn.
    let kept: Promise<void> = Promise.resolve();
    const keep = async (png: Uint8Array, seed: number) => {
      const pictures = [...entry.drawing.pictures, await keepPicture(png, seed)];
      this.#tell(entry, { pictures, done: pictures.length });
      await line.keep(entry.id, { request, total, isBegun: true, pictures });
    };
    const listener = (event: DrawEvent) => {
      if (event.type === 'picture' && event.png !== undefined) {
        const { png, seed } = event;
        kept = kept.then(() => keep(png, seed));
        // Whoever waits for it hears of a failure.
        kept.catch(() => {});
      } else if (event.type === 'note' || event.type === 'warning') {
        this.#tell(entry, { notes: [...entry.drawing.notes, event.message] });
      }
      const changed = progress.after(event);
      if (changed !== undefined) this.#tell(entry, { state: 'drawing', ...changed });
    };
    try {
      const question = await questionOf();
      await using _ = await devices.wait(question.device, {
        ...{ use: 'drawing', signal },
        onBusy: (waitsFor) => {
          const before = entry.drawing.waitsFor;
          if (before?.name !== waitsFor.name || before === undefined)
            this.#tell(entry, { waitsFor });
        },
      });
      this.#tell(entry, { waitsFor: undefined });
      await line.keep(entry.id, { request, total, isBegun: true, pictures: [] });
      await this.#ask(question, { listener, signal });
      await kept;
      this.#tell(entry, { state: 'done', progress: 1, secondsLeft: undefined });
    } catch (error) {
      await kept.catch(() => {});
      const ended = { secondsLeft: undefined, waitsFor: undefined } as const;
      if (signal.aborted) this.#tell(entry, { ...ended, state: 'cancelled' });
      else this.#tell(entry, { ...ended, state: 'failed', error: wordsOf(error) });
    }
    if (!this.#isEnding) {
      // Those behind it are drawn all the same.
      await line.remove(entry.id).catch((error) => host.log(`a drawing that ended: ${error}`));
    }
    feed.publish({ type: 'changed', what: 'gallery' });
  }

  async #ask(question: DrawQuestion, asking: Asking): Promise<void> {
    this.#computing = question.device;
    try {
      await this.#process.ask(question, asking);
    } finally {
      this.#computing = undefined;
    }
  }

  async #question(request: DrawRequest): Promise<DrawQuestion> {
    const { adapters: files, models, readPicture, wildcards } = this.#surroundings;
    const { adapters, initImage, mask } = request;
    // Now, and not when its turn has come.
    const { base, settings, config } = await checkedDrawing(request, models);
    const used = adapters.map(async ({ id, strength }) => {
      const { path, within, checkpoint } = await files.get(id);
      return { path, checkpoint, name: within, strength };
    });
    const picture = async (id: PictureId | undefined) =>
      id === undefined ? undefined : await readPicture(id);
    return {
      ...{ base, device: config.device },
      adapters: await Promise.all(used),
      settings: { ...settings, wildcards },
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
function totalOf({ prompt = [], count }: GenerateConfig): number {
  return [prompt].flat().length * count;
}

function interrupted(pictures: number): string {
  return `Studio ended while it was drawn; ${formatPlural(pictures, 'picture')} of it lie in the gallery; draw it again for the others`;
}

function wordsOf(error: unknown): Failure {
  if (error instanceof KronaError) return failureOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNEXPECTED';
  return { code, message };
}
