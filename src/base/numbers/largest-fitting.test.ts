import { expect, test } from 'vitest';
import { largestFitting } from './largest-fitting.ts';

test('finds the limit from any side, asking about less than twice of it', () => {
  for (let limit = 0; limit <= 100; limit++) {
    for (const most of [1, 7, 8, 39, 1e9]) {
      const asked: number[] = [];
      const found = largestFitting(most, (count) => {
        asked.push(count);
        return count <= limit;
      });
      const exact = Math.min(limit, most);
      expect(found).toBeLessThanOrEqual(exact);
      // Exact up to 32, then to one part in 32.
      expect(found).toBeGreaterThanOrEqual(exact - Math.floor(exact / 32));
      expect(Math.max(...asked)).toBeLessThanOrEqual(Math.max(1, 2 * found));
    }
  }
});
