import { describe, expect, test } from 'vitest';
import { fromFloat8, widenFloat8 } from './float8.ts';
import { fromHalf } from './half.ts';

const codes = Array.from({ length: 256 }, (_, code) => code);

describe('e4m3', () => {
  const values = codes.map((code) => fromFloat8(code, 'f8e4m3'));

  test('counts up from 0 in steps that double with every eight codes after the first sixteen', () => {
    let value = 0;
    for (let code = 0; code <= 0x7e; code++) {
      expect(values[code]).toBe(value);
      value += 2 ** (Math.max(1, code >> 3) - 10);
    }
    expect(values[0x7e]).toBe(448);
    expect(values[0x08]).toBe(2 ** -6);
    expect(values[0x01]).toBe(2 ** -9);
  });

  test('has no infinity, and one NaN of each sign', () => {
    expect(codes.filter((code) => Number.isNaN(values[code]))).toEqual([0x7f, 0xff]);
    expect(values.filter((value) => Math.abs(value) === Number.POSITIVE_INFINITY)).toEqual([]);
  });
});

test('e5m2 is the upper half of a binary16, for all codes', () => {
  expect(codes.map((code) => fromFloat8(code, 'f8e5m2'))).toEqual(
    codes.map((code) => fromHalf(code << 8)),
  );
});

test.each(['f8e4m3', 'f8e5m2'] as const)('%s: the sign bit changes the sign alone', (dtype) => {
  for (let code = 0; code < 128; code++) {
    expect(fromFloat8(code | 0x80, dtype)).toBe(-fromFloat8(code, dtype));
  }
});

test.each(['f8e4m3', 'f8e5m2'] as const)('%s is widened code by code', (dtype) => {
  expect([...widenFloat8(Uint8Array.from(codes), dtype)]).toEqual(
    codes.map((code) => fromFloat8(code, dtype)),
  );
});
