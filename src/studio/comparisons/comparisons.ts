/** @file Comparisons: their cells lie in one folder by their keys, and what is missing of one is drawn when asked. */
import { KronaError } from '../../base/errors.ts';
import { grouped } from '../../base/grouped.ts';
import { median } from '../../base/numbers/median.ts';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { createFolder, namesIn } from '../../storage/files/folders.ts';
import type { Drawings } from '../drawings/drawings.ts';
import type {
  Comparison,
  ComparisonRequest,
  ComparisonUnderWay,
} from '../interface/comparison-operations.ts';
import type { DrawRequest } from '../interface/drawing-operations.ts';
import type { WaitsFor } from '../interface/operation-shapes.ts';
import { pictureId } from '../pictures/picture-id.ts';
import type { EventFeed } from '../work/event-feed.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import {
  type Cell,
  type CellGrids,
  type CellSources,
  comparisonCells,
} from './comparison-cells.ts';

/** Kind of the ids of cells' pictures. */
export const comparedKind = 'compared';
/** Milliseconds between two tellings. */
const betweenTellings = 300;
/** Cells whose time is remembered. */
const mostMeasured = 15;

interface Surroundings extends CellSources {
  readonly work: WorkFolder;
  readonly drawings: Drawings;
  readonly feed: EventFeed;
  readonly host: StudioHost;
}

type DrawableCell = Extract<Cell, { readonly key: string }>;

/** Cells that are being drawn, one after the other. */
interface Job {
  readonly request: ComparisonRequest;
  /** Cells that were missing when it was asked for. */
  readonly total: number;
  /** Keys that are left. */
  readonly left: Set<string>;
  readonly stopping: AbortController;
  waitsFor: Comparison['waitsFor'];
  ended: Promise<void>;
}

export class Comparisons implements AsyncDisposable {
  readonly #surroundings: Surroundings;
  readonly #jobs = new Set<Job>();
  /** Why a cell could not be drawn, by its key, until it is asked for again. */
  readonly #failures = new Map<string, string>();
  /** Of the cells drawn lately, but for the first of every job, with which networks are opened. */
  #seconds: readonly number[] = [];
  #toldAt = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Those that are being drawn, the first asked for first. */
  list(): readonly ComparisonUnderWay[] {
    const jobs = [...this.#jobs].filter(({ stopping }) => !stopping.signal.aborted);
    return jobs.map(({ request, left, total }) => ({ request, done: total - left.size, total }));
  }

  /** What there is of a comparison. @throws as `comparisonCells` */
  async get(request: ComparisonRequest): Promise<Comparison> {
    return await this.#stateOf(request, await this.cells(request));
  }

  /** The cells of a comparison. @throws as `comparisonCells` */
  async cells(request: ComparisonRequest): Promise<CellGrids> {
    return await comparisonCells(request, this.#surroundings);
  }

  /** Paths of cells' pictures by their keys; undefined of those that are not drawn. */
  async pathsOf(keys: readonly (string | undefined)[]): Promise<readonly (string | undefined)[]> {
    const there = await this.#drawn();
    const { comparisons } = this.#surroundings.work;
    return keys.map((key) =>
      key !== undefined && there.has(key) ? join(comparisons, nameOf(key)) : undefined,
    );
  }

  /** Draws what is missing. @throws as `comparisonCells` */
  async draw(request: ComparisonRequest): Promise<Comparison> {
    const cells = await this.cells(request);
    const there = await this.#drawn();
    const missing = distinct(cells).filter(({ key }) => !there.has(key) && !this.#isAsked(key));
    for (const { key } of missing) this.#failures.delete(key);
    if (missing.length > 0) this.#begin(request, inOrderOfNetworks(missing));
    return await this.#stateOf(request, cells);
  }

  /** Gives up what is left of a comparison. @throws as `comparisonCells` */
  async cancel(request: ComparisonRequest): Promise<Comparison> {
    const cells = await this.cells(request);
    const jobs = this.#jobsOf(cells);
    for (const { stopping } of jobs) stopping.abort(new Error('cancelled'));
    await Promise.all(jobs.map(({ ended }) => ended));
    return await this.#stateOf(request, cells);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const jobs = [...this.#jobs];
    for (const { stopping } of jobs) stopping.abort(new Error('cancelled'));
    await Promise.all(jobs.map(({ ended }) => ended));
  }

  #begin(request: ComparisonRequest, cells: readonly DrawableCell[]): void {
    const job: Job = {
      ...{ request, total: cells.length },
      left: new Set(cells.map(({ key }) => key)),
      stopping: new AbortController(),
      waitsFor: undefined,
      ended: Promise.resolve(),
    };
    this.#jobs.add(job);
    this.#tell();
    job.ended = this.#work(job, cells).finally(() => {
      this.#jobs.delete(job);
      this.#tell();
    });
  }

  async #work(job: Job, cells: readonly DrawableCell[]): Promise<void> {
    const { host } = this.#surroundings;
    for (const [i, { key, drawing }] of cells.entries()) {
      if (job.stopping.signal.aborted) return;
      const begun = host.now();
      try {
        await this.#drawCell(job, key, drawing);
        const seconds = (host.now() - begun) / 1000;
        if (i > 0) this.#seconds = [...this.#seconds, seconds].slice(-mostMeasured);
      } catch (error) {
        if (job.stopping.signal.aborted) return;
        if (!(error instanceof KronaError)) host.log(`drawing a comparison: ${error}`);
        this.#failures.set(key, error instanceof Error ? error.message : String(error));
        // Its process is gone, which the next cell would only end again.
        if (error instanceof KronaError && error.code === 'HELPER_ENDED') return;
      }
      job.left.delete(key);
      if (host.now() - this.#toldAt >= betweenTellings) this.#tell();
    }
  }

  async #drawCell(job: Job, key: string, drawing: DrawRequest): Promise<void> {
    const { work, drawings } = this.#surroundings;
    const keep = async (png: Uint8Array) => {
      await createFolder(work.comparisons);
      await writeFileAtomic(join(work.comparisons, nameOf(key)), png);
    };
    const onBusy = (by: WaitsFor) => {
      if (job.waitsFor !== undefined && job.waitsFor.name === by.name) return;
      job.waitsFor = by;
      this.#tell();
    };
    await drawings.drawFor(drawing, { keep, onBusy, signal: job.stopping.signal });
    job.waitsFor = undefined;
  }

  #tell(): void {
    const { feed, host } = this.#surroundings;
    this.#toldAt = host.now();
    feed.publish({ type: 'changed', what: 'comparisons' });
  }

  async #stateOf(request: ComparisonRequest, cells: CellGrids): Promise<Comparison> {
    const there = await this.#drawn();
    const all = distinct(cells);
    const toDraw = all.filter(({ key }) => !there.has(key)).length;
    const jobs = this.#jobsOf(cells);
    const seconds = median(this.#seconds);
    return {
      request,
      cells: cells.map((layer) => layer.map((row) => row.map((cell) => this.#shown(cell, there)))),
      drawn: all.length - toDraw,
      toDraw,
      secondsLeft: seconds === undefined ? undefined : seconds * toDraw,
      isDrawing: jobs.length > 0,
      waitsFor: jobs.find(({ waitsFor }) => waitsFor !== undefined)?.waitsFor,
    };
  }

  #shown(cell: Cell, there: ReadonlySet<string>) {
    if (cell.key === undefined) return { ...cell, picture: undefined };
    const { key } = cell;
    return there.has(key)
      ? { key, picture: pictureId(comparedKind, '', nameOf(key)), problem: undefined }
      : { key, picture: undefined, problem: this.#failures.get(key) };
  }

  #jobsOf(cells: CellGrids): readonly Job[] {
    const keys = distinct(cells).map(({ key }) => key);
    return [...this.#jobs].filter(({ left }) => keys.some((key) => left.has(key)));
  }

  #isAsked(key: string): boolean {
    return [...this.#jobs].some(({ left, stopping }) => !stopping.signal.aborted && left.has(key));
  }

  /** Keys of the cells that are there. */
  async #drawn(): Promise<ReadonlySet<string>> {
    const names = await namesIn(this.#surroundings.work.comparisons);
    return new Set(names.filter(isCellName).map((name) => name.slice(0, -ending.length)));
  }
}

const ending = '.png';

function nameOf(key: string): string {
  return `${key}${ending}`;
}

function isCellName(name: string): boolean {
  return /^[0-9a-f]{24}\.png$/.test(name);
}

/** Each key once, without what cannot be drawn. */
function distinct(cells: CellGrids): readonly DrawableCell[] {
  const drawable = cells.flat(2).filter((cell) => cell.key !== undefined);
  return [...new Map(drawable.map((cell) => [cell.key, cell])).values()];
}

/** Adapters and guidance are part of the networks: cells that share them follow each other. */
function inOrderOfNetworks(cells: readonly DrawableCell[]): readonly DrawableCell[] {
  const networksOf = ({ drawing: { adapters, settings } }: DrawableCell) => {
    const { guidance, guidanceRescale, strength, width, height } = settings;
    return JSON.stringify([adapters, guidance, guidanceRescale, strength, width, height]);
  };
  return [...grouped(cells, networksOf).values()].flat();
}
