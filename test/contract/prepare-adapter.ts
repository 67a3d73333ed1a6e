/** @file An adapter with what its method computes from weights at hand. */
import type { PlacedAdapter, SiteTensors, SiteWeights } from '../../src/adapters/index.ts';
import { computedHere } from '../../src/tensor/products.ts';

/** The constants of a site, by name. */
export function constantsAt(
  { adapter }: Pick<PlacedAdapter, 'adapter'>,
  site: PlacedAdapter['sites'][number],
  weights: SiteWeights,
): SiteTensors {
  const rule = adapter.constants;
  return rule === undefined ? {} : computedHere(rule.compute(site, weights(site)));
}

/** The adapter with these of all sites. */
export function prepareAdapter(placed: PlacedAdapter, weights: SiteWeights): PlacedAdapter {
  if (placed.adapter.constants === undefined) return placed;
  const constants = placed.sites.map(
    (site) => [site.name, constantsAt(placed, site, weights)] as const,
  );
  return { ...placed, constants: new Map(constants) };
}
