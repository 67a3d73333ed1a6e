import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ModelError } from '../base/errors.ts';
import { encodeSafetensors } from '../formats/safetensors/safetensors.ts';
import { Graph, input, type Value } from '../graph/index.ts';
import { openWeights } from '../storage/weights/weight-files.ts';
import { float32, type Shape } from '../tensor/tensor.ts';
import { checkWeights, locateWeights, namedWeights, storedType } from './weights.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'krona-weights-'));
});

afterAll(() => rm(folder, { recursive: true }));

type Shapes = Readonly<Record<string, Shape>>;

/** The weights of a part whose file holds zeros of these shapes. */
async function stored(
  part: string,
  shapes: Shapes,
  rules: Parameters<typeof namedWeights>[2] = {},
) {
  const path = join(folder, part);
  await mkdir(path, { recursive: true });
  const tensors = Object.entries(shapes).map(([name, shape]) => [name, float32(shape)] as const);
  await writeFile(join(path, 'model.safetensors'), encodeSafetensors(tensors));
  return namedWeights('the UNet', await openWeights(path, 'the UNet'), rules);
}

function claimed(shapes: Shapes): ReadonlyMap<string, Value> {
  const graph = new Graph();
  return new Map(
    Object.entries(shapes).map(([name, shape]) => [name, input(graph, name, 'f32', shape)]),
  );
}

const model = { 'conv_in.weight': [8, 4, 3, 3], 'conv_in.bias': [8], 'to_q.weight': [8, 8] };

describe("a model's weights against its file", () => {
  test('pass where every name and shape is the same', async () => {
    const weights = await stored('same', model);
    expect(() => checkWeights(weights, claimed(model))).not.toThrow();
  });

  test('are refused with every kind of problem in one message, with the nearest names', async () => {
    const { 'to_q.weight': _, ...rest } = model;
    const weights = await stored('other', {
      ...rest,
      'conv_in.bias': [4],
      'to_q.wieght': [8, 8],
      'lm_head.scale': [1],
    });
    const check = () => checkWeights(weights, claimed(model));
    expect(check).toThrow(ModelError);
    expect(check).toThrow(expect.objectContaining({ code: 'WEIGHTS_MISMATCH' }));
    expect(check).toThrow(
      [
        `the UNet in ${join(folder, 'other')} does not match its config.json:`,
        '  "to_q.weight" is missing; did you mean "to_q.wieght"?',
        '  "conv_in.bias" should be [8], the file has [4]',
      ].join('\n'),
    );
    expect(check).toThrow('"to_q.wieght" is not part of this model (it may be "to_q.weight")');
    expect(check).toThrow('"lm_head.scale" is not part of this model\n');
  });

  test('list only the first of many problems of one kind', async () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`layer.${i}`, [1]]));
    const weights = await stored('many', {});
    expect(() => checkWeights(weights, claimed(many))).toThrow(
      /"layer\.4" is missing\n {2}\.\.\. and 4 more of this kind/,
    );
  });

  test('are looked up under current names, with buffers left out', async () => {
    const weights = await stored(
      'legacy',
      { 'query.weight': [2, 3], position_ids: [7] },
      { rename: (name) => name.replace('query', 'to_q'), ignore: /position_ids/ },
    );
    expect(() => checkWeights(weights, claimed({ 'to_q.weight': [2, 3] }))).not.toThrow();
    expect(storedType(weights)('to_q.weight')).toMatchObject({ dtype: 'f32', shape: [2, 3] });
    expect(storedType(weights)('query.weight')).toBeUndefined();
    expect(locateWeights(weights)('to_q.weight')).toMatchObject({
      file: 'model.safetensors',
      byteLength: 24,
    });
  });
});
