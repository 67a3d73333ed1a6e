import { describe, expect, test } from 'vitest';
import { cayley, skewSymmetric } from '../../src/adapters/algebra/cayley.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { Graph, input } from '../../src/graph/index.ts';
import { relativeL2 } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { float32, type Tensor } from '../../src/tensor/tensor.ts';
import { openProgram } from '../devices/test-device.ts';
import {
  identity,
  inverse,
  type Matrix,
  matrix,
  plus,
  product,
  toTensor,
  transposed,
} from './matrix.ts';

function entriesOf(size: number, deviation: number): Tensor<'f32'> {
  const count = (size * (size - 1)) / 2;
  const values = new TorchGenerator(3).randn(count);
  return float32(
    [1, count],
    values.map((value) => value * deviation),
  );
}

/** The rotation less the identity, as the graph computes it. */
async function turned(entries: Tensor<'f32'>, size: number): Promise<Tensor<'f32'>> {
  const graph = new Graph();
  const upper = input(graph, 'upper', 'f32', entries.shape);
  const turn = cayley(skewSymmetric(upper, size));
  await using session = await openProgram({ graph, outputs: { turn } }, { threads: 1 });
  const { data } = (await session.run({ upper: entries })).get('turn');
  return float32([size, size], data);
}

/** (I − Q)(I + Q)⁻¹ − I by elimination. */
function exact(entries: Tensor<'f32'>, size: number): Matrix {
  const q = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  let next = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const value = entries.data[next++] ?? 0;
      (q[i] ?? [])[j] = value;
      (q[j] ?? [])[i] = -value;
    }
  }
  const skew = matrix(size, size, (i, j) => q[i]?.[j] ?? Number.NaN);
  const one = identity(size);
  return plus(product(plus(one, skew, -1), inverse(plus(one, skew))), one, -1);
}

describe("Cayley's rotation", () => {
  // Of 64 inputs with deviation 1, the largest rotation is by 172°.
  const sizes = [2, 3, 8, 32, 64];
  const deviations = [1e-6, 0.01, 0.1, 0.3, 1];
  const cases = sizes.flatMap((size) => deviations.map((deviation) => [size, deviation] as const));

  test.each(cases)('of %i inputs by angles of deviation %d is exact', async (size, deviation) => {
    const entries = entriesOf(size, deviation);
    const turn = await turned(entries, size);
    // The rounding of float32, up to a few times for the largest angles.
    expect(relativeL2(turn, toTensor(exact(entries, size)))).toBeLessThan(1e-6);
  });

  test('changes no length', async () => {
    const turn = await turned(entriesOf(32, 0.3), 32);
    const data = Float64Array.from(turn.data);
    const rotation = plus({ rows: 32, columns: 32, data }, identity(32));
    const lengths = product(rotation, transposed(rotation));
    // Sums of 32 products of numbers rounded to float32.
    expect(relativeL2(toTensor(lengths), toTensor(identity(32)))).toBeLessThan(1e-6);
  });

  test('of nothing is exactly nothing', async () => {
    const turn = await turned(entriesOf(8, 0), 8);
    expect(turn.data.every((value) => value === 0)).toBe(true);
  });
});
