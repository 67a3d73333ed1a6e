/** @file Attaching an adapter to a model that is being traced. */
import { AdapterError } from '../base/errors.ts';
import type { TorchGenerator } from '../base/torch-random.ts';
import { add, constant, type Graph, input, linear, multiply, type Value } from '../graph/index.ts';
import type { Site, SiteHook } from '../nn/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Adapter } from './adapter.ts';
import { divisors, greatestCommonDivisor } from './divisors.ts';
import { initialTensor } from './initial.ts';

/** The values of an adapter's parameters: `site.parameter` → tensor. */
export type AdapterTensors = ReadonlyMap<string, Tensor<'f32'>>;

/** An adapter with the sites it was chosen for. */
export interface PlacedAdapter {
  readonly adapter: Adapter;
  readonly sites: readonly Site[];
}

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

/** Name of a parameter in files, graphs and optimiser states. */
export function parameterName(site: Site, parameter: string): string {
  return `${site.name}.${parameter}`;
}

/** Draws all parameters, site after site in the model's order. */
export function initialTensors(
  { adapter, sites }: PlacedAdapter,
  generator: TorchGenerator,
): Map<string, Tensor<'f32'>> {
  const tensors = new Map<string, Tensor<'f32'>>();
  for (const site of sites) {
    for (const { name, shape, initial } of adapter.parameters(site)) {
      tensors.set(parameterName(site, name), initialTensor(shape, initial, generator));
    }
  }
  return tensors;
}

/** An adapter in a graph. */
export interface AttachedAdapter {
  readonly hook: SiteHook;
  /** Every parameter used so far, by name. */
  readonly parameters: ReadonlyMap<string, Value>;
}

export interface AttachOptions {
  /** Values to build in as constants, for generating; without them parameters are inputs, for training. */
  readonly fixed?: AdapterTensors;
  /** Multiplies ΔW; 0 leaves the model as it is. @default 1 */
  readonly strength?: number;
}

/** The hook that adapts the chosen sites of a model. */
export function attach(
  graph: Graph,
  placed: PlacedAdapter,
  { fixed, strength = 1 }: AttachOptions = {},
): AttachedAdapter {
  const parameters = new Map<string, Value>();
  const names = new Set(placed.sites.map((site) => site.name));
  const { adapter } = placed;
  const hook: SiteHook = (site, x, weight) => {
    if (strength === 0 || !names.has(site.name)) return undefined;
    const own: Record<string, Value> = {};
    for (const { name, shape } of adapter.parameters(site)) {
      const full = parameterName(site, name);
      const known = fixed?.get(full);
      const value =
        parameters.get(full) ??
        (known === undefined ? input(graph, full, 'f32', shape) : constant(graph, known));
      parameters.set(full, value);
      own[name] = value;
    }
    if (strength === 1 && adapter.forward !== undefined) {
      return adapter.forward({ site, x, weight, parameters: own });
    }
    const delta = adapter.deltaWeight(site, own);
    return linear(x, add(weight, strength === 1 ? delta : multiply(delta, strength)));
  };
  return { hook, parameters };
}
