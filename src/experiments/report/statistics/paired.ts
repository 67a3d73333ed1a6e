/** @file Two variants compared subject by subject. */
import { deviation, mean } from '../../../metrics/cosine.ts';
import { type Interval, meanInterval } from '../../../metrics/mean-interval.ts';
import { studentQuantile } from '../../../metrics/student.ts';
import { signFlipP } from './sign-flip.ts';
import type { SubjectMeans } from './subject-means.ts';

export interface PairedComparison {
  /** How many subjects both have. */
  readonly subjects: number;
  /** In how many the first is higher, and lower. */
  readonly higher: number;
  readonly lower: number;
  /** Mean of first - second. */
  readonly difference: number;
  /** Each subject's, by its name. */
  readonly differences: Readonly<Record<string, number>>;
  /** 95 % of their mean; undefined of one subject. */
  readonly interval: Interval | undefined;
  /** Difference in standard deviations of the differences (Cohen's d of pairs); undefined where they have none. */
  readonly effect: number | undefined;
}

/** Undefined where they share no subject. */
export function comparePaired(
  first: SubjectMeans,
  second: SubjectMeans,
): PairedComparison | undefined {
  const bySubject = [...first].flatMap(([subject, value]) => {
    const other = second.get(subject);
    return other === undefined ? [] : [[subject, value - other] as const];
  });
  const differences = bySubject.map(([, difference]) => difference);
  if (differences.length === 0) return undefined;
  const spread = deviation(differences);
  return {
    subjects: differences.length,
    higher: differences.filter((difference) => difference > 0).length,
    lower: differences.filter((difference) => difference < 0).length,
    difference: mean(differences),
    differences: Object.fromEntries(bySubject),
    interval: meanInterval(differences),
    effect: spread ? mean(differences) / spread : undefined,
  };
}

/**
 * Two-sided p of the differences having another mean than `from`, by flipping the signs of what they are beyond it.
 *
 * @param from 0, or the margin that one may be worse by
 */
export function pairedP({ differences }: PairedComparison, from = 0): number {
  return signFlipP(Object.values(differences).map((difference) => difference - from));
}

/** How often the smallest effect that could have been seen is seen. */
const power = 0.8;

/**
 * The least difference that so many subjects with such a spread show in 80 of 100 repetitions: (t of 1 - α/2 and t of
 * 0.8) s / √n, which takes the noncentral distribution for a shifted one. Undefined of one subject.
 *
 * @param significance α, that of the first of all claims that are tested together
 */
export function leastSeen(
  { differences, subjects }: PairedComparison,
  significance: number,
): number | undefined {
  const spread = deviation(Object.values(differences));
  if (spread === undefined) return undefined;
  const of = (share: number) => studentQuantile(share, subjects - 1);
  return ((of(1 - significance / 2) + of(power)) * spread) / Math.sqrt(subjects);
}

/** Whether one comparison has all that another has: its subjects, with the same differences, and perhaps more. */
export function includes(one: PairedComparison, other: PairedComparison): boolean {
  return Object.entries(other.differences).every(
    ([subject, difference]) => one.differences[subject] === difference,
  );
}
