/** @file Student's t distribution against its printed table, and against sums of normals. */
import { expect, test } from 'vitest';
import { studentQuantile, studentShare } from './student.ts';

// Fisher and Yates 1963, table III; printed to three digits.
test.each([
  [0.975, 1, 12.706],
  [0.975, 2, 4.303],
  [0.975, 6, 2.447],
  [0.975, 7, 2.365],
  [0.975, 13, 2.16],
  [0.95, 10, 1.812],
  [0.995, 5, 4.032],
  [0.9995, 4, 8.61],
  [0.975, 120, 1.98],
])('%d of the distribution with %d degrees of freedom lies below %d', (share, degrees, value) => {
  expect(studentQuantile(share, degrees)).toBeCloseTo(value, 3);
  expect(studentQuantile(1 - share, degrees)).toBeCloseTo(-value, 3);
});

test('the share and the quantile are each other turned round', () => {
  for (const degrees of [1, 2, 3, 6, 7, 29]) {
    for (const share of [0.001, 0.2, 0.5, 0.8, 0.999]) {
      expect(studentShare(studentQuantile(share, degrees), degrees)).toBeCloseTo(share, 12);
    }
  }
});

test('with one degree of freedom it is Cauchy, whose share has a formula', () => {
  for (const t of [-3, -0.4, 0, 1, 20]) {
    expect(studentShare(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 14);
  }
});
