import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBfloat16, fromHalf, toBfloat16, toFloat32, toHalf } from './half.ts';
import { roundHalfEven } from './round-half-even.ts';
import { float32, int64, tensor } from './tensor.ts';

/** Binary16 read from its bits as text: a way that shares nothing with the code under test. */
function halfFromText(pattern: number): number {
  const text = pattern.toString(2).padStart(16, '0');
  const sign = text[0] === '1' ? -1 : 1;
  const exponent = Number.parseInt(text.slice(1, 6), 2);
  const fraction = text.slice(6);
  if (exponent === 31) return fraction.includes('1') ? Number.NaN : sign / 0;
  const whole = exponent === 0 ? '0' : '1';
  const significand = Number.parseInt(whole + fraction, 2) / 2 ** 10;
  return sign * significand * 2 ** (Math.max(exponent, 1) - 15);
}

const allPatterns = Array.from({ length: 2 ** 16 }, (_, pattern) => pattern);
const finiteHalves = allPatterns.map(halfFromText).filter(Number.isFinite);

/** The nearest candidate, and of two equally near ones that with the even bit pattern. */
function isNearestEven(
  value: number,
  pattern: number,
  widen: (pattern: number) => number,
): boolean {
  const error = Math.abs(widen(pattern) - value);
  const sign = pattern & 0x8000;
  return [-1, 1].every((step) => {
    const magnitude = (pattern & 0x7fff) + step;
    if (magnitude < 0 || !Number.isFinite(widen(sign | magnitude))) return true;
    const other = Math.abs(widen(sign | magnitude) - value);
    return error < other || (error === other && pattern % 2 === 0);
  });
}

const float = fc.float({ noDefaultInfinity: true, noNaN: true });
const halfRange = fc.float({ min: Math.fround(-65504), max: Math.fround(65504), noNaN: true });

describe('binary16', () => {
  test('widens all 65536 patterns exactly', () => {
    const differing = allPatterns.filter((p) => !Object.is(fromHalf(p), halfFromText(p)));
    expect(differing).toEqual([]);
  });

  test('agrees with published values', () => {
    expect(fromHalf(0x3555)).toBe(0.333251953125);
    expect(fromHalf(0x7bff)).toBe(65504);
    expect(fromHalf(0x0400)).toBe(0.00006103515625);
    expect(fromHalf(0x0001)).toBe(5.9604644775390625e-8);
    expect(fromHalf(0x3c01)).toBe(1.0009765625);
  });

  test('narrows every widened pattern back to itself, NaN to a NaN', () => {
    const changed = allPatterns.filter((pattern) => {
      const value = fromHalf(pattern);
      return Number.isNaN(value)
        ? !Number.isNaN(fromHalf(toHalf(value)))
        : toHalf(value) !== pattern;
    });
    expect(changed).toEqual([]);
  });

  test('rounds to the nearest value, ties to even', () => {
    fc.assert(fc.property(halfRange, (value) => isNearestEven(value, toHalf(value), fromHalf)));
  });

  test('rounds the middle between neighbours to the even one, over the whole range', () => {
    const positive = allPatterns.slice(0, 0x7bff);
    const wrong = positive.filter((pattern) => {
      const middle = (halfFromText(pattern) + halfFromText(pattern + 1)) / 2;
      return toHalf(middle) !== (pattern % 2 === 0 ? pattern : pattern + 1);
    });
    expect(wrong).toEqual([]);
  });

  test('overflows to infinity from halfway past the largest value', () => {
    expect(toHalf(65519.99609375)).toBe(0x7bff);
    expect(toHalf(65520)).toBe(0x7c00);
    expect(toHalf(-1e30)).toBe(0xfc00);
    expect(Math.max(...finiteHalves)).toBe(65504);
  });
});

describe('bfloat16', () => {
  test('widens all 65536 patterns to the float32 of the same upper bits', () => {
    const words = new Uint32Array(allPatterns.map((pattern) => pattern * 2 ** 16));
    const expected = new Float32Array(words.buffer);
    const differing = allPatterns.filter((p) => !Object.is(fromBfloat16(p), expected[p]));
    expect(differing).toEqual([]);
  });

  test('narrows every widened pattern back to itself, NaN to a NaN', () => {
    const changed = allPatterns.filter((pattern) => {
      const value = fromBfloat16(pattern);
      return Number.isNaN(value)
        ? !Number.isNaN(fromBfloat16(toBfloat16(value)))
        : toBfloat16(value) !== pattern;
    });
    expect(changed).toEqual([]);
  });

  test('rounds to the nearest value, ties to even', () => {
    // Above the largest finite bfloat16 a float32 may round to infinity.
    const inRange = float.filter((value) => Math.abs(value) <= fromBfloat16(0x7f7f));
    fc.assert(
      fc.property(inRange, (value) => isNearestEven(value, toBfloat16(value), fromBfloat16)),
    );
  });
});

describe('toFloat32', () => {
  test('returns a float32 tensor as it is', () => {
    const source = float32([2], [1, 2]);
    expect(toFloat32(source)).toBe(source);
  });

  test('widens every half pattern as the scalar functions do', () => {
    const data = Uint16Array.from(allPatterns);
    const half = toFloat32(tensor('f16', [2 ** 16], data));
    const bfloat = toFloat32(tensor('bf16', [2 ** 16], data));
    expect(half.data).toEqual(Float32Array.from(allPatterns, fromHalf));
    expect(bfloat.data).toEqual(Float32Array.from(allPatterns, fromBfloat16));
    expect(half.shape).toEqual([2 ** 16]);
  });

  test('converts integers, doubles and booleans', () => {
    expect([...toFloat32(int64([3], [-1, 0, 49407])).data]).toEqual([-1, 0, 49407]);
    expect([...toFloat32(tensor('f64', [1], new Float64Array([0.1]))).data]).toEqual([
      Math.fround(0.1),
    ]);
    expect([...toFloat32(tensor('bool', [2], new Uint8Array([0, 1]))).data]).toEqual([0, 1]);
  });
});

test('roundHalfEven takes the even neighbour of a half', () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6].map(roundHalfEven)).toEqual([0, 2, 2, 0, -2, 2, 3]);
});
