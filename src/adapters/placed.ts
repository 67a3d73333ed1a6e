/** @file A configured method on the sites chosen for it, and the values of its parameters. */
import { AdapterError } from '../base/errors.ts';
import type { TorchGenerator } from '../base/torch-random.ts';
import type { Site } from '../nn/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
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

/** With what the method computes once from the frozen weights. */
export function prepareAdapter(placed: PlacedAdapter, weights: SiteWeights): PlacedAdapter {
  const { adapter, sites } = placed;
  const { constants } = adapter;
  if (constants === undefined) return placed;
  return {
    ...placed,
    constants: new Map(sites.map((site) => [site.name, constants(site, weights(site))] as const)),
  };
}

/** Name of a parameter in files, graphs and optimiser states. */
export function parameterName(site: Site, parameter: string): string {
  return `${site.name}.${parameter}`;
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
