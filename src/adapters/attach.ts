/** @file Attaching adapters to a model that is being traced. */
import {
  add,
  concatenate,
  constant,
  type Graph,
  input,
  multiply,
  reshape,
  type Value,
  weight,
} from '../graph/index.ts';
import type { Site, SiteHook } from '../nn/index.ts';
import type { SiteParameters } from './adapter.ts';
import { type AdapterTensors, constantName, type PlacedAdapter, parameterName } from './placed.ts';

/** A factor of ΔW: a number, or a scalar of the graph. */
export type Strength = number | Value;

/** One adapter of a graph. */
export interface Attachment {
  readonly placed: PlacedAdapter;
  /** Values to build in as constants, for generating; without them parameters are inputs, for training. */
  readonly fixed?: AdapterTensors | undefined;
  /** Multiplies ΔW at a site; 0 leaves it as it is. @default 1 */
  readonly strength?: ((site: Site) => Strength) | undefined;
}

/** An attachment at one site. */
interface ActiveAttachment extends Omit<Attachment, 'strength'> {
  readonly strength: Strength;
}

/** Adapters in a graph. */
export interface AttachedAdapters {
  readonly hook: SiteHook;
  /** Every trainable parameter used so far, by name. */
  readonly parameters: ReadonlyMap<string, Value>;
}

/**
 * The hook that adapts the chosen sites of a model. Several adapters of one site add up, each computed from the frozen
 * weight; new rows of a table follow one another in the order of the adapters.
 */
export function attach(graph: Graph, attachments: readonly Attachment[]): AttachedAdapters {
  const trained = new Map<string, Value>();
  const sitesOf = attachments.map(({ placed }) => new Set(placed.sites.map((site) => site.name)));
  const found = new Map<string, readonly ActiveAttachment[]>();
  const active = (site: Site) => {
    // Asked once a site: a strength may be an input of the graph.
    const here = found.get(site.name) ?? findActive(site);
    found.set(site.name, here);
    return here;
  };
  const findActive = (site: Site) =>
    attachments.flatMap((attachment, i) => {
      if (!sitesOf[i]?.has(site.name)) return [];
      // A word's rows are there or not: prompts that use it would point beyond the table.
      const strength = site.kind === 'table' ? 1 : (attachment.strength?.(site) ?? 1);
      return strength === 0 ? [] : [{ ...attachment, strength }];
    });
  const parametersOf = (
    { placed, fixed }: Pick<Attachment, 'placed' | 'fixed'>,
    site: Site,
  ): SiteParameters => {
    const own: Record<string, Value> = {};
    for (const { name, shape } of placed.adapter.parameters(site)) {
      const full = parameterName(site, name);
      const known = fixed?.get(full);
      const value =
        trained.get(full) ??
        (known === undefined ? input(graph, full, 'f32', shape) : constant(graph, known));
      if (known === undefined) trained.set(full, value);
      own[name] = value;
    }
    const { adapter, constants } = placed;
    for (const [name, shape] of Object.entries(adapter.constants?.shapes(site) ?? {})) {
      const known = constants?.get(site.name)?.[name];
      own[name] =
        known !== undefined && 'data' in known
          ? constant(graph, known)
          : weight(graph, constantName(site, adapter, name), 'f32', shape);
    }
    return own;
  };
  const hook: SiteHook = {
    product: (site, x, weight) => {
      const [only, ...others] = active(site);
      const forward = only?.placed.adapter.forward;
      if (only?.strength !== 1 || forward === undefined || others.length > 0) return undefined;
      return forward({ site, x, weight, parameters: parametersOf(only, site) });
    },
    weight: (site, weight) => {
      const here = active(site);
      if (here.length === 0) return undefined;
      const matrix = reshape(weight, [site.out, site.in]);
      const deltas = here.map(({ strength, ...attachment }) => {
        const parameters = parametersOf(attachment, site);
        const delta = attachment.placed.adapter.deltaWeight({ site, weight: matrix, parameters });
        return strength === 1 ? delta : multiply(delta, strength);
      });
      if (site.kind === 'table') return concatenate([matrix, ...deltas], 0);
      return reshape(deltas.reduce(add, matrix), weight.shape);
    },
  };
  return { hook, parameters: trained };
}
