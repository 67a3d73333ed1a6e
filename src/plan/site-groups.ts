/** @file Sites in groups that people ask about: by projection and matrix, and by block. */
import {
  type Adapter,
  encodeAdapterFile,
  finishedAdapter,
  type PlacedAdapter,
  parameterName,
} from '../adapters/index.ts';
import { grouped } from '../base/grouped.ts';
import type { Site } from '../nn/index.ts';
import { bytesPerElement, float32, type Tensor } from '../tensor/tensor.ts';

/** Sites of one projection that have matrices of one size. */
export interface ProjectionGroup {
  readonly projection: string;
  readonly out: number;
  readonly in: number;
  readonly sites: number;
  readonly parametersEach: number;
  readonly parameters: number;
}

/** Sites of one block of the UNet. */
export interface BlockGroup {
  readonly block: string;
  readonly sites: number;
  readonly parameters: number;
}

/** `attn1.to_out.0`: what follows the last numbered block, layer or module of a site's path. */
export function projectionOf(name: string): string {
  return name.replace(/^.*(?:blocks|layers|attentions|resnets)\.\d+\./, '');
}

/** `unet.down_blocks.1`, `unet.mid_block` or `text_encoder`. */
export function blockOf(name: string): string {
  return /^unet\.(?:\w+_blocks\.\d+|[^.]+)|^[^.]+/.exec(name)?.[0] ?? name;
}

/** In the order of the alphabet, then of sizes. */
export function groupByProjection(
  sites: readonly Site[],
  adapter: Adapter,
): readonly ProjectionGroup[] {
  const groups = grouped(
    sites,
    (site) => `${projectionOf(site.name)} ${site.out} ${site.in} ${adapter.parameterCount(site)}`,
  );
  return [...groups.values()]
    .flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const { out, in: inner, name } = first;
      const each = adapter.parameterCount(first);
      const count = 1 + others.length;
      const parameters = each * count;
      const projection = projectionOf(name);
      return [{ projection, out, in: inner, sites: count, parametersEach: each, parameters }];
    })
    .sort((a, b) => compareText(a.projection, b.projection) || a.out - b.out || a.in - b.in);
}

/** In the order of the computation. */
export function groupByBlock(sites: readonly Site[], adapter: Adapter): readonly BlockGroup[] {
  return [...grouped(sites, (site) => blockOf(site.name))].map(([block, members]) => ({
    block,
    sites: members.length,
    parameters: totalParameters(members, adapter),
  }));
}

/** The numbers that an adapter trains at some sites. */
export function totalParameters(sites: readonly Site[], adapter: Adapter): number {
  return sites.reduce((sum, site) => sum + adapter.parameterCount(site), 0);
}

/** Above this many parameters, names and metadata are nothing beside the numbers. */
const smallAdapter = 16e6;

/** Bytes of the adapter's file if its numbers were stored in these dtypes; our files hold float32. */
export function adapterFileBytes(
  { adapter: trained, sites }: PlacedAdapter,
  base: { readonly name: string; readonly sites: number },
): { readonly f32: number; readonly f16: number } {
  const adapter = finishedAdapter(trained);
  const placed = { adapter, sites };
  const parameters = totalParameters(sites, adapter);
  const numbers = parameters * bytesPerElement.f32;
  const f32 =
    parameters > smallAdapter
      ? numbers
      : encodeAdapterFile({ placed: [placed], tensors: zeros(placed), base }).byteLength;
  return { f32, f16: f32 - numbers + parameters * bytesPerElement.f16 };
}

function zeros({ adapter, sites }: PlacedAdapter): ReadonlyMap<string, Tensor<'f32'>> {
  return new Map(
    sites.flatMap((site) =>
      adapter
        .parameters(site)
        .map(({ name, shape }) => [parameterName(site, name), float32(shape)] as const),
    ),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
