/** @file Whether the results bear out what the paper claims. */
import { required } from '../../../base/required.ts';
import { mean } from '../../../metrics/cosine.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Claim, Measure } from '../../sweep/spec/spec.ts';
import { variantsNamed } from '../../sweep/spec/variants.ts';
import { holmAdjusted } from '../statistics/holm.ts';
import { comparePaired, type PairedComparison } from '../statistics/paired.ts';
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

/**
 * Judges the claims of a results file. "Better" and "worse" are tested by flipping signs, corrected together; "not
 * worse" is read off the interval of the difference.
 *
 * @throws ConfigError SWEEP_NAME where a claim names what the results do not have
 */
export function judgeClaims(results: SweepResults): readonly JudgedClaim[] {
  const compared = results.spec.claims.map((claim) => compare(results, claim));
  const tested = compared.filter(isTested);
  const adjusted = holmAdjusted(tested.map(({ comparison }) => comparison.p));
  const corrected = new Map<Compared, number>(tested.map((one, i) => [one, required(adjusted, i)]));
  return compared.map((one) => {
    const p = corrected.get(one);
    const evidence = weigh(one, p === undefined ? undefined : { p, claims: tested.length });
    return { ...evidence, statement: claimStatement(evidence) };
  });
}

type Compared = Pick<Evidence, 'claim' | 'names' | 'comparison' | 'counts'>;

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

function isTested(one: Compared): one is Compared & { readonly comparison: PairedComparison } {
  return one.comparison !== undefined && one.claim.is !== 'not worse';
}

function weigh(one: Compared, corrected: Evidence['corrected']): Evidence {
  const { claim, comparison, counts } = one;
  if (counts !== undefined)
    return { ...one, verdict: verdictOfCounts(claim, counts), tooFew: false };
  if (comparison === undefined) return { ...one, verdict: 'cannot tell', tooFew: false };
  // Holm multiplies the smallest p by the number of claims, so that below this no outcome is significant.
  const tooFew = leastP(comparison.subjects) * (corrected?.claims ?? 1) > significance;
  const verdict = tooFew ? 'cannot tell' : verdictOfScores(claim, comparison, corrected?.p ?? 1);
  return { ...one, verdict, tooFew, ...(corrected && { corrected }) };
}

function verdictOfScores(claim: Claim, comparison: PairedComparison, p: number): Verdict {
  const { difference, interval } = comparison;
  if (claim.is === 'not worse') {
    if (interval === undefined) return 'cannot tell';
    const [low, high] = lowIsBetter(claim)
      ? [-interval.high, -interval.low]
      : [interval.low, interval.high];
    if (low > -claim.margin) return 'supported';
    return high < -claim.margin ? 'contradicted' : 'cannot tell';
  }
  if (p >= significance || difference === 0) return 'cannot tell';
  const isBetter = lowIsBetter(claim) ? difference < 0 : difference > 0;
  return isBetter === (claim.is === 'better') ? 'supported' : 'contradicted';
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
