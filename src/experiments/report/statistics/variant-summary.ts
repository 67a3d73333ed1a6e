/** @file A variant and a measure in a few numbers. */
import { deviation, mean } from '../../../metrics/cosine.ts';
import { type Interval, meanInterval } from '../../../metrics/mean-interval.ts';
import type { SweepResults } from '../../sweep/run/results.ts';
import type { Measure } from '../../sweep/spec/spec.ts';
import { promptMeans, seedDeviation, subjectMeans } from './subject-means.ts';

export interface VariantSummary {
  readonly mean: number;
  /** Between the subjects' means; undefined of one subject. */
  readonly deviation: number | undefined;
  /** 95 % of the mean: over subjects, or over the prompts of a single one. */
  readonly interval: Interval | undefined;
  /** Spread between seeds within a subject; undefined of one seed. */
  readonly betweenSeeds: number | undefined;
  readonly subjects: number;
}

/** Undefined where nothing was measured. */
export function summarizeVariant(
  results: SweepResults,
  variant: number,
  measure: Measure,
): VariantSummary | undefined {
  if (measure === 'parameters') return exactly(results.variants[variant]?.parameters);
  const values = [...subjectMeans(results, variant, measure).values()];
  if (values.length === 0) return undefined;
  const independent = values.length > 1 ? values : promptMeans(results, variant, measure);
  return {
    mean: mean(values),
    deviation: deviation(values),
    interval: meanInterval(independent),
    betweenSeeds: seedDeviation(results, variant, measure),
    subjects: values.length,
  };
}

/** A count has no spread. */
function exactly(value: number | undefined): VariantSummary | undefined {
  if (value === undefined) return undefined;
  return {
    mean: value,
    deviation: undefined,
    interval: undefined,
    betweenSeeds: undefined,
    subjects: 0,
  };
}
