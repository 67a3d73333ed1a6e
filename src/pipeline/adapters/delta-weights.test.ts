import { describe, expect, test } from 'vitest';
import { contracts } from '../../../test/contract/contracts.ts';
import { toMatrix, toTensor } from '../../../test/contract/matrix.ts';
import { constantsAt } from '../../../test/contract/prepare-adapter.ts';
import { linearSite, tableSite } from '../../../test/contract/sites.ts';
import {
  type AdapterTensors,
  configureAdapter,
  type PlacedAdapter,
  parameterName,
} from '../../adapters/index.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import type { Site } from '../../nn/index.ts';
import { relativeL2 } from '../../tensor/linear-algebra/host-matrices.ts';
import { elementCount, float32, type Shape, type Tensor } from '../../tensor/tensor.ts';
import { DeltaWeights, deltaWeights } from './delta-weights.ts';

const random = new TorchGenerator(7);

function drawn(shape: Shape): Tensor<'f32'> {
  return float32(
    shape,
    random.randn(elementCount(shape)).map((value) => value * 0.3),
  );
}

/** A method on sites, all of its parameters drawn. */
function trained(method: string, options: object, sites: readonly Site[]) {
  const placed: PlacedAdapter = { adapter: configureAdapter(method, options), sites };
  const tensors = sites.flatMap((site) =>
    placed.adapter
      .parameters(site)
      .map(({ name, shape }) => [parameterName(site, name), drawn(shape)] as const),
  );
  return { placed, tensors: new Map(tensors) satisfies AdapterTensors };
}

const norm = ({ data }: Tensor<'f32'>): number => Math.hypot(...data);

const noWeight = (): never => {
  throw new Error('the weight was asked for');
};

const tried = Object.entries(contracts).flatMap(([method, { cases }]) =>
  cases.flatMap(({ options, sites, deltaWeight }) =>
    sites.map((site) => ({ method, options, site, deltaWeight })),
  ),
);

test.each(tried)(
  '$method: ΔW as its formula has it: $options at $site.kind $site.out x $site.in',
  async ({ method, options, site, deltaWeight }) => {
    const weight = drawn([site.out, site.in]);
    const { placed, tensors } = trained(method, options, [site]);
    const own = placed.adapter
      .parameters(site)
      .map(({ name }) => [name, tensors.get(parameterName(site, name)) ?? float32([])] as const);
    const constants = constantsAt(placed, site, () => weight);
    const matrices = [...own, ...Object.entries(constants)].map(
      ([name, value]) => [name, toMatrix(value)] as const,
    );
    const expected = deltaWeight(Object.fromEntries(matrices), { site, weight: toMatrix(weight) });
    for await (const found of deltaWeights([placed], tensors, async () => weight)) {
      expect(found.site).toBe(site);
      // Products of a few dozen terms in float32; SVDiff's is the difference of two matrices as large as the weight.
      const error = relativeL2(found.delta, toTensor(expected));
      const size = norm(toTensor(expected));
      expect(error * size).toBeLessThan(1e-6 * (size + norm(weight)));
    }
  },
);

describe('several sites', () => {
  const sites = [linearSite(24, 16, 'unet.a'), linearSite(12, 16, 'unet.b')];
  const same = linearSite(24, 16, 'unet.c');

  test('of equal sizes each have their own ΔW', async () => {
    const { placed, tensors } = trained('lora', {}, [...sites, same]);
    await using together = new DeltaWeights([placed], tensors, noWeight);
    for (const site of [...sites, same]) {
      await using alone = new DeltaWeights([{ ...placed, sites: [site] }], tensors, noWeight);
      expect(await together.at(site)).toEqual(await alone.at(site));
    }
  });

  test('two methods at a site add up, in one list of sites', async () => {
    const first = trained('lora', {}, sites);
    const second = trained('dreambooth', {}, [same, ...sites.slice(0, 1)]);
    const tensors = new Map([...first.tensors, ...second.tensors]);
    await using weights = new DeltaWeights([first.placed, second.placed], tensors, noWeight);
    expect(weights.sites.map(({ name }) => name)).toEqual(['unet.a', 'unet.b', 'unet.c']);
    const [site = same] = sites;
    await using alone = new DeltaWeights([first.placed], tensors, noWeight);
    await using other = new DeltaWeights([second.placed], tensors, noWeight);
    const { data } = await other.at(site);
    const sum = (await alone.at(site)).data.map((value, i) => value + (data[i] ?? 0));
    expect((await weights.at(site)).data).toEqual(sum);
  });

  test('new words become rows, and their number is that of their vectors', async () => {
    const { placed, tensors } = trained('textual-inversion', { vectors: 3 }, [tableSite]);
    await using weights = new DeltaWeights([placed], tensors, noWeight);
    expect(await weights.at(tableSite)).toEqual(tensors.get(`${tableSite.name}.vectors`));
  });
});
