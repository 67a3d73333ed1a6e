/** @file Adapters with their trained values, as generating uses them. */
import { type AdapterTensors, attach, type PlacedAdapter } from '../../adapters/index.ts';
import type { Graph } from '../../graph/index.ts';
import { matchesPattern, type Site, type SiteHook } from '../../nn/index.ts';

/**
 * A part of the denoising, from 0 at the noisiest timestep to 1 at the last: `from` included, `to` not, but for 1.
 */
export interface NoiseRange {
  readonly from: number;
  readonly to: number;
}

/** An adapter with its trained values. */
export interface TrainedAdapter {
  readonly placed: readonly PlacedAdapter[];
  readonly tensors: AdapterTensors;
  /** Multiplies ΔW; 0 is the base model itself. New words are as they are, or with 0 not there. @default 1 */
  readonly strength?: number;
  /** Strengths of their own for sites that match a pattern, the last match winning. */
  readonly strengths?: Readonly<Record<string, number>> | undefined;
  /** When it is on in the UNet; text encoders, which run once, always have it. @default always */
  readonly range?: NoiseRange | undefined;
}

/** The adapters that are on at a share of the noise schedule. */
export function adaptersAt(
  adapters: readonly TrainedAdapter[],
  share: number,
): readonly TrainedAdapter[] {
  return adapters.filter(
    ({ range: { from, to } = always }) => from <= share && (share < to || to === 1),
  );
}

const always: NoiseRange = { from: 0, to: 1 };

/** The hook that builds adapters into a graph. */
export function fixedHook(graph: Graph, adapters: readonly TrainedAdapter[]): SiteHook | undefined {
  if (adapters.length === 0) return undefined;
  const attachments = adapters.flatMap((adapter) => {
    const { placed, tensors } = adapter;
    const strength = (site: Site) => (site.kind === 'table' ? 1 : strengthAt(adapter, site));
    return placed.map((each) => {
      const sites = each.sites.filter((site) => strengthAt(adapter, site) !== 0);
      return { placed: { ...each, sites }, fixed: tensors, strength };
    });
  });
  return attach(graph, attachments).hook;
}

/** The strength that an adapter has at a site while it is on. */
export function strengthAt(
  { strength = 1, strengths = {} }: Pick<TrainedAdapter, 'strength' | 'strengths'>,
  { name }: Site,
): number {
  const own = Object.entries(strengths).findLast(([pattern]) => matchesPattern(pattern, name))?.[1];
  return own ?? strength;
}
