/** @file The ONNX encoding, read back by field numbers of onnx.proto with a reader of the test's own. */
import { describe, expect, test } from 'vitest';
import { encodeOnnx, type OnnxModel } from '../../src/formats/onnx.ts';
import { float32, int64, tensor } from '../../src/tensor/tensor.ts';
import {
  graphOf,
  initializersOf,
  integers,
  messages,
  only,
  parts,
  readMessage,
  texts,
} from './protobuf-reader.ts';

const empty: OnnxModel = { name: 'program', nodes: [], inputs: [], outputs: [], initializers: [] };

describe('an encoded model', () => {
  test('says which versions of the format and of both operator sets it uses', () => {
    const model = readMessage(encodeOnnx(empty));
    expect(integers(model, 1)).toEqual([10]); // ir_version
    expect(texts(model, 2)).toEqual(['diffusekrona']); // producer_name
    const sets = messages(model, 8).map((set) => [only(texts(set, 1)), only(integers(set, 2))]);
    expect(sets).toEqual([
      ['', 20],
      ['com.microsoft', 1],
    ]);
    expect(texts(graphOf(encodeOnnx(empty)), 2)).toEqual(['program']);
  });

  test('holds nodes in order, with domain and attributes of every kind', () => {
    const graph = graphOf(
      encodeOnnx({
        ...empty,
        nodes: [
          {
            name: 'blocks.0/conv/1',
            type: 'Conv',
            inputs: ['x', 'w', ''],
            outputs: ['y'],
            attributes: {
              pads: { ints: [1, 0, 300, -1] },
              group: { int: 1 },
              axis: { int: -2 },
              alpha: { float: 1.702 },
              mode: { string: 'größe' },
            },
          },
          {
            name: 'g',
            type: 'com.microsoft.Gelu',
            inputs: ['y'],
            outputs: ['z'],
            attributes: {},
          },
        ],
      }),
    );
    const [first = [], second = []] = messages(graph, 1);
    expect(texts(first, 1)).toEqual(['x', 'w', '']);
    expect(texts(first, 2)).toEqual(['y']);
    expect(texts(first, 3)).toEqual(['blocks.0/conv/1']);
    expect(texts(first, 4)).toEqual(['Conv']);
    expect(texts(first, 7)).toEqual([]);
    const [pads = [], group = [], axis = [], alpha = [], mode = []] = messages(first, 5);
    expect([texts(pads, 1), integers(pads, 8), integers(pads, 20)]).toEqual([
      ['pads'],
      [1, 0, 300, -1],
      [7],
    ]);
    expect([integers(group, 3), integers(group, 20)]).toEqual([[1], [2]]);
    expect(integers(axis, 3)).toEqual([-2]);
    const float = only(parts(alpha, 2));
    expect(new DataView(float.buffer, float.byteOffset).getFloat32(0, true)).toBe(
      Math.fround(1.702),
    );
    expect(integers(alpha, 20)).toEqual([1]);
    expect([texts(mode, 4), integers(mode, 20)]).toEqual([['größe'], [3]]);
    expect(texts(second, 4)).toEqual(['Gelu']);
    expect(texts(second, 7)).toEqual(['com.microsoft']);
  });

  test('types inputs and outputs with static shapes', () => {
    const graph = graphOf(
      encodeOnnx({
        ...empty,
        inputs: [
          { name: 'x', dtype: 'f32', shape: [2, 1000] },
          { name: 'ids', dtype: 'i64', shape: [] },
        ],
        outputs: [{ name: 'y', dtype: 'f16', shape: [3] }],
      }),
    );
    const described = (number: number) =>
      messages(graph, number).map((value) => {
        const type = only(messages(only(messages(value, 2)), 1)); // TypeProto.tensor_type
        const sizes = messages(only(messages(type, 2)), 1).flatMap((size) => integers(size, 1));
        return [only(texts(value, 1)), only(integers(type, 1)), sizes];
      });
    expect(described(11)).toEqual([
      ['x', 1, [2, 1000]],
      ['ids', 7, []],
    ]);
    expect(described(12)).toEqual([['y', 10, [3]]]);
  });

  test('stores constants as little-endian bytes, views of larger buffers included', () => {
    const wide = new Float32Array([9, 1, -2.5, 9]);
    const found = initializersOf(
      graphOf(
        encodeOnnx({
          ...empty,
          initializers: [
            { name: 'view', value: tensor('f32', [2], wide.subarray(1, 3)) },
            { name: 'scalar', value: float32([], [7]) },
            { name: 'shape', value: int64([2], [-1, 2 ** 40]) },
            { name: 'flags', value: tensor('bool', [2], Uint8Array.of(1, 0)) },
            { name: 'none', value: float32([0, 3]) },
          ],
        }),
      ),
    );
    const raw = (name: string) => {
      const bytes = found.get(name)?.raw ?? new Uint8Array();
      return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    };
    expect(found.get('view')).toMatchObject({ dims: [2], dataType: 1, external: {} });
    expect([raw('view').getFloat32(0, true), raw('view').getFloat32(4, true)]).toEqual([1, -2.5]);
    expect(found.get('scalar')?.dims).toEqual([]);
    expect([raw('shape').getBigInt64(0, true), raw('shape').getBigInt64(8, true)]).toEqual([
      -1n,
      2n ** 40n,
    ]);
    expect(found.get('flags')).toMatchObject({ dataType: 9 });
    expect(raw('none').byteLength).toBe(0);
  });

  test('refers to weights by file, offset and length, with no byte of them', () => {
    const place = { file: 'model.safetensors', offset: 2 ** 33 + 8, byteLength: 12 };
    const model = encodeOnnx({
      ...empty,
      initializers: [{ name: 'to_q.weight', dtype: 'bf16', shape: [2, 3], ...place }],
    });
    expect(initializersOf(graphOf(model)).get('to_q.weight')).toEqual({
      dims: [2, 3],
      dataType: 16,
      raw: undefined,
      external: { location: 'model.safetensors', offset: '8589934600', length: '12' },
      dataLocation: 1,
    });
  });
});
