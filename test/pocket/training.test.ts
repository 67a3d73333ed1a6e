import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOrthogonal } from '../../pocket/training/orthogonal.ts';
import { type NetworkTraining, trainNetwork } from '../../pocket/training/train-network.ts';
import { wholeStep } from '../../pocket/training/whole-step.ts';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { input, mean, reshape, square, subtract } from '../../src/graph/index.ts';
import { linear } from '../../src/nn/index.ts';
import { matmul, relativeL2, transpose2d } from '../../src/tensor/linear-algebra/host-matrices.ts';
import { svd } from '../../src/tensor/linear-algebra/svd.ts';
import { drawNormal, reshaped, type Tensor } from '../../src/tensor/tensor.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-pocket-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const batch = 16;
const step = wholeStep((graph, scope) => {
  const x = input(graph, 'x', 'f32', [batch, 6]);
  const y = linear(scope.child('layer'), x, { out: 6 });
  const errors = square(subtract(y, input(graph, 'y', 'f32', [batch, 6])));
  return { loss: reshape(mean(errors, [0, 1]), []) };
});

/** Learns that the second half of a vector is its first half turned round, and an offset. */
function mirrorTraining(name: string, changes: Partial<NetworkTraining> = {}): NetworkTraining {
  return {
    name,
    step,
    steps: 120,
    learningRate: 0.05,
    seed: 3,
    workers: 2,
    share: (generator) => {
      const x = drawNormal(generator, [batch, 6]);
      const y = reshaped(x, x.shape).data.map(
        (_, i) => (x.data[i - (i % 6) + 5 - (i % 6)] ?? 0) + 1,
      );
      return { x, y: { dtype: 'f32', shape: x.shape, data: y } };
    },
    checkpoint: join(folder, `${name}.safetensors`),
    report: () => {},
    signal: new AbortController().signal,
    ...changes,
  };
}

test('a network is trained whole, and an interrupted training ends in the same bits', async () => {
  const losses: number[] = [];
  const straight = await trainNetwork(
    mirrorTraining('straight', { report: ({ scalars }) => losses.push(scalars.loss ?? 0) }),
  );
  expect(losses[0]).toBeGreaterThan(1);
  // The rate falls to nothing, and so does what is left of the error.
  expect(losses.at(-1)).toBeLessThan(0.01);

  const stop = new AbortController();
  const begun = mirrorTraining('stopped', {
    signal: stop.signal,
    report: ({ step: done }) => done === 47 && stop.abort(),
  });
  expect(await trainNetwork(begun)).toBeUndefined();
  const resumed = await trainNetwork(mirrorTraining('stopped'));
  expect(bits(resumed)).toEqual(bits(straight));
});

function bits(weights: ReadonlyMap<string, Tensor<'f32'>> | undefined) {
  return Object.fromEntries([...(weights ?? [])].map(([name, { data }]) => [name, [...data]]));
}

test.each([
  [12, 40],
  [40, 12],
])('an update of %d by %d keeps its directions and gets even lengths', async (rows, columns) => {
  const matrix = drawNormal(new TorchGenerator(5), [rows, columns]);
  await using session = await openOrthogonal(rows, columns);
  const orthogonal = await session.of(matrix);
  // UΣVᵀ became Uf(Σ)Vᵀ, whose product with the transpose of the first is symmetric.
  const product = matmul(orthogonal, transpose2d(matrix));
  expect(relativeL2(transpose2d(product), product)).toBeLessThan(1e-5);
  const { s } = svd(orthogonal);
  // The published coefficients end within 0.7 to 1.2; five rounds from a spread of 3.4 to 1 do.
  for (const value of s) expect(value).toBeGreaterThan(0.65);
  for (const value of s) expect(value).toBeLessThan(1.25);
});
