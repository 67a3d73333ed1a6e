/** @file Weights of eight bits, W = diag(s)·Q with Q of signed bytes and s a scale for each output channel, and their products. */
import { elementCount, float32, int64, tensor } from '../../../tensor/tensor.ts';
import {
  axisSize,
  type Emission,
  noFlops,
  noGradient,
  type Operation,
  requireShape,
  type Value,
} from '../../graph.ts';

export const frozen = noGradient('weights of eight bits are frozen');
export const rounded = noGradient(
  'rounded values have no slope; differentiate before products are chosen',
);

const dequantizeOperation: Operation = {
  name: 'dequantize',
  attributes: {},
  infer: ({ dtype, shape }, scale) => {
    requireShape(dtype === 'i8', 'DTYPES_DIFFER', 'the weight is not of signed bytes');
    requireShape(
      scale.shape.length === 1 && scale.shape[0] === shape[0],
      'SCALE_SHAPE',
      `the scales are not [${shape[0]}]`,
    );
    return [{ dtype: 'f32', shape }];
  },
  emit: (emission, weight, scale) => [
    emission.node('DequantizeLinear', [weight, scale], { axis: { int: 0 } }),
  ],
  vjp: () => [frozen, frozen],
};

/** diag(s)·Q as float32; weight: i8 [out, ...], scale: [out]. */
export function dequantize(weight: Value, scale: Value): Value {
  return weight.graph.apply1(dequantizeOperation, [weight, scale]);
}

/** A matrix [out, in], or the kernel of a convolution [out, in, h, w], rounded to eight bits and laid out for both its products. */
export interface EightBits {
  /** i8 [h·w·in, out]: Qᵀ, for x Wᵀ; of a kernel those of its taps below one another. */
  readonly forward: Value;
  /** i8 [h·w·out, in]: Q, for dY W; of a kernel those of its taps, the last first. */
  readonly backward: Value;
  /** s: [out] */
  readonly scale: Value;
}

/** The name of the operation by which passes know weights that there are eight bits of. */
export const eightBitsName = 'eightBits';

const eightBitsOperation: Operation = {
  name: eightBitsName,
  attributes: {},
  isView: true,
  flops: noFlops,
  infer: (whole) => [whole],
  emit: (_, whole) => [whole],
  vjp: ({ gradient }) => [() => gradient, frozen, frozen, frozen],
};

/**
 * A weight as stored, of which there are eight bits too: products with it are chosen to be of these (eightBitProducts),
 * and all else computes with what is stored.
 */
export function withEightBits(whole: Value, { forward, backward, scale }: EightBits): Value {
  return whole.graph.apply1(eightBitsOperation, [whole, forward, backward, scale]);
}

/** Whether products with a weight will be of eight bits. */
export function isInEightBits({ node }: Value): boolean {
  return node.operation.name === eightBitsName;
}

/** Rows of rounded numbers: x ≈ diag(step)·(bytes − 128). */
export interface RoundedRows {
  /** u8 [T, K] */
  readonly bytes: Value;
  /** [T, 1] */
  readonly step: Value;
}

/** The zero of rounded rows: kernels multiply unsigned by signed bytes. */
export const middle = 128;
export const mostLevels = 127;
/** A row of zeros has a step too. */
export const leastStep = 1e-30;

const roundRowsOperation: Operation = {
  name: 'roundRows',
  attributes: {},
  infer: ({ dtype, shape }) => {
    requireShape(dtype === 'f32' && shape.length === 2, 'NOT_ROWS', 'expected f32 [T, K]');
    const [rows = 0] = shape;
    return [
      { dtype: 'u8', shape },
      { dtype: 'f32', shape: [rows, 1] },
    ];
  },
  emit: (emission, x) => {
    const [rows = 0] = emission.outputs[0]?.shape ?? [];
    const largest = emission.node(
      'ReduceMax',
      [emission.node('Abs', [x]), emission.constant(int64([1], [1]))],
      { keepdims: { int: 1 } },
    );
    const scaled = emission.node('Mul', [largest, number(emission, 1 / mostLevels)]);
    const step = emission.node('Max', [scaled, number(emission, leastStep)]);
    const flat = emission.node('Reshape', [step, emission.constant(int64([1], [rows]))]);
    const zeros = emission.constant(tensor('u8', [rows], new Uint8Array(rows).fill(middle)));
    return [emission.node('QuantizeLinear', [x, flat, zeros], { axis: { int: 0 } }), step];
  },
  vjp: () => [rounded],
};

/** Rounds a matrix to eight bits, each row by its own largest magnitude; x: [T, K]. */
export function roundRows(x: Value): RoundedRows {
  const [bytes, step] = x.graph.apply(roundRowsOperation, [x]);
  if (bytes === undefined || step === undefined) throw new Error('internal: no rounded rows');
  return { bytes, step };
}

const integerProductOperation: Operation = {
  name: 'integerProduct',
  attributes: {},
  infer: (bytes, step, weight, scale) => {
    const [rows = 0, inner = 0] = bytes.shape;
    const [innerOfWeight = 0, out = 0] = weight.shape;
    requireShape(
      bytes.dtype === 'u8' && weight.dtype === 'i8',
      'DTYPES_DIFFER',
      'expected u8 rows and an i8 weight',
    );
    requireShape(
      inner === innerOfWeight,
      'MATMUL_INNER',
      `inner sizes are ${inner} and ${innerOfWeight}`,
    );
    requireShape(
      step.shape[0] === rows && [1, out].includes(elementCount(scale.shape)),
      'SCALE_SHAPE',
      `the steps are not [${rows}, 1], or the scales not [${out}]`,
    );
    return [{ dtype: 'f32', shape: [rows, out] }];
  },
  emit: (emission, bytes, step, weight, scale, ...bias) => {
    const zero = emission.constant(tensor('u8', [], Uint8Array.of(middle)));
    const sums = emission.node('com.microsoft.MatMulIntegerToFloat', [
      ...[bytes, weight, number(emission, 1), scale, zero],
    ]);
    const product = emission.node('Mul', [sums, step]);
    return [bias.length === 0 ? product : emission.node('Add', [product, ...bias])];
  },
  vjp: () => [rounded, rounded, frozen, frozen, rounded],
  flops: (output, bytes) => 2 * elementCount(output.shape) * axisSize(bytes, -1),
};

/** diag(step)·(bytes − 128)·weight·diag(scale) + bias: [T, N]; weight: i8 [K, N], scale: [N] or [], bias: [N]. */
export function integerProduct(
  { bytes, step }: RoundedRows,
  { weight, scale, bias }: { readonly weight: Value; readonly scale: Value; readonly bias?: Value },
): Value {
  const inputs = [bytes, step, weight, scale, ...(bias === undefined ? [] : [bias])];
  return bytes.graph.apply1(integerProductOperation, inputs);
}

/** A float32 scalar. */
export function number(emission: Emission, value: number): string {
  return emission.constant(float32([], [value]));
}
