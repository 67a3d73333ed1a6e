/** @file Dropout of adapters: in each batch a site is left as it is with the method's probability, without rescaling. */
import type { PlacedAdapter, Strength } from '../../adapters/index.ts';
import { required } from '../../base/required.ts';
import type { TorchGenerator } from '../../base/torch-random.ts';
import { type Graph, input } from '../../graph/index.ts';
import type { Site } from '../../nn/index.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';

/** The strength of an adapter's sites in a training graph: inputs of 0 or 1, where its method drops any. */
export function droppingStrength(
  graph: Graph,
  { adapter }: PlacedAdapter,
): ((site: Site) => Strength) | undefined {
  if (adapter.dropout === 0) return undefined;
  return (site) => input(graph, keptName(site), 'f32', []);
}

/** Values for those inputs; where nothing is dropped, nothing is drawn. */
export function drawDropout(
  placed: readonly PlacedAdapter[],
  generator: TorchGenerator,
): Readonly<Record<string, Tensor<'f32'>>> {
  return Object.fromEntries(
    placed.flatMap(({ adapter, sites }) => {
      if (adapter.dropout === 0) return [];
      const draws = generator.rand(sites.length);
      return sites.map((site, i) => {
        const kept = required(draws, i) >= adapter.dropout;
        return [keptName(site), float32([], [kept ? 1 : 0])] as const;
      });
    }),
  );
}

/** Values that keep every adapter. */
export function withoutDropout(
  placed: readonly PlacedAdapter[],
): Readonly<Record<string, Tensor<'f32'>>> {
  const sites = placed.flatMap((each) => (each.adapter.dropout === 0 ? [] : each.sites));
  return Object.fromEntries(sites.map((site) => [keptName(site), float32([], [1])]));
}

function keptName(site: Site): string {
  return `${site.name}.kept`;
}
