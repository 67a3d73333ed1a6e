/** @file Rows by index: embedding tables and their gradient, and nearest-neighbour resizing. */
import { required } from '../../base/required.ts';
import { elementCount, float32, type Shape, tensor } from '../../tensor/tensor.ts';
import {
  axisSize,
  noFlops,
  noGradient,
  type Operation,
  requireShape,
  type Value,
} from '../graph.ts';
import { reshape } from './broadcast.ts';
import { constant } from './leaf.ts';
import { matmul } from './matmul.ts';

const gatherOperation: Operation = {
  name: 'gather',
  attributes: {},
  infer: (table, indices) => {
    requireShape(indices.dtype === 'i64', 'INDEX_DTYPE', 'indices must be i64');
    return [{ dtype: table.dtype, shape: [...indices.shape, ...table.shape.slice(1)] }];
  },
  emit: (emission, table, indices) => [
    emission.node('Gather', [table, indices], { axis: { int: 0 } }),
  ],
  vjp: ({ gradient }, table, indices) => [
    () => scatterAdd(gradient, indices, table.shape),
    noGradient('indices are whole numbers'),
  ],
  flops: noFlops,
};

/** Rows of a table: table [V, ...], indices [...] (i64) → [..., ...]. */
export function gather(table: Value, indices: Value): Value {
  return table.graph.apply1(gatherOperation, [table, indices]);
}

const scatterAddOperation = (shape: Shape): Operation => ({
  name: 'scatterAdd',
  attributes: { shape },
  infer: (rows) => [{ dtype: rows.dtype, shape }],
  emit: (emission, rows, indices) => {
    const zeros = emission.constant(float32(shape));
    return [emission.node('ScatterND', [zeros, indices, rows], { reduction: { string: 'add' } })];
  },
  vjp: ({ gradient }, _, indices) => [
    () =>
      reshape(gather(gradient, reshape(indices, indices.shape.slice(0, -1))), [
        ...indices.shape.slice(0, -1),
        ...shape.slice(1),
      ]),
    noGradient('indices are whole numbers'),
  ],
  flops: (_, rows) => elementCount(rows.shape),
});

/** Adds rows [..., D] into a zero table [V, D] at indices [...]. */
function scatterAdd(rows: Value, indices: Value, shape: Shape): Value {
  const count = elementCount(indices.shape);
  const flatRows = reshape(rows, [count, ...shape.slice(1)]);
  return rows.graph.apply1(scatterAddOperation(shape), [flatRows, reshape(indices, [count, 1])]);
}

/** Which source entry nearest-neighbour resizing reads for each target entry: floor(i · source / target). */
function sourceIndex(target: number, source: number): number[] {
  return Array.from({ length: target }, (_, i) => Math.floor((i * source) / target));
}

/** 0/1 matrix [target, source] of nearest-neighbour resizing. */
function selection(target: number, source: number) {
  const matrix = float32([target, source]);
  sourceIndex(target, source).forEach((column, row) => {
    matrix.data[row * source + column] = 1;
  });
  return matrix;
}

const resizeOperation = (height: number, width: number): Operation => ({
  name: 'resizeNearest',
  attributes: { height, width },
  infer: (x) => {
    requireShape(x.shape.length === 4, 'NOT_A_PICTURE', 'the input is not [N, C, H, W]');
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, 2), height, width] }];
  },
  emit: (emission, x) => {
    const shape = required(emission.outputs, 0).shape;
    const sizes = emission.constant(tensor('i64', [4], BigInt64Array.from(shape, BigInt)));
    return [
      emission.node('Resize', [x, '', '', sizes], {
        mode: { string: 'nearest' },
        nearest_mode: { string: 'floor' },
        coordinate_transformation_mode: { string: 'asymmetric' },
      }),
    ];
  },
  // y = R x Cᵀ with 0/1 matrices R and C, so dx = Rᵀ g C: right for any sizes.
  vjp: ({ gradient }, x) => [
    () => {
      const rows = constant(x.graph, selection(height, axisSize(x, 2))); // [H', H]
      const columns = constant(x.graph, selection(width, axisSize(x, 3))); // [W', W]
      return matmul(rows, matmul(gradient, columns), { transposeA: true });
    },
  ],
  flops: noFlops,
});

/** Nearest-neighbour resizing of [N, C, H, W] to a height and width. */
export function resizeNearest(x: Value, height: number, width: number): Value {
  return x.graph.apply1(resizeOperation(height, width), [x]);
}
