import { describe, expect, test } from 'vitest';
import { constantsAt } from '../../../test/contract/prepare-adapter.ts';
import { openProgram } from '../../../test/devices/test-device.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { constant, Graph } from '../../graph/index.ts';
import type { Site } from '../../nn/index.ts';
import { columnsOf, product, tensorOf, transposed } from '../../tensor/linear-algebra/columns.ts';
import { relativeL2 } from '../../tensor/linear-algebra/host-matrices.ts';
import { svd } from '../../tensor/linear-algebra/svd.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import { svdiff } from './svdiff.ts';

const adapter = svdiff.configure({});
const generator = new TorchGenerator(1);

/** ΔW as the adapter's graph has it. */
async function delta(site: Site, weight: Tensor<'f32'>, shifts: Tensor<'f32'>) {
  const graph = new Graph();
  const given = { ...constantsAt({ adapter }, site, () => weight), shifts };
  const parameters = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, constant(graph, value)]),
  );
  const changed = adapter.deltaWeight({ site, weight: constant(graph, weight), parameters });
  await using session = await openProgram({ graph, outputs: { changed } }, { threads: 1 });
  return (await session.run({})).get('changed');
}

/** U·diag(max(0, σ + δ) − σ)·Vᵀ, both sides from Jacobi rotations. */
function expectedDelta(weight: Tensor<'f32'>, shifts: Tensor<'f32'>): Tensor<'f32'> {
  const { u, s, v } = svd(weight);
  const scaled = columnsOf(u).map((column, k) => {
    const value = s[k] ?? 0;
    const change = Math.max(0, value + (shifts.data[k] ?? 0)) - value;
    return column.map((x) => x * change);
  });
  const whole = tensorOf(product(scaled, transposed(columnsOf(v))));
  return float32(whole.shape, whole.data);
}

describe.each([
  [24, 16],
  [16, 24],
  [10, 54],
  [1, 7],
  [7, 1],
  [30, 30],
])('of a weight of %i x %i', (out, inner) => {
  const site: Site = { name: 'unet.conv_in', kind: 'linear', out, in: inner };
  const weight = float32([out, inner], generator.randn(out * inner));
  const count = Math.min(out, inner);

  test('ΔW is what shifted singular values make of both sides', async () => {
    const shifts = float32([count], generator.randn(count));
    const found = await delta(site, weight, shifts);
    // float32 rounding of W, by the largest over the smallest singular value, which is below 1000 here.
    expect(relativeL2(found, expectedDelta(weight, shifts))).toBeLessThan(1e-5);
  });

  test('there is a shift for every value', () => {
    expect(adapter.parameters(site)[0]?.shape).toEqual([count]);
  });

  test('the shapes of what is computed are known beforehand', () => {
    const computed = constantsAt({ adapter }, site, () => weight);
    const shapes = Object.entries(computed).map(([name, { shape }]) => [name, shape]);
    expect(Object.fromEntries(shapes)).toEqual(adapter.constants?.shapes(site));
  });
});

test('a value that is none shifts nothing', async () => {
  // Of rank one: [1, 2]ᵀ·[2, 1, 2], with σ = √5·3.
  const site: Site = { name: 'unet.conv_in', kind: 'linear', out: 2, in: 3 };
  const weight = float32([2, 3], [2, 1, 2, 4, 2, 4]);
  const found = await delta(site, weight, float32([2], [0.5, 0.5]));
  const share = 0.5 / (Math.sqrt(5) * 3);
  // Rounding of float32.
  const expected = weight.data.map((x) => share * x);
  expect(relativeL2(found, float32([2, 3], expected))).toBeLessThan(1e-6);
});
