/** @file The frozen weights that a network with adapters reads. */
import { constantName, type PlacedAdapter } from '../../adapters/index.ts';
import type { ModelWeights } from '../../models/weights.ts';

/** A model's weights with those constants of adapters on them that lie in files. */
export function withConstants(
  weights: ModelWeights,
  placed: readonly PlacedAdapter[],
): ModelWeights {
  const places = new Map(weights.places);
  for (const { adapter, sites, constants } of placed) {
    for (const site of sites.filter(({ name }) => weights.places.has(`${name}.weight`))) {
      for (const [name, value] of Object.entries(constants?.get(site.name) ?? {})) {
        if (!('data' in value)) places.set(constantName(site, adapter, name), value);
      }
    }
  }
  return { ...weights, places };
}
