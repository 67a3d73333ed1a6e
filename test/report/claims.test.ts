import { describe, expect, test } from 'vitest';
import { TorchGenerator } from '../../src/base/torch-random.ts';
import {
  type JudgedClaim,
  judgeAll,
  judgeClaims,
} from '../../src/experiments/report/data/paper-claims.ts';
import { type SmallVariant, smallResults } from './small-results.ts';

const claim = (more: object = {}) => ({
  says: 'A is better',
  metric: 'dino',
  case: 'A',
  than: 'B',
  ...more,
});

/** Judges one claim about A and B, whose differences by subject are given in thousandths. */
function judged(differences: readonly number[], more: object = {}): JudgedClaim {
  const variants = {
    A: { dino: differences.map((difference, s) => 0.5 + s / 100 + difference / 1000) },
    B: { dino: differences.map((_, s) => 0.5 + s / 100) },
  };
  return only(variants, more);
}

function only(variants: Readonly<Record<string, SmallVariant>>, more: object = {}): JudgedClaim {
  const [first] = judgeClaims(smallResults(variants, { claims: [claim(more)] }));
  if (first === undefined) throw new Error('no claim');
  return first;
}

describe('a claim that one is better', () => {
  test('is supported where that is significant', () => {
    const { verdict, statement } = judged([20, 30, 10, 25, 15, 20, 35, -5]);
    expect(verdict).toBe('supported');
    // p: of 256 assignments of signs, all as seen, the last one turned, and those two mirrored.
    expect(statement).toBe(
      'A beats B on DINO in 7 of 8 subjects: +0.019 (95 % 0.008 to 0.029, d = 1.5), p = 0.016',
    );
  });

  test('is contradicted where the other is', () => {
    const { verdict, statement } = judged([-20, -30, -10, -25, -15, -20]);
    expect(verdict).toBe('contradicted');
    expect(statement).toMatch(
      /^A loses to B on DINO in 6 of 6 subjects: −0.020 \(95 % −0.0\d\d to/,
    );
    expect(judged([-20, -30, -10, -25, -15, -20], { is: 'worse' }).verdict).toBe('supported');
  });

  test('cannot be told where it may be chance', () => {
    const { verdict, statement } = judged([20, -30, 10, -25, 15, 20]);
    expect(verdict).toBe('cannot tell');
    expect(statement).toMatch(
      /^A and B cannot be told apart on DINO: higher in 4 of 6 subjects, \+0.002 /,
    );
  });

  test('cannot be told of five subjects, whatever they say', () => {
    const { verdict, statement, tooFew } = judged([200, 200, 200, 200, 200]);
    expect({ verdict, tooFew }).toEqual({ verdict: 'cannot tell', tooFew: true });
    expect(statement).toBe(
      'A is higher than B on DINO in 5 of 5 subjects, +0.200 (95 % 0.200 to 0.200): too few subjects to tell (the least possible p is 0.063)',
    );
  });

  test('is not judged before all that the sweep asks for has been run', () => {
    const differences = [20, 30, 10, 25, 15, 20, 35, 40];
    const b = { dino: differences.map(() => 0.5) };
    const a = { dino: differences.map((difference) => 0.5 + difference / 1000) };
    expect(only({ A: a, B: b }).verdict).toBe('supported');
    const { verdict, statement, p } = only({ A: { dino: a.dino.slice(0, 7) }, B: b });
    expect({ verdict, p }).toEqual({ verdict: 'not run yet', p: undefined });
    expect(statement).toMatch(/^A against B on DINO, 7 of 8 subjects so far: \+0.022 \(95 % /);
  });

  test('has no number where they share no subject', () => {
    const { verdict, statement } = only({ A: { dino: [0.5, 0.6] }, B: {} });
    expect(verdict).toBe('not run yet');
    expect(statement).toBe('no common subject has DINO of both yet');
  });
});

describe('several claims', () => {
  const variants = {
    A: { dino: [0.62, 0.63, 0.61, 0.625, 0.615, 0.62, 0.599] },
    B: { dino: [0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6] },
    C: { dino: [0.61, 0.59, 0.61, 0.59, 0.61, 0.59, 0.6] },
  };

  test('are corrected together, which one alone is not', () => {
    const alone = judgeClaims(smallResults(variants, { claims: [claim()] }));
    expect(alone[0]).toMatchObject({ verdict: 'supported', corrected: { claims: 1 } });
    // 4 of 128: all signs as seen, and the last one turned; and those mirrored.
    expect(alone[0]?.p).toBe(4 / 128);
    const both = judgeClaims(smallResults(variants, { claims: [claim(), claim({ than: 'C' })] }));
    expect(both[0]).toMatchObject({ verdict: 'cannot tell', corrected: { p: 8 / 128, claims: 2 } });
    expect(both[0]?.statement).toContain("p = 0.031 (0.063 with Holm's correction for 2 claims)");
  });

  test('that are not tested do not count among them, and those against a margin do', () => {
    const claims = [claim(), claim({ metric: 'parameters' })];
    expect(judgeClaims(smallResults(variants, { claims }))[0]?.corrected?.claims).toBe(1);
    const more = [...claims, claim({ is: 'not worse' })];
    expect(judgeClaims(smallResults(variants, { claims: more }))[0]?.corrected?.claims).toBe(2);
  });

  test('need more subjects than one does', () => {
    const six = { A: { dino: [2, 2, 2, 2, 2, 2] }, B: { dino: [1, 1, 1, 1, 1, 1] } };
    expect(only(six).verdict).toBe('supported');
    const two = judgeClaims(smallResults(six, { claims: [claim(), claim()] }));
    expect(two.map(({ verdict, tooFew }) => ({ verdict, tooFew }))).toEqual([
      { verdict: 'cannot tell', tooFew: true },
      { verdict: 'cannot tell', tooFew: true },
    ]);
    expect(two[0]?.statement).toContain('is 0.031, with 2 claims tested together');
  });
});

describe('the same measurement in two files', () => {
  const variants = {
    A: { dino: [0.62, 0.63, 0.61, 0.625, 0.615, 0.62, 0.599] },
    B: { dino: [0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6] },
    C: { dino: [0.61, 0.59, 0.61, 0.59, 0.61, 0.59, 0.6] },
  };
  const alone = smallResults(variants, { claims: [claim()] });
  const among = smallResults(variants, { claims: [claim({ than: 'C' }), claim()] });

  test('is judged once, by the stricter correction', () => {
    expect(judgeClaims(alone)[0]?.verdict).toBe('supported');
    const [first, second] = judgeAll([alone, among]);
    expect(first?.[0]).toMatchObject({ verdict: 'cannot tell', corrected: { claims: 2 } });
    expect(second?.[1]).toMatchObject({ verdict: 'cannot tell', corrected: { claims: 2 } });
  });

  test('is judged where there are most subjects', () => {
    const fewer = smallResults(
      { A: { dino: [0.62, 0.63, 0.61, 0.625] }, B: { dino: [0.6, 0.6, 0.6, 0.6] } },
      { claims: [claim()], title: 'Fewer' },
    );
    expect(judgeClaims(fewer)[0]).toMatchObject({ verdict: 'cannot tell', tooFew: true });
    const [first] = judgeAll([fewer, alone]);
    expect(first?.[0]).toMatchObject({ verdict: 'supported', from: 'Small' });
    expect(first?.[0]?.statement).toMatch(/; as judged in Small, which has the same measurement$/);
  });

  test('of other subjects it is another', () => {
    const others = smallResults(
      { ...variants, A: { dino: [0.63, 0.63, 0.61, 0.625, 0.615, 0.62, 0.599] } },
      { claims: [claim({ than: 'C' }), claim()] },
    );
    expect(judgeAll([alone, others])[0]?.[0]?.verdict).toBe('supported');
  });
});

describe('a claim that one is not worse', () => {
  const is = { is: 'not worse', margin: 0.02 };

  test('is supported where the interval ends above the margin', () => {
    const { verdict, statement } = judged([-5, -3, 2, -8, 1, -4, 0], is);
    expect(verdict).toBe('supported');
    expect(statement).toMatch(
      /^A is not worse than B on DINO by more than 0.02: −0.002 \(95 % .* over 7 subjects, p = 0.016$/,
    );
  });

  test('is contradicted where it lies under the margin', () => {
    const { verdict, statement } = judged([-45, -53, -62, -48, -51, -44, -60], is);
    expect(verdict).toBe('contradicted');
    expect(statement).toMatch(/^A is worse than B on DINO by more than 0.02: −0.052/);
  });

  test('stays open between', () => {
    const { verdict, statement } = judged([-45, 13, -62, 18, -51, 24, -60], is);
    expect(verdict).toBe('cannot tell');
    expect(statement).toMatch(/^Whether A is worse than B on DINO by more than 0.02 stays open/);
    expect(judged([1, 2, 1], is).verdict).toBe('cannot tell');
  });
});

describe('a claim that two are alike', () => {
  const is = { is: 'alike', margin: 0.02 };

  test('is supported within the margin on either side, and not where nothing is told', () => {
    const { verdict, statement, p } = judged([-5, 3, 2, -8, 1, 4, 0], is);
    expect(verdict).toBe('supported');
    expect(statement).toMatch(/^A and B are alike on DINO, within 0.02: \+0.000 /);
    // Both tests have all seven on one side of the margin.
    expect(p).toBe(2 / 128);
    const open = judged([-45, 33, -22, 48, -31, 44, -20], is);
    expect(open.verdict).toBe('cannot tell');
    expect(open.statement).toMatch(/^Whether A and B are alike on DINO, within 0.02, stays open/);
  });

  test('is contradicted beyond it, whichever is ahead', () => {
    const far = [45, 53, 62, 48, 51, 44, 60];
    expect(judged(far, is)).toMatchObject({ verdict: 'contradicted' });
    expect(
      judged(
        far.map((difference) => -difference),
        is,
      ).statement,
    ).toMatch(/^A and B differ on DINO by more than 0.02: −0.052/);
  });
});

describe('a claim that one is the best', () => {
  const base = [0.6, 0.62, 0.58, 0.61, 0.64, 0.57, 0.6, 0.63];
  const plus = (more: number, odd = 0) =>
    base.map((value, s) => value + more + (s % 2 ? odd : -odd));
  const grid = (best: readonly number[]) => ({
    best: { dino: best, case: 'grid' },
    near: { dino: plus(0.02, 0.003), case: 'grid' },
    far: { dino: plus(-0.1, 0.005), case: 'grid' },
  });
  const one = { case: 'best', than: 'grid', is: 'best' };

  test('is supported where it beats each other, decided by the nearest', () => {
    const found = only(grid(plus(0.05)), one);
    expect(found).toMatchObject({ verdict: 'supported', among: 3, names: ['best', 'near'] });
    expect(found.statement).toMatch(/^best is the best of 3 on DINO; against near \+0.030 /);
    // Two tests, and no correction: all that are not the best would have to win.
    expect(found.p).toBe(2 / 256);
  });

  test('is contradicted where another beats it, corrected for how many could have', () => {
    const found = only(grid(plus(0.01, 0.001)), one);
    expect(found).toMatchObject({ verdict: 'contradicted', p: 4 / 256, names: ['best', 'near'] });
    expect(found.statement).toMatch(/^best is not the best of 3 on DINO; against near −0.010/);
  });

  test('stays open where the nearest cannot be told from it, and where one has not been run', () => {
    const open = only(grid(plus(0.02, 0.03)), one);
    expect(open.verdict).toBe('cannot tell');
    expect(open.statement).toMatch(/^Whether best is the best of 3 on DINO stays open; it is /);
    const missing = { ...grid(plus(0.05)), far: { case: 'grid' } };
    expect(only(missing, one).verdict).toBe('not run yet');
  });

  test('is supported in at most 5 of 100 repetitions where two are equally good', () => {
    const generator = new TorchGenerator(3);
    const repetitions = 400;
    let found = 0;
    for (let i = 0; i < repetitions; i++) {
      const draw = (centre: number) => Array.from(generator.randn(8), (z) => centre + 0.05 * z);
      const variants = {
        best: { dino: draw(0.6), case: 'grid' },
        equal: { dino: draw(0.6), case: 'grid' },
        worse: { dino: draw(0.4), case: 'grid' },
      };
      if (only(variants, one).verdict === 'supported') found += 1;
    }
    // 2.5 % on one side of a test at 5 %; 400 repetitions scatter by 0.8 %.
    expect(found / repetitions).toBeLessThan(0.05);
  });
});

describe('a claim about variants as a whole', () => {
  const subjects = [0.5, 0.52, 0.54, 0.56, 0.58, 0.6];
  const three = (name: string, spread: number) =>
    Object.fromEntries(
      [-1, 0, 1].map((side) => [
        `${name}, ${side}`,
        { case: name, dino: subjects.map((value) => value + side * spread) },
      ]),
    );
  const variants = { ...three('A', 0.01), ...three('B', 0.05) };

  test('compares how far they spread, of which less is better', () => {
    const { verdict, statement, comparison } = only(variants, { across: 'spread' });
    expect(verdict).toBe('supported');
    // The deviation of three equally spaced values is their distance.
    expect(comparison?.difference).toBeCloseTo(-0.04, 10);
    expect(statement).toMatch(
      /^A \(its 3 variants\) beats B \(its 3 variants\) on spread of DINO in 6 of 6 subjects: −0.040/,
    );
  });

  test('or their means', () => {
    const { comparison, names } = only(variants, { across: 'mean' });
    expect(comparison?.difference).toBeCloseTo(0, 10);
    expect(names[0]).toBe('A (mean of its 3 variants)');
  });
});

test('a claim about some subjects and prompts is about nothing else', () => {
  const ofSome = judged([20, 30, 10, 25, 15, 20, -900, -900], {
    subjects: Array.from({ length: 6 }, (_, s) => `subject_${s}`),
  });
  expect(ofSome).toMatchObject({ verdict: 'supported', comparison: { subjects: 6 } });
  expect(judged([20, 30, 10, 25, 15, 20], { prompts: [3] }).verdict).toBe('supported');
  expect(judged([20, 30, 10, 25, 15, 20], { prompts: [4] })).toMatchObject({
    verdict: 'not run yet',
    statement: 'no common subject has DINO of both yet',
  });
});

describe('a claim at equal values of another measure', () => {
  const subjects = [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06];
  /** A line of three variants: at DINO .5, .6 and .7, CLIP-T falls from a height that a subject shifts. */
  const line = (name: string, height: number, dinos: readonly number[]) =>
    Object.fromEntries(
      dinos.map((dino, i) => [
        `${name}, ${i}`,
        {
          case: name,
          dino: subjects.map((shift) => dino + shift),
          clipT: subjects.map((shift) => height - dino + 0.1 * shift),
        },
      ]),
    );
  const at = { metric: 'clipT', at: 'dino' };

  test('compares along both lines over what they share, and not at one point', () => {
    const variants = { ...line('A', 1.05, [0.5, 0.6, 0.7]), ...line('B', 1, [0.55, 0.65, 0.8]) };
    const { verdict, statement, comparison } = only(variants, at);
    expect(verdict).toBe('supported');
    // Lines of one slope are as far apart everywhere.
    expect(comparison?.difference).toBeCloseTo(0.05, 10);
    expect(statement).toMatch(
      /^A \(its variants\) beats B \(its variants\) on CLIP-T at equal DINO in 7 of 7 subjects/,
    );
  });

  test('is not decided where the lines share no value', () => {
    const apart = { ...line('A', 1.05, [0.3, 0.4]), ...line('B', 1, [0.55, 0.65]) };
    expect(only(apart, at)).toMatchObject({
      verdict: 'not run yet',
      statement: 'no common subject has CLIP-T at equal DINO of both yet',
    });
  });
});

describe('a claim about parameters', () => {
  const counts = (a: number, b: number) => ({ A: { parameters: a }, B: { parameters: b } });
  const metric = 'parameters';

  test('is exact, and fewer is better', () => {
    expect(only(counts(11_520, 43_008), { metric })).toMatchObject({
      verdict: 'supported',
      statement: 'A trains fewer parameters than B: 11,520 against 43,008, 26.8 %',
    });
    expect(only(counts(43_008, 11_520), { metric }).verdict).toBe('contradicted');
    expect(only(counts(7, 7), { metric })).toMatchObject({
      verdict: 'contradicted',
      statement: 'A and B train equally many parameters: 7',
    });
    expect(only(counts(101, 100), { metric, is: 'not worse' }).verdict).toBe('supported');
    expect(only(counts(103, 100), { metric, is: 'not worse' }).verdict).toBe('contradicted');
  });
});

describe('the sides of a claim', () => {
  test('may be a case with several variants: the mean of all of them', () => {
    const variants = {
      'A, rate 1': { case: 'A', dino: [0.7, 0.7, 0.7, 0.7, 0.7, 0.7] },
      'A, rate 2': { case: 'A', dino: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5] },
      B: { dino: [0.55, 0.55, 0.55, 0.55, 0.55, 0.55] },
    };
    const { names, comparison } = only(variants);
    expect(names).toEqual(['A (mean of its 2 variants)', 'B']);
    expect(comparison?.difference).toBeCloseTo(0.05, 12);
  });

  test('are named as the report names them, or refused', () => {
    expect(() => only({ A: {}, Bee: {} }, { than: 'Be' })).toThrow(
      expect.objectContaining({
        code: 'SWEEP_NAME',
        message: expect.stringContaining('did you mean "Bee"?'),
      }),
    );
  });
});
