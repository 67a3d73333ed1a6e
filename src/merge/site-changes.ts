/** @file What several adapters change, site by site. */
import { ConfigError } from '../base/errors.ts';
import type { Site } from '../nn/index.ts';
import { DeltaWeights } from '../pipeline/adapters/delta-weights.ts';
import type { ReadSiteWeight } from '../pipeline/adapters/site-weights.ts';
import { strengthAt, type TrainedAdapter } from '../pipeline/adapters/trained-adapter.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What one adapter changes at a site. */
export interface SiteChange {
  readonly site: Site;
  readonly adapter: TrainedAdapter;
  /** Never 0. */
  readonly strength: number;
  /** ΔW at strength 1. */
  readonly delta: () => Promise<Tensor<'f32'>>;
}

/** The changes of every site that an adapter of strength other than 0 has. Holds sessions until it is disposed of. */
export class SiteChanges {
  /** By site, in the order of the adapters. */
  readonly bySite: ReadonlyMap<string, readonly SiteChange[]>;
  readonly #deltas: readonly DeltaWeights[];

  constructor(adapters: readonly TrainedAdapter[], readWeight: ReadSiteWeight) {
    const bySite = new Map<string, SiteChange[]>();
    this.#deltas = adapters.map((adapter) => {
      const deltas = new DeltaWeights(adapter.placed, adapter.tensors, readWeight);
      for (const site of deltas.sites) {
        const strength = strengthAt(adapter, site);
        if (strength === 0) continue;
        const change = { site, adapter, strength, delta: () => deltas.at(site) };
        bySite.set(site.name, [...(bySite.get(site.name) ?? []), change]);
      }
      return deltas;
    });
    this.bySite = bySite;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const deltas of this.#deltas) await deltas[Symbol.asyncDispose]();
  }
}

/** @throws ConfigError NOTHING_TO_COMBINE where no adapter changes any site */
export function requireAnyChange(adapters: readonly TrainedAdapter[]): void {
  const isAny = adapters.some((adapter) =>
    adapter.placed.some(({ sites }) => sites.some((site) => strengthAt(adapter, site) !== 0)),
  );
  if (isAny) return;
  throw new ConfigError(
    'NOTHING_TO_COMBINE',
    'every adapter has strength 0 at all of its sites, so that merging them would change nothing; give at least one another strength',
  );
}

/** Adds strength·ΔW of each to the numbers in place: [out, in]. */
export async function addChanges(
  { data }: Tensor<'f32'>,
  changes: readonly SiteChange[],
): Promise<void> {
  for (const { strength, delta } of changes) {
    const added = (await delta()).data;
    for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) + strength * (added[i] ?? 0);
  }
}
