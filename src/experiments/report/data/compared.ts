/** @file What the results have of the two things that a claim compares, before anything is tested. */
import { required } from '../../../base/required.ts';
import { mean } from '../../../metrics/cosine.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Claim, Measure } from '../../sweep/spec/spec.ts';
import { variantsNamed } from '../../sweep/spec/variants.ts';
import { comparePaired, type PairedComparison } from '../statistics/paired.ts';
import { type SubjectMeans, subjectMeans } from '../statistics/subject-means.ts';
import { atEqual, type TradePoint } from '../statistics/trade-off.ts';
import type { Evidence } from './evidence.ts';

/** Two things compared; of a claim that one is the best, one with each of the others. */
export interface Compared extends Pick<Evidence, 'claim' | 'names' | 'comparison' | 'counts'> {
  readonly rivals: readonly Rival[];
}

/** One of those that something is said to be better than. */
export interface Rival {
  readonly name: string;
  readonly comparison: PairedComparison;
}

/** @throws ConfigError SWEEP_NAME where the claim names what the results do not have */
export function compare(results: SweepResults, claim: Claim): Compared {
  const first = sideCalled(results, claim.case, claim);
  const second = sideCalled(results, claim.than, claim);
  const rivals = claim.is === 'best' ? rivalsOf(results, claim, { first, second }) : [];
  const one = { claim, names: [first.name, second.name] as const, rivals };
  if (claim.metric === 'parameters') {
    const [a, b] = [parametersOf(results, first), parametersOf(results, second)];
    return a === undefined || b === undefined ? one : { ...one, counts: [a, b] as const };
  }
  const [ofFirst, ofSecond] =
    claim.at === undefined
      ? [meansOf(results, first, claim.metric), meansOf(results, second, claim.metric)]
      : meansAtEqual(results, claim, { first, second, at: claim.at });
  const comparison = comparePaired(ofFirst, ofSecond);
  return comparison === undefined ? one : { ...one, comparison };
}

/** Everything of the other side apart from the first; none unless all of them can be compared. */
function rivalsOf(
  results: SweepResults,
  { metric }: Claim,
  { first, second }: { readonly first: Side; readonly second: Side },
): readonly Rival[] {
  const others = second.variants.filter((variant) => !first.variants.includes(variant));
  const own = meansOf(results, first, metric);
  const rivals = others.flatMap((variant): readonly Rival[] => {
    const comparison = comparePaired(own, subjectMeans(results, variant, metric));
    const { name } = required(results.variants, variant);
    return comparison === undefined ? [] : [{ name, comparison }];
  });
  return rivals.length === others.length ? rivals : [];
}

/** Of each subject whose fronts overlap, the means of both over the range that they share. */
function meansAtEqual(
  results: SweepResults,
  { metric }: Claim,
  { first, second, at }: { readonly first: Side; readonly second: Side; readonly at: Measure },
): readonly [SubjectMeans, SubjectMeans] {
  const points = (side: Side, subject: string): readonly TradePoint[] =>
    side.variants.flatMap((variant) => {
      const x = subjectMeans(results, variant, at).get(subject);
      const value = subjectMeans(results, variant, metric).get(subject);
      return x === undefined || value === undefined ? [] : [{ at: x, value }];
    });
  const both = results.subjects.flatMap(({ name }) => {
    const found = atEqual(points(first, name), points(second, name));
    return found === undefined ? [] : [[name, found] as const];
  });
  return [
    new Map(both.map(([name, [own]]) => [name, own])),
    new Map(both.map(([name, [, other]]) => [name, other])),
  ];
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
  const several = claim.at === undefined ? `mean of its ${chosen.length} variants` : 'its variants';
  return {
    name: only !== undefined && chosen.length === 1 ? only.name : `${called} (${several})`,
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
