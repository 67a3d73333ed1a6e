/** Weights of eight bits: what ONNX Runtime computes with them in place against what is read on the host. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import { Graph, gradients, input, linear, reshape, simplify, sum } from '../../src/graph/index.ts';
import type { ModelWeights } from '../../src/models/weights.ts';
import { Scope } from '../../src/nn/index.ts';
import { openNetwork } from '../../src/pipeline/network/open-network.ts';
import { openTensorFile } from '../../src/storage/weights/tensor-file.ts';
import { readPlace } from '../../src/storage/weights/weight-place.ts';
import { fromFloat8 } from '../../src/tensor/float8.ts';
import { toFloat32 } from '../../src/tensor/half.ts';
import { float32, type Tensor, tensor } from '../../src/tensor/tensor.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-float8-'));
});
afterAll(() => rm(folder, { recursive: true }));

const dtypes = ['f8e4m3', 'f8e5m2'] as const;
const codes = Uint8Array.from({ length: 256 }, (_, code) => code);

async function opened(tensors: readonly (readonly [string, Tensor])[]): Promise<ModelWeights> {
  const path = join(folder, 'weights.safetensors');
  await writeFile(path, encodeSafetensors(tensors));
  const { places } = await openTensorFile(path);
  return { what: 'test', folder, places, totalBytes: 256 };
}

describe.each(dtypes)('%s', (dtype) => {
  const weight = tensor(dtype, [16, 16], codes);

  test('is read by ONNX Runtime as on the host, all 256 codes', async () => {
    const weights = await opened([['layer.weight', weight]]);
    await using session = await openNetwork(weights, (_, scope) => ({
      y: scope.child('layer').weight('weight', [16, 16]),
    }));
    const { data } = (await session.run({})).get('y');
    expect([...data]).toEqual([...codes].map((code) => fromFloat8(code, dtype)));
  });

  test.each([
    ['scale_weight', 'scale_input'],
    ['weight_scale', 'input_scale'],
  ])("times its layer's %s", async (name, companion) => {
    const weights = await opened([
      ['layer.weight', weight],
      [`layer.${name}`, float32([], [0.3])],
      [`layer.${companion}`, float32([], [7])],
      ['scaled_fp8', tensor(dtype, [2], new Uint8Array(2))],
      ['plain.weight', tensor(dtype, [1], Uint8Array.of(0x30))],
    ]);
    expect([...weights.places.keys()].sort()).toEqual(['layer.weight', 'plain.weight']);
    const place = weights.places.get('layer.weight');
    const onHost = place && toFloat32(await readPlace(place)).data;
    const expected = [...codes].map((code) =>
      Math.fround(fromFloat8(code, dtype) * Math.fround(0.3)),
    );
    expect([...(onHost ?? [])]).toEqual(expected);
    await using session = await openNetwork(weights, (_, scope) => ({
      y: scope.child('layer').weight('weight', [16, 16]),
      plain: scope.child('plain').weight('weight', [1]),
    }));
    const results = await session.run({});
    expect([...results.get('y').data]).toEqual(expected);
    expect([...results.get('plain').data]).toEqual([fromFloat8(0x30, dtype)]);
  });
});

test('a scaled weight that stays in place is widened again for the backward pass', () => {
  const graph = new Graph();
  const scope = Scope.root(graph, {
    stored: () => ({ dtype: 'f8e4m3', shape: [4, 4], scale: 0.5 }),
  });
  const x = input(graph, 'x', 'f32', [2, 4]);
  const y = linear(x, scope.weight('w', [4, 4]));
  const [gradient = y] = gradients(reshape(sum(y, [0, 1]), []), [x]);
  const count = (weightsInPlace: boolean, operation: string) =>
    simplify({ graph, outputs: { y, gradient } }, { weightsInPlace }).graph.nodes.filter(
      (node) => node.operation.name === operation,
    ).length;
  expect([count(false, 'cast'), count(true, 'cast')]).toEqual([1, 2]);
  expect(count(true, 'multiply')).toBe(count(false, 'multiply') + 1);
});

test('a scale for every row is refused, since it would be lost', async () => {
  const tensors = [
    ['layer.weight', tensor('f8e4m3', [16, 16], codes)],
    ['layer.weight_scale', float32([16, 1])],
  ] as const;
  await expect(opened(tensors)).rejects.toMatchObject({ code: 'FLOAT8_SCALE' });
});
