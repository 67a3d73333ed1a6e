/** @file Adapters with their trained values, as generating uses them. */
import { type AdapterTensors, attach, type PlacedAdapter } from '../adapters/index.ts';
import { type Graph, input, multiply } from '../graph/index.ts';
import { matchesPattern, type Site, type SiteHook } from '../nn/index.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';

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
  /** Multiplies ΔW; 0 is the base model itself. @default 1 */
  readonly strength?: number;
  /** Strengths of their own for sites that match a pattern, the last match winning. */
  readonly strengths?: Readonly<Record<string, number>> | undefined;
  /** When it is on in the UNet; text encoders, which run once, always have it. @default always */
  readonly range?: NoiseRange | undefined;
}

/**
 * The hook that builds adapters into a graph of the UNet or of the text encoders. In the UNet those that are not on all
 * the time take an input (switchFeeds).
 */
export function fixedHook(
  graph: Graph,
  adapters: readonly TrainedAdapter[],
  part: 'unet' | 'texts',
): SiteHook | undefined {
  if (adapters.length === 0) return undefined;
  const attachments = adapters.flatMap((adapter, i) => {
    const { placed, tensors, range } = adapter;
    const on = part === 'unet' && range ? input(graph, switchName(i), 'f32', []) : undefined;
    const strength = (site: Site) => {
      const own = strengthAt(adapter, site);
      return on === undefined || own === 0 ? own : multiply(on, own);
    };
    return placed.map((each) => ({ placed: each, fixed: tensors, strength }));
  });
  return attach(graph, attachments).hook;
}

function strengthAt({ strength = 1, strengths = {} }: TrainedAdapter, { name }: Site): number {
  const own = Object.entries(strengths).findLast(([pattern]) => matchesPattern(pattern, name))?.[1];
  return own ?? strength;
}

/** Values for the inputs of fixedHook in the UNet: 1 where an adapter is on at a timestep, else 0. */
export function switchFeeds(
  adapters: readonly TrainedAdapter[],
  progress: number,
): Readonly<Record<string, Tensor<'f32'>>> {
  return Object.fromEntries(
    adapters.flatMap(({ range }, i) => {
      if (range === undefined) return [];
      const on = range.from <= progress && (progress < range.to || range.to === 1);
      return [[switchName(i), float32([], [on ? 1 : 0])]];
    }),
  );
}

function switchName(index: number): string {
  return `adapter.${index}.on`;
}
