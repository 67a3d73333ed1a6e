/** @file What adapters change, as our reader has it: how far two files are apart. */
import { expect } from 'vitest';
import { openAdapter } from '../../src/pipeline/adapters/adapter-file.ts';
import { DeltaWeights } from '../../src/pipeline/adapters/delta-weights.ts';
import { openKnownBase } from '../../src/pipeline/base/known-base.ts';
import { relativeL2 } from '../../src/tensor/linear-algebra/host-matrices.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';

/**
 * ‖ΔW − times·ΔW′‖ / ‖times·ΔW′‖ at the site where it is largest.
 *
 * @param path of an adapter for the bundled model, of which no weight is needed
 */
export async function changesApart(path: string, other: string, times = 1): Promise<number> {
  const [changes, expected] = [await changesOf(path), await changesOf(other)];
  expect([...changes.keys()].sort()).toEqual([...expected.keys()].sort());
  const errors = [...expected].map(([site, { data, ...rest }]) => {
    const wanted = { ...rest, data: data.map((value) => times * value) };
    return relativeL2(changes.get(site) ?? wanted, wanted);
  });
  return Math.max(...errors);
}

async function changesOf(path: string): Promise<ReadonlyMap<string, Tensor<'f32'>>> {
  const { sites } = await openKnownBase('pocket');
  const { file } = (await openAdapter(path)).on(sites);
  await using deltas = new DeltaWeights(file.placed, file.tensors, () => {
    throw new Error('a weight was asked for');
  });
  const changes = new Map<string, Tensor<'f32'>>();
  for (const site of deltas.sites) changes.set(site.name, await deltas.at(site));
  return changes;
}
