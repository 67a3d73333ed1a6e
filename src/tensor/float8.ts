/** @file Floats of eight bits, as weights are stored in (OCP 8-bit Floating Point Specification, revision 1.0), widened exactly and narrowed to nearest even. */
import { roundHalfEven } from './round-half-even.ts';

interface Float8 {
  /** Bits of the fraction; the rest after the sign are the exponent's. */
  readonly fractionBits: number;
  readonly bias: number;
  /** The value of the highest exponent's codes, where they are no numbers like the others. */
  readonly special: (fraction: number) => number | undefined;
  /** The code of the largest number, and that of NaN. */
  readonly most: number;
  readonly nan: number;
}

/** No infinities: only the last code of each sign is NaN, so that 448 is the largest number. */
const e4m3: Float8 = {
  fractionBits: 3,
  bias: 7,
  special: (fraction) => (fraction === 7 ? Number.NaN : undefined),
  most: 0x7e,
  nan: 0x7f,
};

/** As IEEE 754 would have it: the upper half of a binary16. */
const e5m2: Float8 = {
  fractionBits: 2,
  bias: 15,
  special: (fraction) => (fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN),
  most: 0x7b,
  nan: 0x7e,
};

const formats = { f8e4m3: e4m3, f8e5m2: e5m2 } as const;

export type Float8DType = keyof typeof formats;

/** The number that a code stands for. */
export function fromFloat8(code: number, dtype: Float8DType): number {
  const { fractionBits, bias, special } = formats[dtype];
  const sign = code & 0x80 ? -1 : 1;
  const exponent = (code & 0x7f) >> fractionBits;
  const fraction = code & (2 ** fractionBits - 1);
  const highest = 2 ** (7 - fractionBits) - 1;
  const exceptional = exponent === highest ? special(fraction) : undefined;
  if (exceptional !== undefined) return sign * exceptional;
  const share = fraction / 2 ** fractionBits;
  return exponent === 0
    ? sign * share * 2 ** (1 - bias)
    : sign * (1 + share) * 2 ** (exponent - bias);
}

const tables = new Map<Float8DType, Float32Array>();

/** All codes as float32, by a table of 256 numbers. */
export function widenFloat8(codes: Uint8Array, dtype: Float8DType): Float32Array<ArrayBuffer> {
  const table =
    tables.get(dtype) ?? Float32Array.from({ length: 256 }, (_, code) => fromFloat8(code, dtype));
  tables.set(dtype, table);
  const widened = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) widened[i] = table[codes[i] ?? 0] ?? 0;
  return widened;
}

/** The codes of float32 numbers, ties to even; what is beyond the largest number becomes that, infinity too. */
export function narrowFloat8(values: Float32Array, dtype: Float8DType): Uint8Array<ArrayBuffer> {
  const { fractionBits, bias, most, nan } = formats[dtype];
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const codes = new Uint8Array(values.length);
  const dropped = 23 - fractionBits;
  const smallestNormal = (128 - bias) << 23; // the bits of 2^(1 - bias)
  const perNumber = 2 ** (bias - 1 + fractionBits); // subnormal codes count so many
  for (let i = 0; i < codes.length; i++) {
    const word = words[i] ?? 0;
    const magnitude = word & 0x7fffffff;
    const odd = (magnitude >>> dropped) & 1;
    const rounded = magnitude + (2 ** (dropped - 1) - 1) + odd - ((127 - bias) << 23);
    const code =
      magnitude < smallestNormal
        ? roundHalfEven(Math.abs(values[i] ?? 0) * perNumber)
        : Math.min(rounded >>> dropped, most);
    codes[i] = ((word >>> 24) & 0x80) | (magnitude > 0x7f800000 ? nan : code);
  }
  return codes;
}
