/** @file Half floats: IEEE binary16 and bfloat16, widened exactly and narrowed to nearest even. */
import { type Float8DType, narrowFloat8, widenFloat8 } from './float8.ts';
import { roundHalfEven } from './round-half-even.ts';
import { type DType, type Tensor, tensor } from './tensor.ts';

/** One number, and its bits. */
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function wordOf(value: number): number {
  float[0] = value;
  return bits[0] ?? 0;
}

function numberOf(word: number): number {
  bits[0] = word;
  return float[0] ?? 0;
}

/** Binary16 bits to the number they stand for (exact). */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A number to binary16 bits, ties to even; overflow becomes infinity. */
export function toHalf(value: number): number {
  return halfOfWord(wordOf(value));
}

/** The same of the bits of a float32. */
function halfOfWord(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65520
  // Below 2^-14 a subnormal: an integer count of 2^-24.
  if (magnitude < 0x38800000) return sign | roundHalfEven(numberOf(magnitude) * 2 ** 24);
  const rounded = magnitude + 0xfff + ((word >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** bfloat16 bits to a number (exact): the upper half of a float32. */
export function fromBfloat16(half: number): number {
  return numberOf((half << 16) >>> 0);
}

/** A number to bfloat16 bits, ties to even. */
export function toBfloat16(value: number): number {
  return bfloat16OfWord(wordOf(value));
}

function bfloat16OfWord(word: number): number {
  if ((word & 0x7fffffff) > 0x7f800000) return ((word >>> 16) & 0x8000) | 0x7fc0; // NaN
  return ((word + 0x7fff + ((word >>> 16) & 1)) >>> 16) & 0xffff;
}

/** Any numeric tensor as float32; floats of fewer bits are widened exactly, float32 is returned as it is. */
export function toFloat32(source: Tensor): Tensor<'f32'> {
  if (isDType(source, 'f32')) return source;
  if (isDType(source, 'f16')) return tensor('f32', source.shape, widenHalf(source.data));
  if (isDType(source, 'bf16')) return tensor('f32', source.shape, widenBfloat16(source.data));
  for (const dtype of ['f8e4m3', 'f8e5m2'] as const) {
    if (isDType(source, dtype)) {
      return tensor('f32', source.shape, widenFloat8(source.data, dtype));
    }
  }
  const widened = new Float32Array(source.data.length);
  for (let i = 0; i < widened.length; i++) widened[i] = Number(source.data[i]);
  return tensor('f32', source.shape, widened);
}

/** Precisions that weights are computed with and stored in. */
export type FloatDType = 'f32' | 'f16' | 'bf16';

/** Precisions that weights can be written in. */
export const storedDTypes = ['f16', 'bf16', 'f32', 'f8e4m3', 'f8e5m2'] as const;

export type StoredDType = (typeof storedDTypes)[number];

export function isEightBits(dtype: DType): dtype is Float8DType {
  return dtype === 'f8e4m3' || dtype === 'f8e5m2';
}

/**
 * Float32 in another precision, rounded to nearest even; beyond its range numbers become infinite, and the largest of
 * eight bits.
 */
export function fromFloat32(source: Tensor<'f32'>, dtype: StoredDType): Tensor {
  if (dtype === 'f32') return source;
  return isEightBits(dtype)
    ? tensor(dtype, source.shape, narrowFloat8(source.data, dtype))
    : tensor(dtype, source.shape, narrowed(source.data, dtype));
}

/** The bits of float32 numbers in half precision, rounded to nearest even. */
export function narrowed(
  values: Float32Array,
  dtype: Exclude<FloatDType, 'f32'>,
): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(words.length);
  const narrow = dtype === 'f16' ? halfOfWord : bfloat16OfWord;
  for (let i = 0; i < halves.length; i++) halves[i] = narrow(words[i] ?? 0);
  return halves;
}

function isDType<D extends DType>(source: Tensor, dtype: D): source is Tensor<D> {
  return source.dtype === dtype;
}

let halfValues: Float32Array | undefined;

/** By table: 256 KiB that turn millions of conversions into look-ups. */
function widenHalf(halves: Uint16Array): Float32Array<ArrayBuffer> {
  halfValues ??= Float32Array.from({ length: 2 ** 16 }, (_, half) => fromHalf(half));
  const widened = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) widened[i] = halfValues[halves[i] ?? 0] ?? 0;
  return widened;
}

/** bfloat16 is the upper half of a float32, so its bits only move. */
function widenBfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = (halves[i] ?? 0) << 16;
  return new Float32Array(words.buffer);
}
