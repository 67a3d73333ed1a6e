/** @file Two variants compared subject by subject. */
import { TorchGenerator } from '../../../base/torch-random.ts';
import { bootstrapInterval, type Interval } from '../../../metrics/bootstrap.ts';
import { mean } from '../../../metrics/cosine.ts';
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
  /** 95 % of it, by bootstrap over subjects; undefined of one subject. */
  readonly interval: Interval | undefined;
  /** Two-sided, by flipping signs. */
  readonly p: number;
}

/** Undefined where they share no subject. */
export function comparePaired(
  first: SubjectMeans,
  second: SubjectMeans,
): PairedComparison | undefined {
  const differences = [...first].flatMap(([subject, value]) => {
    const other = second.get(subject);
    return other === undefined ? [] : [value - other];
  });
  if (differences.length === 0) return undefined;
  return {
    subjects: differences.length,
    higher: differences.filter((difference) => difference > 0).length,
    lower: differences.filter((difference) => difference < 0).length,
    difference: mean(differences),
    interval: bootstrapInterval(differences, { generator: new TorchGenerator(0) }),
    p: signFlipP(differences),
  };
}
