/** @file Parameters and file sizes of KronA over a1 and a2: the grid of `plan`, with the bytes that a file takes besides its numbers. */
import { plan } from '../../plan/plan.ts';
import { bytesPerElement } from '../../tensor/tensor.ts';
import type { FactorSizes } from '../interface/adapter-operations.ts';
import type { AdapterQuestion } from './adapter-question.ts';

/** @throws ConfigError, ModelError as `plan` */
export async function factorSizes({
  base,
  targets,
}: Pick<AdapterQuestion<'grid'>, 'base' | 'targets'>): Promise<FactorSizes> {
  const common = { base, targets, adapter: 'krona' };
  const grid = await plan({ ...common, grid: true });
  if (grid.kind !== 'grid') throw new Error('internal: a grid was asked for');
  const possible = grid.entries.find(({ parameters }) => parameters !== null);
  // Names and metadata are the same for every size, up to a few digits.
  const beside = possible && (await bytesBeside(common, possible));
  const entries = grid.entries.map((entry) => ({
    ...entry,
    fileBytes:
      entry.parameters === null || beside === undefined
        ? null
        : entry.parameters * bytesPerElement.f32 + beside,
  }));
  return { ...grid, entries };
}

async function bytesBeside(
  common: Parameters<typeof plan>[0],
  { a1, a2 }: { readonly a1: number; readonly a2: number },
): Promise<number> {
  const one = await plan({ ...common, adapterOptions: { a1, a2 } });
  if (one.kind !== 'adapter') throw new Error('internal: one adapter was asked for');
  return one.fileBytes.f32 - one.parameters * bytesPerElement.f32;
}
