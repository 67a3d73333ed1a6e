/** @file Whether the results bear out what is claimed. */
import { required } from '../../../base/required.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Claim } from '../../sweep/spec/spec.ts';
import { holmAdjusted } from '../statistics/holm.ts';
import { includes, leastSeen, type PairedComparison, pairedP } from '../statistics/paired.ts';
import { leastP } from '../statistics/sign-flip.ts';
import { claimStatement } from '../words/claim-statement.ts';
import { isLowBetter } from '../words/metric-words.ts';
import { type Compared, compare } from './compared.ts';
import type { Evidence, Verdict } from './evidence.ts';

/** How often a finding may come about by chance. */
const significance = 0.05;

export interface JudgedClaim extends Evidence {
  /** One computed sentence. */
  readonly statement: string;
}

/** Judges the claims of one results file. @throws ConfigError SWEEP_NAME */
export function judgeClaims(results: SweepResults): readonly JudgedClaim[] {
  return required(judgeAll([results]), 0);
}

/**
 * Judges the claims of results files that are reported together; those of each in its place. All that are tested in a
 * file are corrected together. What several files measure alike, the same differences of the same subjects, is judged
 * once: where there are most subjects, and by the strictest correction.
 *
 * @throws ConfigError SWEEP_NAME where a claim names what the results do not have
 */
export function judgeAll(files: readonly SweepResults[]): readonly (readonly JudgedClaim[])[] {
  const tested = files.map(testsOf);
  const all = tested.flat();
  return tested.map((ofFile) =>
    ofFile.map((one) => {
      const test = decisive(one, all);
      const elsewhere = test === undefined || test.file === one.file ? {} : { from: test.file };
      const evidence = weigh(one, test && { ...test, ...elsewhere });
      return { ...evidence, statement: claimStatement(evidence) };
    }),
  );
}

interface RawTest {
  readonly comparison: PairedComparison;
  readonly p: number;
  /** Of a claim that one is the best: what decides it. */
  readonly rival?: string;
}

interface Test extends RawTest {
  readonly corrected: NonNullable<Evidence['corrected']>;
}

/** A claim of a file, and how it was tested there, if it was. */
interface OfFile {
  readonly file: string;
  readonly one: Compared;
  readonly test?: Test;
}

function testsOf(results: SweepResults): readonly OfFile[] {
  const file = results.spec.item ?? results.spec.title;
  const compared = results.spec.claims.map((claim) => compare(results, claim));
  const raw = new Map<Compared, RawTest>();
  for (const one of compared) {
    const test = testOf(one);
    if (test !== undefined) raw.set(one, test);
  }
  const adjusted = holmAdjusted([...raw.values()].map(({ p }) => p));
  const tests = new Map<Compared, Test>(
    [...raw].map(([one, test], i) => {
      return [one, { ...test, corrected: { p: required(adjusted, i), claims: raw.size } }];
    }),
  );
  return compared.map((one) => {
    const test = tests.get(one);
    return test === undefined ? { file, one } : { file, one, test };
  });
}

/** Undefined where there is nothing to test. */
function testOf(one: Compared): RawTest | undefined {
  const { claim, comparison, isComplete } = one;
  if (!isComplete) return undefined;
  if (claim.is === 'best') return testOfBest(one);
  if (comparison === undefined) return undefined;
  if (claim.is !== 'alike') return { comparison, p: pairedP(comparison, nullOf(claim)) };
  const { difference } = comparison;
  const { margin } = claim;
  // Two one-sided tests, of which the weaker counts (Schuirmann 1987); beyond the margin, the test against it.
  const p =
    Math.abs(difference) < margin
      ? Math.max(pairedP(comparison, -margin), pairedP(comparison, margin))
      : pairedP(comparison, Math.sign(difference) * margin);
  return { comparison, p };
}

/**
 * That one is the best says that it is better than each other: the weakest of these tests decides, without a correction
 * (intersection-union, Berger 1982). Where another one is ahead, it is the strongest against, after Bonferroni's.
 */
function testOfBest({ claim, rivals }: Compared): RawTest | undefined {
  const tests = rivals.map(({ name, comparison }) => {
    return { rival: name, comparison, p: pairedP(comparison) };
  });
  const ahead = tests.filter(({ comparison }) => !isBetter(claim, comparison.difference));
  const [first, ...others] = ahead.length === 0 ? tests : ahead;
  if (first === undefined) return undefined;
  if (ahead.length === 0) return others.reduce((a, b) => (b.p > a.p ? b : a), first);
  const strongest = others.reduce((a, b) => (b.p < a.p ? b : a), first);
  return { ...strongest, p: Math.min(1, strongest.p * tests.length) };
}

/** The test that decides a claim, of all that measure the same. */
function decisive(
  own: OfFile,
  all: readonly OfFile[],
): (Test & { readonly file: string }) | undefined {
  const { test } = own;
  if (test === undefined) return undefined;
  let best = { ...test, file: own.file };
  for (const { file, one, test: other } of all) {
    if (other === undefined || !isSameQuestion(one.claim, own.one.claim)) continue;
    if (!includes(other.comparison, test.comparison)) continue;
    const more = other.comparison.subjects - best.comparison.subjects;
    if (more > 0 || (more === 0 && other.corrected.p > best.corrected.p)) best = { ...other, file };
  }
  return best;
}

/** Whether the same differences answer both. That one is the best is a question about all that it is compared with. */
function isSameQuestion(one: Claim, other: Claim): boolean {
  if (one.is === 'best' || other.is === 'best') return one === other;
  const isAlike = one.is === 'alike';
  if (one.metric !== other.metric || one.at !== other.at || one.across !== other.across)
    return false;
  if (isAlike || other.is === 'alike') return one.is === other.is && one.margin === other.margin;
  return nullOf(one) === nullOf(other);
}

/** The difference that a claim is tested against: none, or the most by which one may be worse. */
function nullOf(claim: Claim): number {
  if (claim.is !== 'not worse') return 0;
  return isLowBetter(claim) ? claim.margin : -claim.margin;
}

function weigh({ one }: OfFile, test: (Test & Pick<Evidence, 'from'>) | undefined): Evidence {
  const { rivals, isComplete: _, ...compared } = one;
  const { claim, counts, names } = compared;
  if (counts !== undefined)
    return { ...compared, verdict: verdictOfCounts(claim, counts), tooFew: false };
  if (test === undefined) return { ...compared, verdict: 'not run yet', tooFew: false };
  const { comparison, p, corrected, from, rival } = test;
  // Holm multiplies the smallest p by the number of claims, so that below this no outcome is significant.
  const tooFew = leastP(comparison.subjects) * corrected.claims > significance;
  const verdict = tooFew ? 'cannot tell' : verdictOfScores(claim, comparison, corrected.p);
  const seen = leastSeen(comparison, significance / corrected.claims);
  return {
    ...{ ...compared, comparison, p, corrected, verdict, tooFew },
    names: [names[0], rival ?? names[1]],
    ...(rivals.length > 0 && { among: rivals.length + 1 }),
    ...(from !== undefined && { from }),
    ...(seen !== undefined && { leastSeen: seen }),
  };
}

function verdictOfScores(claim: Claim, { difference }: PairedComparison, p: number): Verdict {
  if (p >= significance) return 'cannot tell';
  if (claim.is === 'alike')
    return Math.abs(difference) < claim.margin ? 'supported' : 'contradicted';
  const beyond = difference - nullOf(claim);
  if (beyond === 0) return 'cannot tell';
  return isBetter(claim, beyond) === (claim.is !== 'worse') ? 'supported' : 'contradicted';
}

/** Counts are exact; their margin is a share. */
function verdictOfCounts(claim: Claim, [first, second]: readonly [number, number]): Verdict {
  const holds = {
    better: first < second,
    best: first < second,
    worse: first > second,
    'not worse': first <= second * (1 + claim.margin),
    alike: Math.abs(first - second) <= second * claim.margin,
  };
  return holds[claim.is] ? 'supported' : 'contradicted';
}

function isBetter(claim: Claim, difference: number): boolean {
  return isLowBetter(claim) ? difference < 0 : difference > 0;
}
