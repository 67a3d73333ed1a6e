/** @file Attaching an adapter to a model that is being traced. */
import type { TorchGenerator } from '../base/torch-random.ts';
import { add, constant, type Graph, input, linear, type Value } from '../graph/index.ts';
import type { Site, SiteHook } from '../nn/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Adapter } from './adapter.ts';
import { initialTensor } from './initial.ts';

/** The values of an adapter's parameters: `site.parameter` → tensor. */
export type AdapterTensors = ReadonlyMap<string, Tensor<'f32'>>;

/** An adapter with the sites it was chosen for. */
export interface PlacedAdapter {
  readonly adapter: Adapter;
  readonly sites: readonly Site[];
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

/**
 * The hook that adapts the chosen sites of a model.
 *
 * @param fixed values to build in as constants, for generating; without them parameters are inputs, for training
 */
export function attach(
  graph: Graph,
  placed: PlacedAdapter,
  fixed?: AdapterTensors,
): AttachedAdapter {
  const parameters = new Map<string, Value>();
  const names = new Set(placed.sites.map((site) => site.name));
  const { adapter } = placed;
  const hook: SiteHook = (site, x, weight) => {
    if (!names.has(site.name)) return undefined;
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
    return adapter.forward === undefined
      ? linear(x, add(weight, adapter.deltaWeight(site, own)))
      : adapter.forward({ site, x, weight, parameters: own });
  };
  return { hook, parameters };
}
