/** @file What the results have of the two things that a claim compares, before anything is tested. */
import { required } from '../../../base/required.ts';
import { deviation, mean } from '../../../metrics/cosine.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Claim, Measure } from '../../sweep/spec/spec.ts';
import { variantsNamed } from '../../sweep/spec/variants.ts';
import { comparePaired, type PairedComparison } from '../statistics/paired.ts';
import { type SubjectMeans, subjectMeans } from '../statistics/subject-means.ts';
import { atEqual, type TradePoint } from '../statistics/trade-off.ts';
import type { Evidence } from './evidence.ts';

/** Two things compared; of a claim that one is the best, one with each of the others. */
export interface Compared
  extends Pick<Evidence, 'claim' | 'names' | 'comparison' | 'counts' | 'planned'> {
  readonly rivals: readonly Rival[];
  /** Whether both have all results that the sweep asks for: what is known before that says nothing about the end. */
  readonly isComplete: boolean;
}

/** One of those that something is said to be better than. */
export interface Rival {
  readonly name: string;
  readonly comparison: PairedComparison;
}

/** @throws ConfigError SWEEP_NAME where the claim names what the results do not have */
export function compare(all: SweepResults, claim: Claim): Compared {
  const results = narrowed(all, claim);
  const first = sideCalled(results, claim.case, claim);
  const second = sideCalled(results, claim.than, claim);
  const rivals = claim.is === 'best' ? rivalsOf(results, claim, { first, second }) : [];
  const isComplete = [first, second].every((side) => isWhole(results, side));
  const names = [first.name, second.name] as const;
  const one = { claim, names, rivals, isComplete, planned: results.subjects.length };
  if (claim.metric === 'parameters') {
    const [a, b] = [parametersOf(results, first), parametersOf(results, second)];
    return a === undefined || b === undefined ? one : { ...one, counts: [a, b] as const };
  }
  const [ofFirst, ofSecond] =
    claim.at === undefined
      ? [meansOf(results, first, claim), meansOf(results, second, claim)]
      : meansAtEqual(results, claim, { first, second, at: claim.at });
  const comparison = comparePaired(ofFirst, ofSecond);
  return comparison === undefined ? one : { ...one, comparison };
}

/** Whether each of its variants has a result of every subject and seed. */
function isWhole({ spec, subjects, cells }: SweepResults, { variants }: Side): boolean {
  return variants.every((variant) => {
    const own = cells.filter((cell) => cell.variant === variant);
    return own.length === subjects.length * spec.seeds.length;
  });
}

/** The subjects and prompts that a claim is about. */
function narrowed(results: SweepResults, { subjects: named, prompts }: Claim): SweepResults {
  const subjects = results.subjects.filter(({ name }) => named?.includes(name) ?? true);
  const kept = new Map(subjects.map((subject) => [subject.name, subject.prompts]));
  const cells = results.cells.flatMap((cell) => {
    const templates = kept.get(cell.subject);
    if (templates === undefined) return [];
    const isMeant = (i: number) => prompts?.includes(required(templates, i).number) ?? true;
    return [{ ...cell, prompts: cell.prompts.filter((_, i) => isMeant(i)) }];
  });
  return { ...results, subjects, cells };
}

/** Everything of the other side apart from the first. */
function rivalsOf(
  results: SweepResults,
  claim: Claim,
  { first, second }: { readonly first: Side; readonly second: Side },
): readonly Rival[] {
  const others = second.variants.filter((variant) => !first.variants.includes(variant));
  const own = meansOf(results, first, claim);
  const rivals = others.flatMap((variant): readonly Rival[] => {
    const comparison = comparePaired(own, subjectMeans(results, variant, claim.metric));
    const { name } = required(results.variants, variant);
    return comparison === undefined ? [] : [{ name, comparison }];
  });
  return rivals;
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
  const of = claim.across === 'spread' ? '' : 'mean of ';
  const several = claim.at === undefined ? `${of}its ${chosen.length} variants` : 'its variants';
  return {
    name: only !== undefined && chosen.length === 1 ? only.name : `${called} (${several})`,
    variants: chosen.map((variant) => variants.indexOf(variant)),
  };
}

/** Means over the side's variants, or how they spread, of the subjects that all of them have. */
function meansOf(
  results: SweepResults,
  { variants }: Side,
  { metric: measure, across }: Pick<Claim, 'metric' | 'across'>,
): SubjectMeans {
  const whole = across === 'spread' ? (values: readonly number[]) => deviation(values) ?? 0 : mean;
  const each = variants.map((variant) => subjectMeans(results, variant, measure));
  const [first = new Map<string, number>()] = each;
  return new Map(
    [...first.keys()].flatMap((subject) => {
      const values = each.flatMap((means) => means.get(subject) ?? []);
      return values.length === each.length ? [[subject, whole(values)] as const] : [];
    }),
  );
}

function parametersOf(results: SweepResults, { variants }: Side): number | undefined {
  const counts = variants.flatMap(
    (variant) => required(results.variants, variant).parameters ?? [],
  );
  return counts.length === variants.length ? Math.round(mean(counts)) : undefined;
}
