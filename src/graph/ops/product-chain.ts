/** @file Products of matrices in a chain: one adds to those before it, or waits until another value is there. */
import { int64, sameShape } from '../../tensor/tensor.ts';
import { noGradient, type Operation, requireShape, type Value } from '../graph.ts';
import { matmul, matmulOperation, type Transposes } from './matmul.ts';

/** a·b + total, in one pass: ONNX Runtime's Gemm begins with what it adds to. */
const plusOperation = (transposes: Transposes): Operation => {
  const matrixProduct = matmulOperation(transposes);
  return {
    ...matrixProduct,
    name: 'matmulPlus',
    infer: (a, b, total) => {
      const types = matrixProduct.infer(a, b);
      requireShape(
        total.shape.length === 2 && types.every(({ shape }) => sameShape(shape, total.shape)),
        'SUM_SHAPE',
        'what is added to is no matrix of the size of the product',
      );
      return types;
    },
    emit: (emission, ...inputs) => [emission.node('Gemm', inputs, gemmAttributes(transposes))],
    vjp: (context, a, b) => [...matrixProduct.vjp(context, a, b), () => context.gradient],
  };
};

/**
 * a·b, not before another matrix is there. A graph has no other edges than data, so Gemm is given one element of it to
 * add zero times, which no kernel reads.
 */
const afterOperation = (transposes: Transposes): Operation => {
  const matrixProduct = matmulOperation(transposes);
  return {
    ...matrixProduct,
    name: 'matmulAfter',
    infer: (a, b, other) => {
      requireShape(
        [a, b, other].every(({ shape }) => shape.length === 2),
        'NOT_A_MATRIX',
        'one of the three has not two axes',
      );
      return matrixProduct.infer(a, b);
    },
    emit: (emission, a, b, other) => {
      const bounds = [0, 1].map((n) => emission.constant(int64([2], [n, n]))); // starts, ends
      const element = emission.node('Slice', [other, ...bounds]); // [1, 1]
      const attributes = { ...gemmAttributes(transposes), beta: { float: 0 } };
      return [emission.node('Gemm', [a, b, element], attributes)];
    },
    vjp: (context, a, b) => [...matrixProduct.vjp(context, a, b), noGradient('it is only awaited')],
  };
};

function gemmAttributes({ transposeA = false, transposeB = false }: Transposes) {
  return { transA: { int: Number(transposeA) }, transB: { int: Number(transposeB) } };
}

export interface ChainedProduct extends Transposes {
  /** A matrix to add the product to. */
  readonly plus?: Value | undefined;
  /** A matrix to wait for. */
  readonly after?: Value | undefined;
}

/** a·b of matrices, as a link of a chain. */
export function product(a: Value, b: Value, { plus, after, ...transposes }: ChainedProduct): Value {
  if (plus !== undefined) return a.graph.apply1(plusOperation(transposes), [a, b, plus]);
  if (after !== undefined) return a.graph.apply1(afterOperation(transposes), [a, b, after]);
  return matmul(a, b, transposes);
}
