/** @file Matrix products: batched matmul, and the linear layer that every adapter site is. */
import { lastOf, required } from '../../base/required.ts';
import { elementCount, formatShape, int64, type Shape } from '../../tensor/tensor.ts';
import { axisSize, type Emission, type Operation, requireShape, type Value } from '../graph.ts';
import { broadcastShape, reshape, sum, sumTo } from './broadcast.ts';

export interface Transposes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** [rows, columns] of the last two axes, as they enter the product. */
function matrixSize(shape: Shape, transposed: boolean): readonly [number, number] {
  requireShape(shape.length >= 2, 'NOT_A_MATRIX', `${formatShape(shape)} has fewer than two axes`);
  const rows = required(shape, shape.length - 2);
  const columns = lastOf(shape);
  return transposed ? [columns, rows] : [rows, columns];
}

function swapped(shape: Shape): readonly number[] {
  const axes = shape.map((_, i) => i);
  return [...axes.slice(0, -2), axes.length - 1, axes.length - 2];
}

export const matmulOperation = ({
  transposeA = false,
  transposeB = false,
}: Transposes): Operation => ({
  name: 'matmul',
  attributes: { transposeA, transposeB },
  infer: (a, b) => {
    const [rows, inner] = matrixSize(a.shape, transposeA);
    const [innerB, columns] = matrixSize(b.shape, transposeB);
    requireShape(a.dtype === b.dtype, 'DTYPES_DIFFER', 'the operands have different dtypes');
    requireShape(inner === innerB, 'MATMUL_INNER', `inner sizes are ${inner} and ${innerB}`);
    const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return [{ dtype: a.dtype, shape: [...batch, rows, columns] }];
  },
  emit: (emission, a, b) => {
    const [typeA, typeB] = emission.inputs;
    const rankA = typeA?.shape.length ?? 0;
    const rankB = typeB?.shape.length ?? 0;
    if (rankA === 2 && rankB === 2) {
      const attributes = {
        transA: { int: Number(transposeA) },
        transB: { int: Number(transposeB) },
      };
      return [emission.node('Gemm', [a, b], attributes)];
    }
    // ONNX Runtime folds these transposes into the product where the device can.
    const left = transposeA ? emitTranspose(emission, a, typeA?.shape ?? []) : a;
    const right = transposeB ? emitTranspose(emission, b, typeB?.shape ?? []) : b;
    return [emission.node('MatMul', [left, right])];
  },
  vjp: ({ gradient }, a, b) => [
    () =>
      sumTo(
        transposeA
          ? matmul(b, gradient, { transposeA: transposeB, transposeB: true })
          : matmul(gradient, b, { transposeB: !transposeB }),
        a.shape,
      ),
    () =>
      sumTo(
        transposeB
          ? matmul(gradient, a, { transposeA: true, transposeB: transposeA })
          : matmul(a, gradient, { transposeA: !transposeA }),
        b.shape,
      ),
  ],
  // [..., m, k] · [..., k, n]
  flops: (output, a) => 2 * elementCount(output.shape) * matrixSize(a.shape, transposeA)[1],
});

function emitTranspose(emission: Emission, x: string, shape: Shape): string {
  return emission.node('Transpose', [x], { perm: { ints: swapped(shape) } });
}

/** Product over the last two axes; leading axes broadcast. */
export function matmul(a: Value, b: Value, transposes: Transposes = {}): Value {
  return a.graph.apply1(matmulOperation(transposes), [a, b]);
}

/** y = x Wᵀ + b over the last axis, with W stored [out, in] as PyTorch does. */
const linearOperation: Operation = {
  name: 'linear',
  attributes: {},
  infer: (x, weight, bias) => {
    const [out = 0, inner = 0] = weight.shape;
    requireShape(
      x.dtype === weight.dtype && x.dtype === (bias ?? x).dtype,
      'DTYPES_DIFFER',
      'the operands have different dtypes; cast stored weights to f32',
    );
    requireShape(weight.shape.length === 2, 'NOT_A_MATRIX', 'the weight is not [out, in]');
    requireShape(
      x.shape.at(-1) === inner,
      'LINEAR_INNER',
      `the input has ${x.shape.at(-1)} features, the weight takes ${inner}`,
    );
    requireShape(
      bias === undefined || (bias.shape.length === 1 && bias.shape[0] === out),
      'LINEAR_BIAS',
      `the bias is not [${out}]`,
    );
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, -1), out] }];
  },
  emit: (emission, x, weight, ...bias) => {
    const xType = required(emission.inputs, 0);
    const { shape } = required(emission.outputs, 0);
    const inner = axisSize(xType, -1);
    const rows = elementCount(xType.shape) / inner;
    const flat = emission.node('Reshape', [x, emission.constant(int64([2], [rows, inner]))]);
    const product = emission.node('Gemm', [flat, weight, ...bias], { transB: { int: 1 } });
    return [emission.node('Reshape', [product, emission.constant(int64([shape.length], shape))])];
  },
  vjp: ({ gradient }, x, weight) => {
    const out = axisSize(weight, 0);
    const flatGradient = () => rowsOf(gradient, out); // [T, out]
    return [
      () => reshape(matmul(flatGradient(), weight), x.shape),
      () => matmul(flatGradient(), rowsOf(x, axisSize(weight, 1)), { transposeA: true }),
      () => reshape(sum(flatGradient(), [0]), [out]),
    ];
  },
  flops: (output, x) => 2 * elementCount(output.shape) * axisSize(x, -1),
};

/** All leading axes as one: [..., n] → [T, n]. */
export function rowsOf(x: Value, last: number): Value {
  return reshape(x, [elementCount(x.shape) / last, last]);
}

/** y = x Wᵀ + b; x: [..., in], weight: [out, in], bias: [out]. */
export function linear(x: Value, weight: Value, bias?: Value): Value {
  return x.graph.apply1(linearOperation, bias ? [x, weight, bias] : [x, weight]);
}
