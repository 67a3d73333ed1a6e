/** @file Emission: weights stay in their safetensors files, whatever their precision and wherever links lead. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { encodeSafetensors } from '../../src/formats/safetensors/safetensors.ts';
import {
  add,
  type CompiledProgram,
  compile,
  Graph,
  input,
  multiply,
  reshape,
  weight,
} from '../../src/graph/index.ts';
import {
  locateWeights,
  type ModelWeights,
  namedWeights,
  storedType,
  weightsFolder,
} from '../../src/models/weights.ts';
import { linear, Scope } from '../../src/nn/index.ts';
import { openSession } from '../../src/runtime/index.ts';
import { openWeights } from '../../src/storage/weights/weight-files.ts';
import { toBfloat16, toFloat32, toHalf } from '../../src/tensor/half.ts';
import { matmul, relativeL2, transpose2d } from '../../src/tensor/linear-algebra/host-matrices.ts';
import {
  type DType,
  elementCount,
  float32,
  type Shape,
  type Tensor,
  tensor,
} from '../../src/tensor/tensor.ts';
import { graphOf, initializersOf, messages, only, texts } from './protobuf-reader.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-emit-'));
});

afterAll(() => rm(folder, { recursive: true }));

const sizes = { rows: 3, inner: 40, hidden: 24, out: 8 };
const precisions = ['f32', 'f16', 'bf16'] as const satisfies readonly DType[];
type Precision = (typeof precisions)[number];

function stored(precision: Precision, seed: number, shape: Shape): Tensor {
  const values = new TorchGenerator(seed).randn(elementCount(shape));
  if (precision === 'f32') return float32(shape, values);
  const toBits = precision === 'f16' ? toHalf : toBfloat16;
  return tensor(precision, shape, Uint16Array.from(values, toBits));
}

/** Two layers' weights in one precision. */
function layerTensors(precision: Precision): Map<string, Tensor> {
  return new Map([
    ['first.weight', stored(precision, 1, [sizes.hidden, sizes.inner])],
    ['first.bias', stored(precision, 2, [sizes.hidden])],
    ['second.weight', stored(precision, 3, [sizes.out, sizes.hidden])],
  ]);
}

/** Writes a part as a hub's cache does: the file is a link into a folder of blobs named by their hash. */
async function hubCache(name: string, precision: Precision): Promise<string> {
  const root = join(folder, `models--${name}`);
  const [blobs, part] = [join(root, 'blobs'), join(root, 'snapshots', '0a1b2c', 'unet')];
  await mkdir(blobs, { recursive: true });
  await mkdir(part, { recursive: true });
  await writeFile(join(blobs, 'f00d'), encodeSafetensors(layerTensors(precision)));
  const link = join(part, 'diffusion_pytorch_model.safetensors');
  await symlink(join('..', '..', '..', 'blobs', 'f00d'), link);
  return part;
}

function compileLayers(weights: ModelWeights): CompiledProgram {
  const graph = new Graph();
  const scope = Scope.root(graph, { stored: storedType(weights) });
  const x = input(graph, 'x', 'f32', [sizes.rows, sizes.inner]);
  const hidden = linear(scope.child('first'), x, { out: sizes.hidden });
  const y = linear(scope.child('second'), hidden, { out: sizes.out, bias: false });
  return compile({ graph, outputs: { y } }, locateWeights(weights));
}

/** The same two layers on the host. */
function byHand(precision: Precision, x: Tensor<'f32'>): Tensor<'f32'> {
  const tensors = layerTensors(precision);
  const widened = (name: string) => toFloat32(tensors.get(name) ?? float32([0]));
  const bias = widened('first.bias').data;
  const product = matmul(x, transpose2d(widened('first.weight')));
  const shifted = product.data.map((value, i) => value + (bias[i % bias.length] ?? 0));
  return matmul(float32(product.shape, shifted), transpose2d(widened('second.weight')));
}

describe.each(precisions)('weights stored as %s, behind a link like a hub cache', (precision) => {
  test.each([false, true])('give the right numbers (kept in place: %s)', async (weightsInPlace) => {
    const part = await hubCache(`${precision}-${weightsInPlace}`, precision);
    const weights = namedWeights('unet', await openWeights(part, 'unet'));
    const options = { weightsFolder: weightsFolder(weights), weightsInPlace };
    await using session = await openSession(compileLayers(weights), options);
    const x = float32(
      [sizes.rows, sizes.inner],
      new TorchGenerator(9).randn(sizes.rows * sizes.inner),
    );
    const y = (await session.run({ x })).get('y');
    // Sums of 40 and 24 products in float32; the widening is exact.
    expect(relativeL2(y, byHand(precision, x))).toBeLessThan(1e-6);
  });
});

test('weights are found where a header of odd length moves them off every alignment', async () => {
  const part = join(folder, 'odd');
  await mkdir(part);
  const aligned = encodeSafetensors(layerTensors('f32'));
  const size = Number(new DataView(aligned.buffer).getBigUint64(0, true));
  const moved = new Uint8Array(aligned.length + 1);
  moved.set(aligned.subarray(0, 8 + size));
  moved[8 + size] = 0x20; // JSON may end in a space
  moved.set(aligned.subarray(8 + size), 8 + size + 1);
  new DataView(moved.buffer).setBigUint64(0, BigInt(size + 1), true);
  await writeFile(join(part, 'model.safetensors'), moved);
  const weights = namedWeights('unet', await openWeights(part, 'unet'));
  const options = { weightsFolder: weightsFolder(weights) };
  const program = compileLayers(weights);
  expect(program.files).toEqual(['model.safetensors']);
  await using session = await openSession(program, options);
  const x = float32([sizes.rows, sizes.inner], new TorchGenerator(9).randn(120));
  // Sums of 40 and 24 products in float32.
  expect(relativeL2((await session.run({ x })).get('y'), byHand('f32', x))).toBeLessThan(1e-6);
});

describe('a compiled model', () => {
  test('refers to every weight by its place in the file, and holds no byte of them', async () => {
    const part = join(folder, 'plain');
    await mkdir(part);
    const path = join(part, 'model.safetensors');
    await writeFile(path, encodeSafetensors(layerTensors('bf16')));
    const weights = namedWeights('unet', await openWeights(part, 'unet'));
    const { model } = compileLayers(weights);
    const file = await readFile(path);
    const initializers = initializersOf(graphOf(model));
    for (const [name, source] of layerTensors('bf16')) {
      const found = initializers.get(name);
      expect(found).toMatchObject({ dims: [...source.shape], dataType: 16, raw: undefined });
      const { location, offset, length } = found?.external ?? {};
      expect(location).toBe('model.safetensors');
      const bytes = file.subarray(Number(offset), Number(offset) + Number(length));
      expect(Buffer.compare(bytes, new Uint8Array(source.data.buffer))).toBe(0);
    }
    const inside = [...initializers.values()].reduce((sum, { raw }) => sum + (raw?.length ?? 0), 0);
    expect(inside).toBeLessThan(200); // shapes of reshapes only
  });

  test('has the same bytes for the same program', async () => {
    const weights = namedWeights('unet', await openWeights(join(folder, 'plain'), 'unet'));
    expect(compileLayers(weights).model).toEqual(compileLayers(weights).model);
  });

  test('lists what it takes and gives, without weights', async () => {
    const weights = namedWeights('unet', await openWeights(join(folder, 'plain'), 'unet'));
    const { inputs, outputs } = compileLayers(weights);
    expect([...inputs]).toEqual([['x', { dtype: 'f32', shape: [3, 40] }]]);
    expect([...outputs].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
      ['y', 'f32', [3, 8]],
    ]);
  });

  test('has no node for a view of a view, a second equal view, or the name of an output', async () => {
    const graph = new Graph();
    const x = input(graph, 'x', 'f32', [2, 3]);
    const shifted = add(reshape(reshape(x, [3, 2]), [6]), 1);
    const view = reshape(shifted, [2, 3]);
    const doubled = multiply(reshape(reshape(shifted, [1, 6]), [2, 3]), 2);
    const outputs = { shifted, again: shifted, same: x, view, doubled };
    const program = compile({ graph, outputs });
    const types = messages(graphOf(program.model), 1).map((node) => only(texts(node, 4)));
    const copies = ['Identity', 'Identity']; // `again` and `same`
    expect(types.sort()).toEqual(['Add', ...copies, 'Mul', 'Reshape', 'Reshape']);

    await using session = await openSession(program, { threads: 1 });
    const found = await session.run({ x: float32([2, 3], [0, 1, 2, 3, 4, 5]) });
    const values = [1, 2, 3, 4, 5, 6];
    expect(Object.fromEntries(found.entries())).toEqual({
      shifted: float32([6], values),
      again: float32([6], values),
      same: float32([2, 3], [0, 1, 2, 3, 4, 5]),
      view: float32([2, 3], values),
      doubled: float32([2, 3], [2, 4, 6, 8, 10, 12]),
    });
  });

  test('that needs a weight is not compiled without a place for it', () => {
    const graph = new Graph();
    const y = add(weight(graph, 'w', 'f32', [2]), 1);
    expect(() => compile({ graph, outputs: { y } })).toThrow('uses the weight w');
  });

  test('whose weights are not there is refused when it is loaded', async () => {
    const graph = new Graph();
    const y = add(weight(graph, 'w', 'f32', [2]), 1);
    const program = compile({ graph, outputs: { y } }, () => ({
      file: 'absent.safetensors',
      offset: 8,
      byteLength: 8,
    }));
    await expect(openSession(program, { weightsFolder: folder })).rejects.toThrow(
      expect.objectContaining({ code: 'SESSION_FAILED' }),
    );
  });
});
