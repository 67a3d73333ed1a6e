/** @file A configured method on the sites chosen for it, and the values of its parameters. */
import { AdapterError } from '../base/errors.ts';
import type { TorchGenerator } from '../base/torch-random.ts';
import type { Site } from '../nn/index.ts';
import type { Shape, Tensor } from '../tensor/tensor.ts';
import type { Adapter, SiteTensors } from './adapter.ts';
import { divisors, greatestCommonDivisor } from './divisors.ts';
import { initialTensor } from './initial.ts';

/** The values of an adapter's parameters: `site.parameter` → tensor. */
export type AdapterTensors = ReadonlyMap<string, Tensor<'f32'>>;

/** An adapter with the sites it was chosen for. */
export interface PlacedAdapter {
  readonly adapter: Adapter;
  readonly sites: readonly Site[];
  /** By site, where the method computes anything from frozen weights (prepareAdapter). */
  readonly constants?: ReadonlyMap<string, SiteTensors>;
}

/** A site's frozen weight as a matrix [out, in]. */
export type SiteWeights = (site: Site) => Tensor<'f32'>;

/**
 * An adapter on the sites chosen for it.
 *
 * @throws AdapterError where its options are impossible at a site, with the sizes that all sites have in common
 */
export function placeAdapter(adapter: Adapter, sites: readonly Site[]): PlacedAdapter {
  try {
    for (const site of sites) adapter.parameters(site);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const common = (sizes: readonly number[]) =>
      divisors(sizes.reduce(greatestCommonDivisor)).join(', ');
    throw new AdapterError(
      error.code,
      `${error.message}. What divides at all ${sites.length} chosen sites: outputs by ${common(sites.map((site) => site.out))}; inputs by ${common(sites.map((site) => site.in))}`,
      { cause: error },
    );
  }
  return { adapter, sites };
}

/** Whether a method looks at the values of the weights it changes. */
export function readsWeights({ adapter, sites }: PlacedAdapter): boolean {
  const starts = sites.slice(0, 1).flatMap((site) => adapter.parameters(site));
  return adapter.constants !== undefined || starts.some(({ initial }) => initial.kind === 'weight');
}

/** Constants are part of the graph's file, which holds 2 GB with everything else. */
const largestConstants = 1.9e9;

/**
 * With what the method computes once from the frozen weights.
 *
 * @throws AdapterError CONSTANTS_TOO_LARGE as soon as it is to be expected of the sites done so far
 */
export function prepareAdapter(placed: PlacedAdapter, weights: SiteWeights): PlacedAdapter {
  const { adapter, sites } = placed;
  if (adapter.constants === undefined) return placed;
  const constants = new Map<string, SiteTensors>();
  const elements = (some: readonly Site[]) =>
    some.reduce((sum, site) => sum + site.out * site.in, 0);
  let bytes = 0;
  for (const [i, site] of sites.entries()) {
    const own = adapter.constants(site, weights(site));
    constants.set(site.name, own);
    for (const { data } of Object.values(own)) bytes += data.byteLength;
    const expected = (bytes * elements(sites)) / elements(sites.slice(0, i + 1));
    if (expected <= largestConstants) continue;
    throw new AdapterError(
      'CONSTANTS_TOO_LARGE',
      `${adapter.method}: what it keeps of the frozen weights would take ${(expected / 1e9).toFixed(1)} GB at ${sites.length} sites, ${largestConstants / 1e9} GB is the most; choose fewer, such as --targets attn2.to_k --targets attn2.to_v`,
    );
  }
  return { ...placed, constants };
}

/** Name of a parameter in files, graphs and optimiser states. */
export function parameterName(site: Site, parameter: string): string {
  return `${site.name}.${parameter}`;
}

/** Shapes of all parameters: `site.parameter` → shape. */
export function parameterShapes(placed: readonly PlacedAdapter[]): ReadonlyMap<string, Shape> {
  return new Map(
    placed.flatMap(({ adapter, sites }) =>
      sites.flatMap((site) =>
        adapter
          .parameters(site)
          .map(({ name, shape }) => [parameterName(site, name), shape] as const),
      ),
    ),
  );
}

/** Draws all parameters, site after site in the model's order; those that start from a weight ask for it. */
export function initialTensors(
  { adapter, sites }: PlacedAdapter,
  generator: TorchGenerator,
  weights?: SiteWeights,
): Map<string, Tensor<'f32'>> {
  const tensors = new Map<string, Tensor<'f32'>>();
  for (const site of sites) {
    for (const { name, shape, initial } of adapter.parameters(site)) {
      const value = initialTensor(shape, initial, { generator, weight: () => weights?.(site) });
      tensors.set(parameterName(site, name), value);
    }
  }
  return tensors;
}
