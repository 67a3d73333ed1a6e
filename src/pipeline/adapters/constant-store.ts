/** @file What methods compute of frozen weights, in files: found there, computed where it is not, kept within a size. */
import type { Adapter, SiteConstants } from '../../adapters/index.ts';
import type { Site } from '../../nn/index.ts';
import { createHash } from '../../platform/hashes.ts';
import { processEnvironment } from '../../platform/machine.ts';
import { join } from '../../platform/paths.ts';
import { MatrixProducts } from '../../runtime/index.ts';
import { cacheFolder, markUsed, trimCache } from '../../storage/cache-folder.ts';
import { createFolder } from '../../storage/files/folders.ts';
import { openSafetensors } from '../../storage/weights/safetensors-file.ts';
import type { WeightPlace } from '../../storage/weights/weight-place.ts';
import { computedHere } from '../../tensor/products.ts';
import { elementCount, sameShape, type Tensor } from '../../tensor/tensor.ts';
import { type ConstantsWorker, computeConstants } from './compute-constants.ts';

export interface StoreHost {
  /** Ends the work; what is in the cache by then stays. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970, for the time left and for what was used last. */
  readonly now?: (() => number) | undefined;
  /** Says where the cache is. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Called before the first site that takes time. */
  readonly onStart?: (() => unknown) | undefined;
}

/** Constants of fewer elements are quicker computed than looked up, and are kept in memory. */
const keptFrom = 2 ** 16;
/** What the cache may hold: the whole UNet of several models of the size of Stable Diffusion 1.5. */
const largestCache = 20e9;
/** Changes with the way of computing. */
const version = 1;

/** Finds constants of large sites in the cache; those that are not there it has computed. Several may be asked for at once. */
export class ConstantStore {
  readonly #folder: string;
  readonly #host: StoreHost;
  readonly #worker: ConstantsWorker;
  readonly #used = new Set<string>();
  #started: Promise<unknown> | undefined;

  /** @param worker what computes; the store disposes of it */
  constructor(host: StoreHost = {}, worker: ConstantsWorker = new ConstantsHere()) {
    this.#folder = join(cacheFolder(host.environment ?? processEnvironment), 'constants');
    this.#host = host;
    this.#worker = worker;
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
      this.#host.signal?.throwIfAborted();
      this.#started ??= this.#start();
      await this.#started;
      const { method, options } = adapter;
      await this.#worker.compute({ method, options, site, weight, path }, this.#host.signal);
    }
    this.#used.add(path);
    const { now } = this.#host;
    if (now !== undefined) await markUsed(path, now());
    return found ?? (await placesIn(path, shapes)) ?? {};
  }

  async #start(): Promise<void> {
    await createFolder(this.#folder);
    await this.#host.onStart?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker[Symbol.asyncDispose]();
    if (this.#started) await trimCache(this.#folder, largestCache, this.#used);
  }
}

/** Computes in this process, with the threads of ONNX Runtime. */
export class ConstantsHere implements ConstantsWorker {
  readonly #products = new MatrixProducts();

  async compute(...[task, signal]: Parameters<ConstantsWorker['compute']>): Promise<void> {
    await computeConstants(task, this.#products, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#products[Symbol.asyncDispose]();
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
