/** @file What methods compute once from frozen weights: kept in files, read in place by every later session. */
import type {
  Adapter,
  ConstantValue,
  PlacedAdapter,
  SiteConstants,
  SiteTensors,
} from '../../adapters/index.ts';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import type { Site } from '../../nn/index.ts';
import { createHash } from '../../platform/hashes.ts';
import { processEnvironment } from '../../platform/machine.ts';
import { join } from '../../platform/paths.ts';
import { MatrixProducts } from '../../runtime/index.ts';
import { cacheFolder, markUsed, trimCache } from '../../storage/cache-folder.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { createFolder } from '../../storage/files/folders.ts';
import { openSafetensors } from '../../storage/weights/safetensors-file.ts';
import { readPlace, type WeightPlace } from '../../storage/weights/weight-place.ts';
import { computedBy, computedHere } from '../../tensor/products.ts';
import { elementCount, sameShape, type Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';
import { siteWeightReader } from './site-weights.ts';

/** How much of the preparation is done. */
export interface ConstantsProgress {
  /** Sites. */
  readonly done: number;
  readonly total: number;
  /** By the time taken so far; undefined without a clock and at the start. */
  readonly secondsLeft?: number;
}

export interface ConstantsHost {
  /** Ends the work; what is in the cache by then stays. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970, for the time left and for what was used last. */
  readonly now?: (() => number) | undefined;
  /** Says where the cache is. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Called before the first site that takes time. */
  readonly onStart?: (() => unknown) | undefined;
  /** Called after each site once there was one that takes time. */
  readonly onProgress?: ((progress: ConstantsProgress) => unknown) | undefined;
}

/** Constants of fewer elements are quicker computed than looked up, and are kept in memory. */
const keptFrom = 2 ** 16;
/** What the cache may hold: the whole UNet of several models of the size of Stable Diffusion 1.5. */
const largestCache = 20e9;
/** Changes with the way of computing. */
const version = 1;

/** Computes constants site by site; finds those of large sites in the cache where they were computed before. */
export class ConstantStore {
  readonly #folder: string;
  readonly #signal: AbortSignal | undefined;
  readonly #now: (() => number) | undefined;
  readonly #onMissing: () => unknown;
  readonly #products = new MatrixProducts();
  readonly #used = new Set<string>();
  #hasWritten = false;

  constructor(
    { environment = processEnvironment, signal, now }: ConstantsHost = {},
    onMissing: () => unknown = () => {},
  ) {
    this.#folder = join(cacheFolder(environment), 'constants');
    this.#signal = signal;
    this.#now = now;
    this.#onMissing = onMissing;
  }

  /** What a method computes at a site of a given weight [out, in]. */
  async of(adapter: Adapter, site: Site, weight: Tensor<'f32'>): Promise<SiteConstants> {
    const rule = adapter.constants;
    if (rule === undefined) return {};
    const shapes = rule.shapes(site);
    const elements = Object.values(shapes).reduce((sum, shape) => sum + elementCount(shape), 0);
    if (elements < keptFrom) return computedHere(rule.compute(site, weight));
    const path = join(this.#folder, `${keyOf(adapter, site, weight)}.safetensors`);
    const found = await placesIn(path, shapes);
    if (found === undefined) {
      await this.#onMissing();
      const computed = await computedBy(rule.compute(site, weight), async (request) => {
        this.#signal?.throwIfAborted();
        return await this.#products.multiply(request);
      });
      await this.#write(path, computed);
    }
    this.#used.add(path);
    if (this.#now !== undefined) await markUsed(path, this.#now());
    return found ?? (await placesIn(path, shapes)) ?? {};
  }

  async #write(path: string, tensors: SiteTensors): Promise<void> {
    await createFolder(this.#folder);
    await writeFileAtomic(path, encodeSafetensors(Object.entries(tensors)));
    this.#hasWritten = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#products[Symbol.asyncDispose]();
    if (this.#hasWritten) await trimCache(this.#folder, largestCache, this.#used);
  }
}

/** Of all that decides the numbers: the weight's own, wherever they came from, and the method. */
function keyOf({ method, options }: Adapter, { out, in: inner }: Site, weight: Tensor<'f32'>) {
  const { buffer, byteOffset, byteLength } = weight.data;
  return createHash('sha256')
    .update(JSON.stringify([version, method, options, out, inner]))
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex')
    .slice(0, 40);
}

/** Where a file has all of the tensors; undefined where it is not there or not whole. */
async function placesIn(
  path: string,
  shapes: Readonly<Record<string, readonly number[]>>,
): Promise<SiteConstants | undefined> {
  const file = await openSafetensors(path).catch(() => undefined);
  if (file === undefined) return undefined;
  const places: Record<string, WeightPlace> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const entry = file.header.entries.get(name);
    if (entry?.dtype !== 'f32' || !sameShape(entry.shape, shape)) return undefined;
    places[name] = { entry, file: file.path };
  }
  return places;
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
  const clock = new Clock(
    needing.flatMap(({ sites }) => sites),
    host,
  );
  await using store = new ConstantStore(host, () => clock.begin());
  const readWeight = siteWeightReader(base);
  const prepared: PlacedAdapter[] = [];
  for (const each of placed) {
    const constants = new Map<string, SiteConstants>();
    for (const site of each.adapter.constants === undefined ? [] : each.sites) {
      host.signal?.throwIfAborted();
      constants.set(site.name, await store.of(each.adapter, site, await readWeight(site)));
      await clock.finish(site);
    }
    prepared.push(constants.size === 0 ? each : { ...each, constants });
  }
  return prepared;
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
