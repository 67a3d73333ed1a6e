/** @file Convolution with a kernel of eight bits: the picture's patches as rows, multiplied in integers. */
import { required } from '../../../base/required.ts';
import { onnxDType } from '../../../formats/onnx.ts';
import { elementCount, int64, tensor } from '../../../tensor/tensor.ts';
import { type Emission, type Operation, requireShape, type Value } from '../../graph.ts';
import type { Padding } from '../convolution.ts';
import { frozen, leastStep, middle, mostLevels, number, rounded } from './eight-bits.ts';

/** How a kernel goes over a picture. */
interface Patches {
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly padding: Padding;
}

/**
 * Of so many channels one is kept apart: those of the largest magnitudes, which would take the levels of all others. What
 * rounding leaves of them is multiplied in float32.
 */
const channelsPerOutlier = 64;
/** Bytes of patches that are formed at once. */
const mostPatches = 2 ** 26;

/** The name of the operation whose second input is read as it lies too, beside the packed copy that all products have. */
export const integerConvolutionName = 'integerConvolution';

const integerConvolutionOperation = ({ kernel, stride, padding }: Patches): Operation => ({
  name: integerConvolutionName,
  attributes: { kernel, stride, padding },
  infer: (x, weight, _scale, _bias) => {
    const [batch = 0, channels = 0, height = 0, width = 0] = x.shape;
    const [inner = 0, out = 0] = weight.shape;
    const [kernelHeight, kernelWidth] = kernel;
    requireShape(
      x.dtype === 'f32' && weight.dtype === 'i8',
      'DTYPES_DIFFER',
      'expected f32 pictures and an i8 weight',
    );
    requireShape(
      inner === channels * kernelHeight * kernelWidth,
      'CONVOLUTION_CHANNELS',
      `patches of the input have ${channels * kernelHeight * kernelWidth} numbers, the kernel takes ${inner}`,
    );
    const [top, left, bottom, right] = padding;
    const size = (side: number, taps: number) => Math.floor((side - taps) / stride) + 1;
    const sides = [
      size(height + top + bottom, kernelHeight),
      size(width + left + right, kernelWidth),
    ];
    return [{ dtype: 'f32', shape: [batch, out, ...sides] }];
  },
  emit: (emission, x, weight, scale, ...bias) => [
    new Writing(emission, { kernel, stride, padding }).product(x, weight, scale, bias),
  ],
  vjp: () => [rounded, frozen, frozen, rounded],
  flops: (output, _, weight) => 2 * elementCount(output.shape) * required(weight.shape, 0),
});

/**
 * A convolution of a picture that is rounded by one step, but for its channels of the largest magnitudes; x: [N, C, H, W],
 * weight: i8 [h·w·C, out], scale: [out] or [], bias: [out].
 */
export function integerConvolution(
  x: Value,
  { weight, scale, bias }: { readonly weight: Value; readonly scale: Value; readonly bias?: Value },
  patches: Patches,
): Value {
  const inputs = [x, weight, scale, ...(bias === undefined ? [] : [bias])];
  return x.graph.apply1(integerConvolutionOperation(patches), inputs);
}

/** Writes one convolution. */
class Writing {
  readonly #emission: Emission;
  readonly #patches: Patches;
  readonly #batch: number;
  readonly #channels: number;
  readonly #out: number;
  readonly #sides: readonly [number, number];

  constructor(emission: Emission, patches: Patches) {
    this.#emission = emission;
    this.#patches = patches;
    const [batch = 0, channels = 0] = required(emission.inputs, 0).shape;
    const [, out = 0, height = 0, width = 0] = required(emission.outputs, 0).shape;
    this.#batch = batch;
    this.#channels = channels;
    this.#out = out;
    this.#sides = [height, width];
  }

  product(x: string, weight: string, scale: string, bias: readonly string[]): string {
    const { step, outliers } = this.#steps(x);
    const zero = this.#emission.constant(tensor('u8', [], Uint8Array.of(middle)));
    const bytes = this.#node('QuantizeLinear', [x, step, zero]);
    const picture = this.#padded(bytes, zero);
    const rest = this.#padded(this.#rest(x, { bytes, step, zero, outliers }));
    const restWeight = this.#restWeight(weight, { scale, outliers });
    const parts = this.#rowGroups().map((group) => {
      const sums = this.#node('com.microsoft.MatMulIntegerToFloat', [
        ...[this.#rows(picture, group, this.#channels), weight, step, scale, zero],
        ...(bias.length === 0 ? [] : ['', ...bias]),
      ]);
      const ofRest = this.#rows(rest, group, this.#apart);
      return this.#tokens(this.#node('Gemm', [ofRest, restWeight, sums]), group);
    });
    return this.#channelsFirst(parts);
  }

  /** Channels that are kept apart. */
  get #apart(): number {
    const share = Math.max(1, Math.round(this.#channels / channelsPerOutlier));
    return Math.min(this.#channels - 1, share);
  }

  /** The kernel of the channels that are kept apart, in float32: [h·w·apart, out]. */
  #restWeight(
    weight: string,
    { scale, outliers }: Readonly<Record<'scale' | 'outliers', string>>,
  ): string {
    const [kernelHeight, kernelWidth] = this.#patches.kernel;
    const taps = kernelHeight * kernelWidth;
    const byTap = this.#node('Reshape', [weight, this.#numbers(taps, this.#channels, this.#out)]);
    const own = this.#node('Gather', [byTap, outliers], { axis: { int: 1 } });
    const numbers = this.#node('Cast', [own], { to: { int: onnxDType.f32 } });
    return this.#node('Reshape', [
      this.#node('Mul', [numbers, scale]),
      this.#numbers(taps * this.#apart, this.#out),
    ]);
  }

  /** Rows of patches as those of a picture: [N, rows·W′, out]. */
  #tokens(rows: string, [first, end]: readonly [number, number]): string {
    const [, width] = this.#sides;
    return this.#node('Reshape', [
      rows,
      this.#numbers(this.#batch, (end - first) * width, this.#out),
    ]);
  }

  #channelsFirst(parts: readonly string[]): string {
    const [only = ''] = parts;
    const all = parts.length === 1 ? only : this.#node('Concat', parts, { axis: { int: 1 } });
    const turned = this.#node('Transpose', [all], { perm: { ints: [0, 2, 1] } });
    return this.#node('Reshape', [turned, this.#numbers(this.#batch, this.#out, ...this.#sides)]);
  }

  /** The step of all channels but the largest, and which those are. */
  #steps(x: string): { readonly step: string; readonly outliers: string } {
    const apart = this.#apart;
    const magnitudes = this.#node('ReduceMax', [this.#node('Abs', [x]), this.#numbers(0, 2, 3)], {
      keepdims: { int: 0 },
    });
    const [values = '', places = ''] = this.#emission.nodes(
      'TopK',
      [magnitudes, this.#numbers(apart + 1)],
      2,
    );
    const next = this.#node('Gather', [values, this.#emission.constant(int64([], [apart]))]);
    const scaled = this.#node('Mul', [next, number(this.#emission, 1 / mostLevels)]);
    return {
      step: this.#node('Max', [scaled, number(this.#emission, leastStep)]),
      outliers: this.#node('Slice', [places, this.#numbers(0), this.#numbers(apart)]),
    };
  }

  /** What rounding leaves of the channels that are kept apart: [N, apart, H, W]. */
  #rest(
    x: string,
    {
      bytes,
      step,
      zero,
      outliers,
    }: Readonly<Record<'bytes' | 'step' | 'zero' | 'outliers', string>>,
  ): string {
    const of = (picture: string) => this.#node('Gather', [picture, outliers], { axis: { int: 1 } });
    return this.#node('Sub', [of(x), this.#node('DequantizeLinear', [of(bytes), step, zero])]);
  }

  /** Channels last, with the zeros around. */
  #padded(picture: string, ...zero: readonly string[]): string {
    const [top, left, bottom, right] = this.#patches.padding;
    const last = this.#node('Transpose', [picture], { perm: { ints: [0, 2, 3, 1] } });
    if (top + left + bottom + right === 0) return last;
    return this.#node('Pad', [last, this.#numbers(0, top, left, 0, 0, bottom, right, 0), ...zero]);
  }

  /** Rows of the output in groups whose patches are formed at once. */
  #rowGroups(): readonly (readonly [number, number])[] {
    const [height, width] = this.#sides;
    const { kernel } = this.#patches;
    const bytes = this.#batch * width * this.#channels * kernel[0] * kernel[1];
    const together = Math.max(1, Math.floor(mostPatches / bytes));
    const groups = Math.ceil(height / together);
    return Array.from({ length: groups }, (_, i) => [
      i * together,
      Math.min(height, (i + 1) * together),
    ]);
  }

  /** The patches of some rows of the output, a row each: [N·rows·W′, h·w·channels]. */
  #rows(picture: string, [first, end]: readonly [number, number], channels: number): string {
    const { kernel, stride } = this.#patches;
    const [height, width] = this.#sides;
    const [kernelHeight, kernelWidth] = kernel;
    const count = this.#numbers(
      this.#batch * (end - first) * width,
      kernelHeight * kernelWidth * channels,
    );
    const isWhole = kernelHeight * kernelWidth === 1 && stride === 1 && end - first === height;
    if (isWhole) return this.#node('Reshape', [picture, count]);
    const taps = Array.from({ length: kernelHeight * kernelWidth }, (_, tap) => {
      const [top, left] = [first * stride + Math.floor(tap / kernelWidth), tap % kernelWidth];
      return this.#node('Slice', [
        picture,
        this.#numbers(top, left),
        this.#numbers(top + (end - first - 1) * stride + 1, left + (width - 1) * stride + 1),
        this.#numbers(1, 2),
        this.#numbers(stride, stride),
      ]);
    });
    const [only = ''] = taps;
    const patches = taps.length === 1 ? only : this.#node('Concat', taps, { axis: { int: 3 } });
    return this.#node('Reshape', [patches, count]);
  }

  #node(...given: Parameters<Emission['node']>): string {
    return this.#emission.node(...given);
  }

  #numbers(...values: number[]): string {
    return this.#emission.constant(int64([values.length], values));
  }
}
