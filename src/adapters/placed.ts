/** @file A configured method on the sites chosen for it, and the values of its parameters. */
import { AdapterError } from '../base/errors.ts';
import type { TorchGenerator } from '../base/torch-random.ts';
import type { Site } from '../nn/index.ts';
import type { WeightPlace } from '../storage/weights/weight-place.ts';
import { elementCount, type Shape, type Tensor } from '../tensor/tensor.ts';
import type { Adapter } from './adapter.ts';
import { divisors, greatestCommonDivisor } from './algebra/divisors.ts';
import { initialTensor } from './algebra/initial.ts';

/** The values of an adapter's parameters: `site.parameter` → tensor. */
export type AdapterTensors = ReadonlyMap<string, Tensor<'f32'>>;

/** A tensor computed from a frozen weight: at hand, or in a file to be read in place. */
export type ConstantValue = Tensor<'f32'> | WeightPlace;

/** What a method computed from the frozen weight of one site, by name. */
export type SiteConstants = Readonly<Record<string, ConstantValue>>;

/** An adapter with the sites it was chosen for. */
export interface PlacedAdapter {
  readonly adapter: Adapter;
  readonly sites: readonly Site[];
  /** By site, where the method has any; a graph can be traced without them, not run. */
  readonly constants?: ReadonlyMap<string, SiteConstants>;
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
      { cause: error, details: error.details },
    );
  }
  return { adapter, sites };
}

/** Whether a method's parameters start from the values of the weights it changes. */
export function startsFromWeights({ adapter, sites }: PlacedAdapter): boolean {
  const starts = sites.slice(0, 1).flatMap((site) => adapter.parameters(site));
  return starts.some(({ initial }) => initial.kind === 'weight');
}

/** Name of a parameter in files, graphs and optimiser states. */
export function parameterName(site: Site, parameter: string): string {
  return `${site.name}.${parameter}`;
}

/** Numbers of what a method computes from the frozen weights of its sites. */
export function constantCount({ adapter: { constants }, sites }: PlacedAdapter): number {
  const shapes = sites.flatMap((site) => Object.values(constants?.shapes(site) ?? {}));
  return shapes.reduce((sum, shape) => sum + elementCount(shape), 0);
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

/** Name in graphs of what a method computed from a site's weight. */
export function constantName(site: Site, { method }: Adapter, constant: string): string {
  return `${site.name}.${method}.${constant}`;
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
