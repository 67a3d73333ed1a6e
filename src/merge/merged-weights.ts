/** @file The weights of a base model with adapters in them: W + Σ strength·ΔW, computed when they are asked for. */
import { invariant } from '../base/errors.ts';
import { joinedWeights, type ModelWeights } from '../models/weights.ts';
import { siteWeightReader } from '../pipeline/adapters/site-weights.ts';
import type { TrainedAdapter } from '../pipeline/adapters/trained-adapter.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { textWeights } from '../pipeline/text/text-network.ts';
import { readPlace, type WeightPlace } from '../storage/weights/weight-place.ts';
import { toFloat32 } from '../tensor/half.ts';
import { concatenated, type DType, type Shape, type Tensor } from '../tensor/tensor.ts';
import { addChanges, type SiteChange, SiteChanges } from './site-changes.ts';

/** The weights of a base by part and name, such as `unet.conv_in.weight`. It holds sessions until it is disposed of. */
export class MergedWeights {
  readonly #places: ModelWeights['places'];
  readonly #changes: SiteChanges;
  /** By the name of the weight. */
  readonly #byWeight: ReadonlyMap<string, readonly SiteChange[]>;

  constructor(base: BaseModel, adapters: readonly TrainedAdapter[]) {
    const { unet, vae } = base;
    const parts = { ...textWeights(base), unet: unet.weights, vae: vae.weights };
    this.#places = joinedWeights(parts).places;
    this.#changes = new SiteChanges(adapters, siteWeightReader(base));
    this.#byWeight = new Map(
      [...this.#changes.bySite].map(([site, changes]) => [
        changes[0]?.site.kind === 'vector' ? site : `${site}.weight`,
        changes,
      ]),
    );
  }

  /** Names of the weights that an adapter changes. */
  get changed(): ReadonlySet<string> {
    return new Set(this.#byWeight.keys());
  }

  /** The precision that the base holds a weight in. */
  dtypeOf(name: string): DType {
    return this.#place(name).entry.dtype;
  }

  /** The shape of a weight: the base's, but that new words add rows to their table. */
  shapeOf(name: string): Shape {
    const [rows = 0, ...rest] = this.#place(name).entry.shape;
    const added = (this.#byWeight.get(name) ?? []).map(newRows);
    return [added.reduce((sum, count) => sum + count, rows), ...rest];
  }

  /** A weight: as it is stored where nothing changes it. */
  async read(name: string): Promise<Tensor> {
    const stored = await readPlace(this.#place(name));
    const changes = this.#byWeight.get(name);
    if (changes === undefined) return stored;
    const weight = toFloat32(stored);
    if (changes[0]?.site.kind === 'table') {
      const rows = await Promise.all(changes.map(({ delta }) => delta()));
      return concatenated([weight, ...rows]);
    }
    await addChanges(weight, changes);
    return weight;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#changes[Symbol.asyncDispose]();
  }

  #place(name: string): WeightPlace {
    const place = this.#places.get(name);
    invariant(place !== undefined, `the base has no weight ${name}`);
    return place;
  }
}

/** Rows that an adapter adds to a table. */
function newRows({ site, adapter: { placed } }: SiteChange): number {
  const here = placed.filter(({ sites }) => sites.some(({ name }) => name === site.name));
  return here
    .flatMap(({ adapter }) => adapter.newTokens)
    .reduce((sum, { vectors }) => sum + vectors, 0);
}
