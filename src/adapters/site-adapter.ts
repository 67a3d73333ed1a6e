/** @file Methods chosen site by site, as files and conversions have them, and the same as placed adapters. */
import type { Site } from '../nn/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Adapter, SiteTensors } from './adapter.ts';
import { type AdapterTensors, type PlacedAdapter, parameterName, placeAdapter } from './placed.ts';
import { configureAdapter } from './registry.ts';

/** A method on one site, with the values of its parameters. */
export interface SiteAdapter {
  readonly site: Site;
  readonly method: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly parameters: SiteTensors;
}

/** The change of a weight as it is; delta: [out, in]. */
export function fullChange(site: Site, delta: Tensor<'f32'>): SiteAdapter {
  return { site, method: 'dreambooth', options: {}, parameters: { delta } };
}

/**
 * Sites of equal method and options together, in the order of the base.
 *
 * @param order every site of the base
 * @throws ConfigError or AdapterError where options are impossible
 */
export function placeTogether(
  adapters: readonly SiteAdapter[],
  order: readonly Site[],
): { readonly placed: readonly PlacedAdapter[]; readonly tensors: AdapterTensors } {
  const bySite = new Map(adapters.map((each) => [each.site.name, each]));
  const groups = new Map<string, SiteAdapter[]>();
  const tensors = new Map<string, Tensor<'f32'>>();
  for (const { name } of order) {
    const own = bySite.get(name);
    if (own === undefined) continue;
    const key = JSON.stringify([own.method, own.options]);
    groups.set(key, [...(groups.get(key) ?? []), own]);
    for (const [parameter, value] of Object.entries(own.parameters)) {
      tensors.set(parameterName(own.site, parameter), value);
    }
  }
  const placed = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const sites = group.map(({ site }) => site);
    return [placeAdapter(configureAdapter(first.method, first.options), sites)];
  });
  return { placed, tensors };
}

/** The method as files have it; itself where training holds the same. */
export function finishedAdapter(adapter: Adapter): Adapter {
  const { method, finished } = adapter;
  return finished === undefined ? adapter : configureAdapter(method, finished.options);
}

/** Adapters with all their tensors as files have them; the same where training holds the same. */
export function finishedAdapters(
  placed: readonly PlacedAdapter[],
  tensors: AdapterTensors,
): { readonly placed: readonly PlacedAdapter[]; readonly tensors: AdapterTensors } {
  if (placed.every(({ adapter }) => adapter.finished === undefined)) return { placed, tensors };
  const finished = placed.map(({ adapter, sites }) =>
    placeAdapter(finishedAdapter(adapter), sites),
  );
  const all = placed.flatMap((each) =>
    separateSites([each], tensors).flatMap(({ site, parameters }) => {
      const own = each.adapter.finished?.tensors(parameters) ?? parameters;
      return Object.entries(own).map(
        ([name, value]) => [parameterName(site, name), value] as const,
      );
    }),
  );
  return { placed: finished, tensors: new Map(all) };
}

/** The adapters of a file, site by site. */
export function separateSites(
  placed: readonly PlacedAdapter[],
  tensors: AdapterTensors,
): readonly SiteAdapter[] {
  return placed.flatMap(({ adapter, sites }) =>
    sites.map((site) => ({
      site,
      method: adapter.method,
      options: adapter.options,
      parameters: Object.fromEntries(
        adapter.parameters(site).flatMap(({ name }) => {
          const value = tensors.get(parameterName(site, name));
          return value === undefined ? [] : [[name, value] as const];
        }),
      ),
    })),
  );
}
