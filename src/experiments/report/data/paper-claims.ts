/** @file Whether the results bear out what the paper claims. */
import { required } from '../../../base/required.ts';
import { mean } from '../../../metrics/cosine.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Claim, Measure } from '../../sweep/spec/spec.ts';
import { variantsNamed } from '../../sweep/spec/variants.ts';
import { holmAdjusted } from '../statistics/holm.ts';
import {
  comparePaired,
  includes,
  leastSeen,
  type PairedComparison,
  pairedP,
} from '../statistics/paired.ts';
import { leastP } from '../statistics/sign-flip.ts';
import { type SubjectMeans, subjectMeans } from '../statistics/subject-means.ts';
import { claimStatement } from '../words/claim-statement.ts';
import { measureWords } from '../words/metric-words.ts';
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

type Compared = Pick<Evidence, 'claim' | 'names' | 'comparison' | 'counts'>;

interface Test {
  readonly comparison: PairedComparison;
  readonly p: number;
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
  const raw = new Map<Compared, Omit<Test, 'corrected'>>();
  for (const one of compared) {
    const { claim, comparison } = one;
    if (comparison) raw.set(one, { comparison, p: pairedP(comparison, nullOf(claim)) });
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

/** The test that decides a claim, of all that measure the same. */
function decisive(
  own: OfFile,
  all: readonly OfFile[],
): (Test & { readonly file: string }) | undefined {
  const { test } = own;
  if (test === undefined) return undefined;
  const { claim } = own.one;
  let best = { ...test, file: own.file };
  for (const { file, one, test: other } of all) {
    if (other === undefined || one.claim.metric !== claim.metric) continue;
    if (nullOf(one.claim) !== nullOf(claim) || !includes(other.comparison, test.comparison))
      continue;
    const more = other.comparison.subjects - best.comparison.subjects;
    if (more > 0 || (more === 0 && other.corrected.p > best.corrected.p)) best = { ...other, file };
  }
  return best;
}

/** The difference that a claim is tested against: none, or the most by which one may be worse. */
function nullOf(claim: Claim): number {
  if (claim.is !== 'not worse') return 0;
  return lowIsBetter(claim) ? claim.margin : -claim.margin;
}

function compare(results: SweepResults, claim: Claim): Compared {
  const first = sideCalled(results, claim.case, claim);
  const second = sideCalled(results, claim.than, claim);
  const names = [first.name, second.name] as const;
  if (claim.metric === 'parameters') {
    const [a, b] = [parametersOf(results, first), parametersOf(results, second)];
    return a === undefined || b === undefined
      ? { claim, names }
      : { claim, names, counts: [a, b] as const };
  }
  const comparison = comparePaired(
    meansOf(results, first, claim.metric),
    meansOf(results, second, claim.metric),
  );
  return comparison === undefined ? { claim, names } : { claim, names, comparison };
}

function weigh({ one }: OfFile, test: (Test & Pick<Evidence, 'from'>) | undefined): Evidence {
  const { claim, counts } = one;
  if (counts !== undefined)
    return { ...one, verdict: verdictOfCounts(claim, counts), tooFew: false };
  if (test === undefined) return { ...one, verdict: 'cannot tell', tooFew: false };
  const { comparison, p, corrected, from } = test;
  // Holm multiplies the smallest p by the number of claims, so that below this no outcome is significant.
  const tooFew = leastP(comparison.subjects) * corrected.claims > significance;
  const verdict = tooFew ? 'cannot tell' : verdictOfScores(claim, comparison, corrected.p);
  const seen = leastSeen(comparison, significance / corrected.claims);
  return {
    ...{ ...one, comparison, p, corrected, verdict, tooFew },
    ...(from !== undefined && { from }),
    ...(seen !== undefined && { leastSeen: seen }),
  };
}

function verdictOfScores(claim: Claim, { difference }: PairedComparison, p: number): Verdict {
  const beyond = difference - nullOf(claim);
  if (p >= significance || beyond === 0) return 'cannot tell';
  const isBetter = lowIsBetter(claim) ? beyond < 0 : beyond > 0;
  return isBetter === (claim.is !== 'worse') ? 'supported' : 'contradicted';
}

/** Counts are exact; their margin is a share. */
function verdictOfCounts(claim: Claim, [first, second]: readonly [number, number]): Verdict {
  const holds = {
    better: first < second,
    worse: first > second,
    'not worse': first <= second * (1 + claim.margin),
  };
  return holds[claim.is] ? 'supported' : 'contradicted';
}

/** Of measures where neither way is better, "better" says higher. */
function lowIsBetter({ metric }: Claim): boolean {
  return measureWords[metric].better === 'lower';
}

/** What stands on one side of a claim: a variant, or all of a case. */
interface Side {
  readonly name: string;
  readonly variants: readonly number[];
}

function sideCalled({ name: file, variants }: SweepResults, called: string, claim: Claim): Side {
  const found = variantsNamed(variants, called, `${file}: the claim "${claim.says}"`);
  const exact = found.filter(({ name }) => name === called);
  const chosen = exact.length > 0 ? exact : found;
  const [only] = chosen;
  return {
    name:
      only !== undefined && chosen.length === 1
        ? only.name
        : `${called} (mean of its ${chosen.length} variants)`,
    variants: chosen.map((variant) => variants.indexOf(variant)),
  };
}

/** Means over the side's variants, of the subjects that all of them have. */
function meansOf(results: SweepResults, { variants }: Side, measure: Measure): SubjectMeans {
  const each = variants.map((variant) => subjectMeans(results, variant, measure));
  const [first = new Map<string, number>()] = each;
  return new Map(
    [...first.keys()].flatMap((subject) => {
      const values = each.flatMap((means) => means.get(subject) ?? []);
      return values.length === each.length ? [[subject, mean(values)] as const] : [];
    }),
  );
}

function parametersOf(results: SweepResults, { variants }: Side): number | undefined {
  const counts = variants.flatMap(
    (variant) => required(results.variants, variant).parameters ?? [],
  );
  return counts.length === variants.length ? Math.round(mean(counts)) : undefined;
}
