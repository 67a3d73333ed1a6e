import { expect, test } from 'vitest';
import { factorization } from './factorization.ts';

/** The search as it is described: upwards while the sum does not grow, and not beyond the factor. */
function searched(size: number, factor: number): readonly [number, number] {
  const ordered = (m: number, n: number) => [Math.min(m, n), Math.max(m, n)] as const;
  if (factor > 0 && size % factor === 0) return ordered(factor, size / factor);
  let [m, n] = [1, size];
  while (m < n) {
    let next = m + 1;
    while (size % next !== 0) next++;
    if (next + size / next > m + n || (factor > 0 && next > factor)) break;
    [m, n] = [next, size / next];
  }
  return ordered(m, n);
}

test('is what the search of LyCORIS finds', () => {
  for (let size = 1; size <= 400; size++) {
    for (const factor of [-1, 1, 2, 3, 4, 5, 8, 16, 64, 500]) {
      expect(factorization(size, factor)).toEqual(searched(size, factor));
    }
  }
});

test.each([
  [1280, -1, [32, 40]],
  [320, 64, [5, 64]],
  [24, 8, [3, 8]],
  [768, 7, [6, 128]],
  [13, -1, [1, 13]],
])('splits %i by %i into %o', (size, factor, expected) => {
  expect(factorization(size, factor)).toEqual(expected);
});
