import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import { holmAdjusted } from '../../src/experiments/report/statistics/holm.ts';
import {
  comparePaired,
  leastSeen,
  pairedP,
} from '../../src/experiments/report/statistics/paired.ts';
import { leastP, signFlipP } from '../../src/experiments/report/statistics/sign-flip.ts';
import {
  promptMeans,
  seedDeviation,
  subjectMeans,
} from '../../src/experiments/report/statistics/subject-means.ts';
import { summarizeVariant } from '../../src/experiments/report/statistics/variant-summary.ts';
import { smallResults } from './small-results.ts';

/** p of whole numbers by counting how many assignments of signs give each sum, one number after the other. */
function countedP(differences: readonly number[]): number {
  let counts = new Map([[0, 1]]);
  for (const difference of differences) {
    const next = new Map<number, number>();
    for (const [sum, count] of counts) {
      for (const to of [sum + difference, sum - difference]) {
        next.set(to, (next.get(to) ?? 0) + count);
      }
    }
    counts = next;
  }
  const seen = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  const asFar = [...counts].filter(([sum]) => Math.abs(sum) >= seen);
  return asFar.reduce((total, [, count]) => total + count, 0) / 2 ** differences.length;
}

describe('the sign-flip test', () => {
  test('of five differences of one sign is 2 of 32', () => {
    expect(signFlipP([0.1, 0.2, 0.05, 0.3, 0.01])).toBe(2 / 32);
    expect(leastP(5)).toBe(2 / 32);
  });

  test('is 1 where nothing differs, and where there is nothing', () => {
    expect(signFlipP([0, 0, 0])).toBe(1);
    expect(signFlipP([])).toBe(1);
    expect(leastP(0)).toBe(1);
  });

  test('agrees with counting sums, whatever the differences', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 9 }),
        (ds) => {
          // Hundredths are no exact binary numbers: sums that should be equal are not.
          expect(signFlipP(ds.map((d) => d / 100))).toBe(countedP(ds));
        },
      ),
    );
  });

  test('above 16 differences, drawn signs come close to all signs', () => {
    const differences = [5, 3, -2, 7, 1, 4, -6, 2, 8, -1, 3, 5, -4, 6, 2, 1, -3, 4, 2, 5];
    const exact = countedP(differences);
    const drawn = signFlipP(differences.map((d) => d / 1000));
    // 20,000 draws: four standard errors.
    expect(Math.abs(drawn - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 20_000));
    expect(signFlipP(differences, 1)).not.toBe(signFlipP(differences, 2));
    expect(signFlipP(differences, 1)).toBe(signFlipP(differences, 1));
  });

  test('finds nothing in noise about as often as it says', () => {
    const generator = new TorchGenerator(4);
    const repetitions = 400;
    let found = 0;
    for (let i = 0; i < repetitions; i++) {
      if (signFlipP([...generator.randn(8)]) < 0.05) found += 1;
    }
    // At most 5 %, and 400 repetitions scatter by 1.1 %.
    expect(found / repetitions).toBeLessThan(0.05 + 3 * 0.011);
    expect(found / repetitions).toBeGreaterThan(0.05 - 3 * 0.011 - 1 / 128);
  });
});

describe("Holm's correction", () => {
  test('is that of the textbook', () => {
    const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005]);
    expect(adjusted.map((p) => Number(p.toFixed(12)))).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holmAdjusted([])).toEqual([]);
    expect(holmAdjusted([0.7, 0.9])).toEqual([1, 1]);
  });

  test('is the closed test with Bonferroni on every set of hypotheses', () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p, { minLength: 1, maxLength: 6 }), (values) => {
        const adjusted = holmAdjusted(values);
        for (const i of values.keys()) {
          let worst = 0;
          for (let set = 1; set < 2 ** values.length; set++) {
            const members = values.filter((_, j) => (set & (1 << j)) !== 0);
            if ((set & (1 << i)) === 0) continue;
            worst = Math.max(worst, Math.min(1, members.length * Math.min(...members)));
          }
          expect(adjusted[i]).toBeCloseTo(worst, 12);
        }
      }),
    );
  });
});

describe('means of subjects', () => {
  const results = smallResults({
    a: { dino: [[0.1, 0.3], [0.5, 0.9], 0.4] },
    b: { dino: [0.25, 0.6] },
  });

  test('weigh seeds alike within a subject', () => {
    const means = [...subjectMeans(results, 0, 'dino')];
    expect(means.map(([name]) => name)).toEqual(['subject_0', 'subject_1', 'subject_2']);
    expect(means.map(([, mean]) => Number(mean.toFixed(12)))).toEqual([0.2, 0.7, 0.4]);
    expect(subjectMeans(results, 0, 'clipT').size).toBe(0);
  });

  test('have a spread between seeds of their own', () => {
    // Deviations of two numbers: their distance over the root of 2.
    const expected = Math.sqrt(((0.2 / Math.SQRT2) ** 2 + (0.4 / Math.SQRT2) ** 2) / 2);
    expect(seedDeviation(results, 0, 'dino')).toBeCloseTo(expected, 12);
    expect(seedDeviation(results, 1, 'dino')).toBeUndefined();
  });

  test('are summarised with an interval that holds them', () => {
    const summary = summarizeVariant(results, 0, 'dino');
    expect(summary?.mean).toBeCloseTo(1.3 / 3, 12);
    // Sum of squares less the square of the sum over n, over n - 1.
    const variance = (0.04 + 0.49 + 0.16 - 1.3 ** 2 / 3) / 2;
    expect(summary?.deviation).toBeCloseTo(Math.sqrt(variance), 12);
    // t is 4.3027 with two degrees of freedom.
    const reach = 4.3027 * Math.sqrt(variance / 3);
    expect(summary?.interval?.low).toBeCloseTo(1.3 / 3 - reach, 4);
    expect(summary?.interval?.high).toBeCloseTo(1.3 / 3 + reach, 4);
    expect(summary?.subjects).toBe(3);
  });

  test('of one subject give way to its prompts', () => {
    const one = smallResults({ a: { dino: [0.5] } });
    const [cell] = one.cells;
    const [subject] = one.subjects;
    if (cell === undefined || subject === undefined) throw new Error('no cell');
    const prompts = [{ dino: 0.2 }, { dino: 0.4 }, { dino: 0.9 }];
    const results3 = { ...one, cells: [{ ...cell, prompts }] };
    expect(promptMeans(results3, 0, 'dino')).toEqual([0.2, 0.4, 0.9]);
    const summary = summarizeVariant(results3, 0, 'dino');
    expect(summary?.deviation).toBeUndefined();
    // 0.5 ± 4.303 × 0.3606 / √3.
    expect(summary?.interval?.low).toBeCloseTo(0.5 - 0.8957, 3);
    expect(summary?.interval?.high).toBeCloseTo(0.5 + 0.8957, 3);
  });

  test('are compared where both have them', () => {
    const compared = comparePaired(
      subjectMeans(results, 0, 'dino'),
      subjectMeans(results, 1, 'dino'),
    );
    expect(compared).toMatchObject({ subjects: 2, higher: 1, lower: 1 });
    expect(compared?.difference).toBeCloseTo(0.025, 12);
    // Of -0.05 and 0.1, their sum of 0.05 is the least of 0.05 and 0.15: every sign gives as much.
    expect(compared && pairedP(compared)).toBe(1);
    expect(comparePaired(new Map([['x', 1]]), new Map([['y', 1]]))).toBeUndefined();
  });

  test('show the difference that they are said to show in about 80 of 100 repetitions', () => {
    const generator = new TorchGenerator(6);
    const [count, repetitions] = [12, 300];
    // Of deviation 1, about 0 but for what is to be seen.
    const drawn = (shift: number) => {
      const values = [...generator.randn(count)].map(
        (value, i) => [`${i}`, value + shift] as const,
      );
      return comparePaired(new Map(values), new Map(values.map(([name]) => [name, 0])));
    };
    const least = Array.from({ length: repetitions }, () => {
      const compared = drawn(0);
      return (compared && leastSeen(compared, 0.05)) ?? Number.NaN;
    });
    const shift = least.reduce((sum, value) => sum + value, 0) / repetitions;
    const seen = Array.from({ length: repetitions }, () => drawn(shift)).filter(
      (compared) => compared !== undefined && pairedP(compared) < 0.05,
    );
    // Three deviations of a share of 300, and 3 % for the distribution that is taken for a shifted one.
    expect(Math.abs(seen.length / repetitions - 0.8)).toBeLessThan(0.1);
  });

  test('of parameters are the count itself', () => {
    const counted = smallResults({ a: { parameters: 1234 }, b: {} });
    expect(summarizeVariant(counted, 0, 'parameters')).toMatchObject({ mean: 1234 });
    expect(summarizeVariant(counted, 1, 'parameters')).toBeUndefined();
  });
});
