/** @file Two-dimensional convolution and its two gradients. */
import { required } from '../../base/required.ts';
import { elementCount, int64, type Shape } from '../../tensor/tensor.ts';
import {
  axisSize,
  type Emission,
  noGradient,
  type Operation,
  requireShape,
  type Value,
  type ValueType,
} from '../graph.ts';
import { reshape, sum } from './broadcast.ts';

/** Zeros around a picture: top, left, bottom, right (the order of ONNX). */
export type Padding = readonly [number, number, number, number];

export interface ConvolutionOptions {
  /** @default 1 */
  readonly stride?: number;
  /** @default no padding */
  readonly padding?: Padding;
}

/** From axes [N, C, …] to [C, N, …]. */
const exchange = { perm: { ints: [1, 0, 2, 3] } };

const secondOrder = noGradient('second derivatives of a convolution are not built');

function outputSize(size: number, before: number, after: number, kernel: number, stride: number) {
  return Math.floor((size + before + after - kernel) / stride) + 1;
}

/** Every output sums over one kernel: 2·outputs·kernel, with the bias in place of the first addition. */
function convolutionFlops(outputs: ValueType, weight: ValueType): number {
  return (2 * elementCount(outputs.shape) * elementCount(weight.shape)) / axisSize(weight, 0);
}

const convolutionOperation = (stride: number, padding: Padding): Operation => ({
  name: 'convolution',
  attributes: { stride, padding },
  infer: (x, weight, bias) => {
    const [batch = 0, channels = 0, height = 0, width = 0] = x.shape;
    const [out = 0, inner = 0, kernelHeight = 0, kernelWidth = 0] = weight.shape;
    requireShape(x.shape.length === 4, 'NOT_A_PICTURE', 'the input is not [N, C, H, W]');
    requireShape(
      channels === inner,
      'CONVOLUTION_CHANNELS',
      `the input has ${channels} channels, the kernel takes ${inner}`,
    );
    requireShape(
      bias === undefined || bias.shape[0] === out,
      'CONVOLUTION_BIAS',
      `the bias is not [${out}]`,
    );
    const [top, left, bottom, right] = padding;
    const outHeight = outputSize(height, top, bottom, kernelHeight, stride);
    const outWidth = outputSize(width, left, right, kernelWidth, stride);
    requireShape(
      outHeight > 0 && outWidth > 0,
      'PICTURE_TOO_SMALL',
      `the ${height} x ${width} input is smaller than the kernel`,
    );
    return [{ dtype: x.dtype, shape: [batch, out, outHeight, outWidth] }];
  },
  emit: (emission, ...inputs) => [
    emission.node('Conv', inputs, {
      strides: { ints: [stride, stride] },
      pads: { ints: padding },
    }),
  ],
  vjp: ({ gradient }, x, weight) => [
    () => x.graph.apply1(inputGradientOperation(stride, padding, x.shape), [gradient, weight]),
    () => x.graph.apply1(weightGradientOperation(stride, padding, weight.shape), [x, gradient]),
    () => reshape(sum(gradient, [0, 2, 3]), [axisSize(weight, 0)]),
  ],
  flops: (output, _, weight) => convolutionFlops(output, weight),
});

/**
 * Pixels of all pictures from which a convolution, with the channels of its kernel exchanged, is faster than ONNX
 * Runtime's ConvTranspose: exchanging costs as much as the kernel is large, the product gains with the pictures. Of 640
 * and 1,280 channels it takes 0.80 of the time at one picture of 32², 0.88 at four of 16², and 1.08 at two of these.
 */
const convolvedFrom = 1024;

/** Pixels from which turning the kernel costs no more than turning the pictures: 0.87 at 32² instead of 0.80, 0.72 at 64². */
const kernelTurnedFrom = 2048;

/** dX: the transposed convolution, cut or extended to the input's size where the stride left a rest. */
const inputGradientOperation = (stride: number, padding: Padding, shape: Shape): Operation => ({
  name: 'convolutionInputGradient',
  attributes: { stride, padding, shape },
  infer: (gradient) => [{ dtype: gradient.dtype, shape }],
  emit: (emission, gradient, weight) => {
    const [batch = 1, , height = 1, width = 1] = shape;
    const pixels = batch * height * width;
    const [top, left, bottom, right] = padding;
    const [, , kernelHeight = 1, kernelWidth = 1] = required(emission.inputs, 1).shape;
    // A convolution adds zeros around the gradient; it cannot cut off what lies in more padding than a kernel covers.
    const fits = Math.max(top, bottom) < kernelHeight && Math.max(left, right) < kernelWidth;
    return stride === 1 && fits && pixels >= convolvedFrom
      ? [emitConvolved(emission, { gradient, weight, padding, pixels })]
      : [emitTransposed(emission, { gradient, weight, padding, stride, shape })];
  },
  vjp: () => [secondOrder, secondOrder],
  flops: (_, gradient, weight) => convolutionFlops(gradient, weight),
});

interface InputGradient {
  readonly gradient: string;
  readonly weight: string;
  readonly padding: Padding;
}

/**
 * dX = g ∗ RW′, with W′ the kernel with its channels exchanged, and R half a turn. As R(a ∗ b) = Ra ∗ Rb, it is R(Rg ∗ W′)
 * too, which leaves the kernel as it is. One of 1 x 1 is its own turn.
 */
function emitConvolved(
  emission: Emission,
  { gradient, weight, padding, pixels }: InputGradient & { readonly pixels: number },
): string {
  const [ofGradient, ofKernel] = [required(emission.inputs, 0), required(emission.inputs, 1)];
  const [height, width] = [axisSize(ofKernel, 2), axisSize(ofKernel, 3)];
  const [top, left, bottom, right] = padding;
  const first = [height - 1 - top, width - 1 - left];
  const last = [height - 1 - bottom, width - 1 - right];
  const convolved = (x: string, kernel: string, ...pads: readonly number[]) =>
    emission.node('Conv', [x, kernel], { pads: { ints: pads } });
  const exchanged = emission.node('Transpose', [weight], exchange);
  if (height * width === 1) return convolved(gradient, exchanged, ...first, ...last);
  if (pixels >= kernelTurnedFrom) {
    return convolved(gradient, emitTurned(emission, exchanged, ofKernel), ...first, ...last);
  }
  const turned = emitTurned(emission, gradient, ofGradient);
  const result = convolved(turned, exchanged, ...last, ...first);
  return emitTurned(emission, result, required(emission.outputs, 0));
}

/** The last two axes backwards. */
function emitTurned(emission: Emission, x: string, { shape }: ValueType): string {
  const pair = (first: number, second: number) => emission.constant(int64([2], [first, second]));
  const [, , height = 1, width = 1] = shape;
  const beforeFirst = pair(-1 - height, -1 - width);
  const bounds = [pair(-1, -1), beforeFirst, pair(2, 3), pair(-1, -1)]; // starts, ends, axes, steps
  return emission.node('Slice', [x, ...bounds]);
}

function emitTransposed(
  emission: Emission,
  {
    gradient,
    weight,
    padding,
    stride,
    shape,
  }: InputGradient & { readonly stride: number; readonly shape: Shape },
): string {
  const [top, left, bottom, right] = padding;
  // The rows that the forward pass never reached, because the stride did not divide.
  const rest = [2, 3].map((axis) => {
    const pads = axis === 2 ? top + bottom : left + right;
    const kernel = axisSize(required(emission.inputs, 1), axis);
    const reached = (axisSize(required(emission.inputs, 0), axis) - 1) * stride + kernel - pads;
    return required(shape, axis) - reached;
  });
  return emission.node('ConvTranspose', [gradient, weight], {
    strides: { ints: [stride, stride] },
    pads: { ints: padding },
    output_padding: { ints: rest },
  });
}

/**
 * dW[o, i] at each tap of the kernel: Σ over samples and pixels of g[o]·x[i], x shifted by the tap. Products of the
 * gradient and stacked shifts of the input are faster than ONNX Runtime's convolution with batch and channels exchanged,
 * whose result is as small as the kernel: with them a step of a whole small autoencoder takes four fifths of the time.
 */
const weightGradientOperation = (stride: number, padding: Padding, shape: Shape): Operation => ({
  name: 'convolutionWeightGradient',
  attributes: { stride, padding, shape },
  infer: (x) => [{ dtype: x.dtype, shape }],
  emit: (emission, x, gradient) => [
    emitWeightGradient(emission, { x, gradient, stride, padding, shape }),
  ],
  vjp: () => [secondOrder, secondOrder],
  flops: (output, _, gradient) => convolutionFlops(gradient, output),
});

interface WeightGradient {
  readonly x: string;
  readonly gradient: string;
  readonly stride: number;
  readonly padding: Padding;
  readonly shape: Shape;
}

/** Elements of shifted inputs that are stacked for one product. */
const mostStacked = 2 ** 23;

function emitWeightGradient(
  emission: Emission,
  { x, gradient, stride, padding, shape }: WeightGradient,
): string {
  const [out = 0, channels = 0, kernelHeight = 0, kernelWidth = 0] = shape;
  const [batch = 0, , height = 0, width = 0] = required(emission.inputs, 1).shape;
  const inner = batch * height * width;
  const numbers = (...values: number[]) => emission.constant(int64([values.length], values));
  const rows = emission.node('Reshape', [
    emission.node('Transpose', [gradient], exchange),
    numbers(out, inner),
  ]);
  const channelsFirst = emission.node('Transpose', [emitPadded(emission, x, padding)], exchange);
  const shifted = Array.from({ length: kernelHeight * kernelWidth }, (_, tap) => {
    const [top, left] = [Math.floor(tap / kernelWidth), tap % kernelWidth];
    const starts = numbers(top, left);
    const ends = numbers(top + (height - 1) * stride + 1, left + (width - 1) * stride + 1);
    const bounds = [starts, ends, numbers(2, 3), numbers(stride, stride)];
    const cut = emission.node('Slice', [channelsFirst, ...bounds]);
    return emission.node('Reshape', [cut, numbers(channels, inner)]);
  });
  const together = Math.max(1, Math.floor(mostStacked / (channels * inner)));
  const products: string[] = [];
  for (let start = 0; start < shifted.length; start += together) {
    const group = shifted.slice(start, start + together);
    const stack = joined(emission, group, 0);
    const product = emission.node('Gemm', [rows, stack], { transB: { int: 1 } });
    products.push(emission.node('Reshape', [product, numbers(out, group.length, channels)]));
  }
  const byTap = joined(emission, products, 1); // [O, taps, C]
  const byChannel = emission.node('Transpose', [byTap], { perm: { ints: [0, 2, 1] } });
  return emission.node('Reshape', [byChannel, numbers(...shape)]);
}

function emitPadded(emission: Emission, x: string, [top, left, bottom, right]: Padding): string {
  if (top + left + bottom + right === 0) return x;
  const pads = [0, 0, top, left, 0, 0, bottom, right];
  return emission.node('Pad', [x, emission.constant(int64([8], pads))]);
}

function joined(emission: Emission, parts: readonly string[], axis: number): string {
  const [only = ''] = parts;
  return parts.length === 1 ? only : emission.node('Concat', parts, { axis: { int: axis } });
}

/** Cross-correlation as in every deep-learning library; x: [N, C, H, W], weight: [O, C, h, w], bias: [O]. */
export function convolution(
  x: Value,
  weight: Value,
  bias: Value | undefined,
  { stride = 1, padding = [0, 0, 0, 0] }: ConvolutionOptions = {},
): Value {
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return x.graph.apply1(convolutionOperation(stride, padding), inputs);
}
