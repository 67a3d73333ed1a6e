/** @file The weights of a base model with adapters in them: W + Σ strength·ΔW, computed when they are asked for. */
import { invariant } from '../base/errors.ts';
import { joinedWeights, type ModelWeights } from '../models/weights.ts';
import type { Site } from '../nn/index.ts';
import type { BaseModel } from '../pipeline/base-model.ts';
import { DeltaWeights } from '../pipeline/delta-weights.ts';
import { siteWeightReader } from '../pipeline/site-weights.ts';
import { textWeights } from '../pipeline/text-network.ts';
import { strengthAt, type TrainedAdapter } from '../pipeline/trained-adapter.ts';
import { readPlace, type WeightPlace } from '../storage/weight-place.ts';
import { toFloat32 } from '../tensor/half.ts';
import { concatenated, type DType, type Shape, type Tensor } from '../tensor/tensor.ts';

/** What an adapter adds to a weight. */
interface Change {
  readonly site: Site;
  readonly strength: number;
  readonly deltas: DeltaWeights;
  /** Rows that follow those of a table. */
  readonly newRows: number;
}

/** The weights of a base by part and name, such as `unet.conv_in.weight`. It holds sessions until it is disposed of. */
export class MergedWeights {
  readonly #places: ModelWeights['places'];
  readonly #deltas: DeltaWeights[] = [];
  /** By the name of the weight. */
  readonly #changes = new Map<string, readonly Change[]>();

  constructor(base: BaseModel, adapters: readonly TrainedAdapter[]) {
    const { unet, vae } = base;
    const parts = { ...textWeights(base), unet: unet.weights, vae: vae.weights };
    this.#places = joinedWeights(parts).places;
    const readWeight = siteWeightReader(base);
    for (const adapter of adapters) {
      const deltas = new DeltaWeights(adapter.placed, adapter.tensors, readWeight);
      this.#deltas.push(deltas);
      for (const site of deltas.sites) {
        const strength = strengthAt(adapter, site);
        if (strength === 0) continue;
        const name = site.kind === 'vector' ? site.name : `${site.name}.weight`;
        const change = { site, strength, deltas, newRows: newRowsOf(adapter, site) };
        this.#changes.set(name, [...(this.#changes.get(name) ?? []), change]);
      }
    }
  }

  /** Names of the weights that an adapter changes. */
  get changed(): ReadonlySet<string> {
    return new Set(this.#changes.keys());
  }

  /** The precision that the base holds a weight in. */
  dtypeOf(name: string): DType {
    return this.#place(name).entry.dtype;
  }

  /** The shape of a weight: the base's, but that new words add rows to their table. */
  shapeOf(name: string): Shape {
    const [rows = 0, ...rest] = this.#place(name).entry.shape;
    const added = (this.#changes.get(name) ?? []).map(({ newRows }) => newRows);
    return [added.reduce((sum, count) => sum + count, rows), ...rest];
  }

  /** A weight: as it is stored where nothing changes it. */
  async read(name: string): Promise<Tensor> {
    const stored = await readPlace(this.#place(name));
    const changes = this.#changes.get(name);
    if (changes === undefined) return stored;
    const weight = toFloat32(stored);
    const newRows: Tensor<'f32'>[] = [];
    for (const { site, strength, deltas } of changes) {
      const delta = await deltas.at(site);
      if (site.kind === 'table') newRows.push(delta);
      else addTo(weight, delta, strength);
    }
    return newRows.length === 0 ? weight : concatenated([weight, ...newRows]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const deltas of this.#deltas) await deltas[Symbol.asyncDispose]();
  }

  #place(name: string): WeightPlace {
    const place = this.#places.get(name);
    invariant(place !== undefined, `the base has no weight ${name}`);
    return place;
  }
}

function newRowsOf({ placed }: TrainedAdapter, { name }: Site): number {
  const here = placed.filter(({ sites }) => sites.some((site) => site.name === name));
  return here.reduce((sum, { adapter }) => sum + (adapter.newToken?.vectors ?? 0), 0);
}

function addTo({ data }: Tensor<'f32'>, delta: Tensor<'f32'>, strength: number): void {
  for (let i = 0; i < data.length; i++) {
    data[i] = (data[i] ?? 0) + strength * (delta.data[i] ?? 0);
  }
}
