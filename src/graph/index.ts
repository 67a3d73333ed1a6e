/** @file The compiler's public names. Files inside this folder import each other directly. */
/// <reference lib="esnext.disposable" preserve="true" />

export type { OnnxAttributeValue } from '../formats/onnx.ts';
export type { DType, Shape, Storage, Tensor } from '../tensor/tensor.ts';
export { gradients, type Seed, vectorJacobian } from './autodiff.ts';
export {
  type CompiledProgram,
  type CompileOptions,
  compile,
  emitProgram,
  simplify,
  type WeightLocation,
} from './emit.ts';
export { flops } from './flops.ts';
export {
  type Attribute,
  axisSize,
  type Emission,
  formatType,
  type GradientContext,
  type GradientRule,
  Graph,
  type Node,
  type NoGradient,
  noGradient,
  type OnnxAttributes,
  type Operation,
  type Program,
  type Value,
  type ValueType,
} from './graph.ts';
export { type LargestValues, largestValues } from './largest-values.ts';
export { byteSize, peakBytes } from './memory.ts';
export {
  add,
  divide,
  erf,
  exp,
  gelu,
  log,
  multiply,
  negate,
  type Operand,
  quickGelu,
  relu,
  sigmoid,
  silu,
  sqrt,
  square,
  subtract,
} from './ops/arithmetic.ts';
export { attention } from './ops/attention.ts';
export { expand, reshape, sum, sumTo } from './ops/broadcast.ts';
export { type ConvolutionOptions, convolution, type Padding } from './ops/convolution.ts';
export {
  dequantize,
  type EightBits,
  integerProduct,
  isInEightBits,
  type RoundedRows,
  roundRows,
  withEightBits,
} from './ops/eight-bits/eight-bits.ts';
export { joinHeads, splitHeads } from './ops/heads.ts';
export { cast, constant, input, scalar, weight, withGradient } from './ops/leaf.ts';
export { gather, resizeNearest } from './ops/lookup.ts';
export { linear, matmul, rowsOf, type Transposes } from './ops/matmul.ts';
export { layerNorm } from './ops/normalization.ts';
export { mean, softmax } from './ops/reduce.ts';
export { concatenate, pad, slice, transpose } from './ops/shape.ts';
export { removeDeadCode } from './passes/dead-code.ts';
export { deduplicate } from './passes/deduplicate.ts';
export { eightBitProducts } from './passes/eight-bit-products.ts';
export { joinPads } from './passes/join-pads.ts';
export { verify } from './passes/verify.ts';
export {
  type CutStep,
  cutStep,
  forwardBytes,
  type InPlace,
  type SegmentPlan,
  segmentPlans,
} from './plan-segments.ts';
export { print } from './print.ts';
export { type ForwardStep, gradientName, type Segment, segmentStep } from './segments.ts';
export { defaultTarget, type Target } from './target.ts';
