/** @file What methods compute once from frozen weights: kept in files, read in place by every later session. */
import {
  type ConstantValue,
  isAdapterName,
  type PlacedAdapter,
  type SiteConstants,
  type SiteTensors,
} from '../../adapters/index.ts';
import { inParallel } from '../../base/turns.ts';
import type { Site } from '../../nn/index.ts';
import { machineMemory, usualThreads } from '../../platform/machine.ts';
import { programsReadOurFiles } from '../../platform/processes.ts';
import { readPlace } from '../../storage/weights/weight-place.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';
import { ConstantStore, ConstantsHere, type StoreHost } from './constant-store.ts';
import { ConstantsProcesses } from './constants-processes.ts';
import { siteWeightReader } from './site-weights.ts';

/** How much of the preparation is done. */
export interface ConstantsProgress {
  /** Sites. */
  readonly done: number;
  readonly total: number;
  /** By the time taken so far; undefined without a clock and at the start. */
  readonly secondsLeft?: number;
}

export interface ConstantsHost extends StoreHost {
  /** Called after each site once there was one that takes time. */
  readonly onProgress?: ((progress: ConstantsProgress) => unknown) | undefined;
}

/**
 * Adapters with what their methods compute from a base's frozen weights.
 *
 * @throws the signal's reason where it was aborted
 */
export async function prepareAdapters(
  base: BaseModel,
  placed: readonly PlacedAdapter[],
  host: ConstantsHost = {},
): Promise<readonly PlacedAdapter[]> {
  const needing = placed.filter(({ adapter }) => adapter.constants !== undefined);
  if (needing.length === 0) return placed;
  const sites = needing.flatMap((each) => each.sites);
  const clock = new Clock(sites, host);
  const processes = processesFor(needing);
  await using store = new ConstantStore(
    { ...host, onStart: () => clock.begin() },
    processes > 1 ? new ConstantsProcesses() : new ConstantsHere(),
  );
  const readWeight = siteWeightReader(base);
  const prepare = async ({ adapter }: PlacedAdapter, site: Site) => {
    const constants = await store.of(adapter, site, await readWeight(site));
    await clock.finish(site);
    return [site.name, constants] as const;
  };
  const prepared: PlacedAdapter[] = [];
  for (const each of placed) {
    if (each.adapter.constants === undefined) {
      prepared.push(each);
      continue;
    }
    const constants: readonly (readonly [string, SiteConstants])[] = await inParallel(
      each.sites,
      (site) => prepare(each, site),
      { width: Math.max(1, processes), signal: host.signal },
    );
    prepared.push({ ...each, constants: new Map(constants) });
  }
  return prepared;
}

/** Below so many multiplications in all, starting processes takes longer than they save: about ten seconds of one. */
const worthProcesses = 1e11;
/** What one holds of the largest weights of published models, with the copy that is sent to it. */
const bytesOfProcess = 0.8e9;

/** How many weights are worked on at once, each in a process of its own. */
function processesFor(needing: readonly PlacedAdapter[]): number {
  if (!programsReadOurFiles || needing.some(({ adapter }) => !isAdapterName(adapter.method))) {
    return 1;
  }
  const work = needing.flatMap(({ sites }) => sites).reduce((sum, site) => sum + workOf(site), 0);
  if (work < worthProcesses) return 1;
  return Math.min(usualThreads(), Math.floor(machineMemory() / 2 / bytesOfProcess));
}

/** Work and time so far, counted from the first site that was not in the cache. */
class Clock {
  readonly #sites: readonly Site[];
  readonly #host: ConstantsHost;
  readonly #work: number;
  #done = 0;
  #workDone = 0;
  #began: { readonly time: number; readonly work: number } | undefined;

  constructor(sites: readonly Site[], host: ConstantsHost) {
    this.#sites = sites;
    this.#host = host;
    this.#work = sites.reduce((sum, site) => sum + workOf(site), 0);
  }

  async begin(): Promise<void> {
    if (this.#began !== undefined) return;
    this.#began = { time: this.#host.now?.() ?? 0, work: this.#workDone };
    await this.#host.onStart?.();
  }

  async finish(site: Site): Promise<void> {
    this.#done += 1;
    this.#workDone += workOf(site);
    if (this.#began === undefined) return;
    const { now, onProgress } = this.#host;
    const seconds = now === undefined ? undefined : (now() - this.#began.time) / 1000;
    const since = this.#workDone - this.#began.work;
    const left = seconds && (seconds / since) * (this.#work - this.#workDone);
    const progress = { done: this.#done, total: this.#sites.length };
    await onProgress?.(left === undefined ? progress : { ...progress, secondsLeft: left });
  }
}

/** Multiplications of a decomposition, roughly: of the Gram matrix, and of all that follows. */
function workOf({ out, in: inner }: Site): number {
  const short = Math.min(out, inner);
  return short * short * (Math.max(out, inner) + 20 * short);
}

/** Constants as tensors in memory. */
export async function readConstants(constants: SiteConstants): Promise<SiteTensors> {
  const read = async (value: ConstantValue) =>
    'data' in value ? value : ((await readPlace(value)) as Tensor<'f32'>);
  const entries = Object.entries(constants).map(
    async ([name, value]) => [name, await read(value)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
