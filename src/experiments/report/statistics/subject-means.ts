/** @file A variant's scores as independent numbers: one mean a subject, over its prompts and then its seeds. */
import { deviation, mean } from '../../../metrics/cosine.ts';
import type { ResultCell, SweepResults } from '../../sweep/run/results.ts';
import type { Measure } from '../../sweep/spec/spec.ts';

/** Means by subject, in the order of the results' subjects; a subject without a value is left out. */
export type SubjectMeans = ReadonlyMap<string, number>;

/** The means of a variant. Prompts count alike within a seed, seeds within a subject. */
export function subjectMeans(
  results: SweepResults,
  variant: number,
  measure: Measure,
): SubjectMeans {
  const bySubject = seedMeans(results, variant, measure);
  return new Map([...bySubject].map(([subject, seeds]) => [subject, mean(seeds)]));
}

/**
 * Spread between seeds: the deviation within a subject, root mean square over subjects. Undefined where no subject has
 * two seeds.
 */
export function seedDeviation(
  results: SweepResults,
  variant: number,
  measure: Measure,
): number | undefined {
  const bySubject = seedMeans(results, variant, measure);
  const squares = [...bySubject.values()].flatMap((seeds) => {
    const within = deviation(seeds);
    return within === undefined ? [] : [within ** 2];
  });
  return squares.length === 0 ? undefined : Math.sqrt(mean(squares));
}

/** One number a prompt, over subjects and seeds, by its place in the subject's list. */
export function promptMeans(
  results: SweepResults,
  variant: number,
  measure: Measure,
): readonly number[] {
  const cells = results.cells.filter((cell) => cell.variant === variant);
  const longest = Math.max(0, ...cells.map(({ prompts }) => prompts.length));
  return Array.from({ length: longest }, (_, at) =>
    cells.flatMap(({ prompts }) => prompts[at]?.[measure] ?? []),
  ).flatMap((values) => (values.length === 0 ? [] : [mean(values)]));
}

/** A cell's score: the mean over its prompts; drift was measured on prompts of its own. */
export function cellScore({ prompts, drift }: ResultCell, measure: Measure): number | undefined {
  if (measure === 'driftClip' || measure === 'driftDino') return drift?.[measure];
  const values = prompts.flatMap((scores) => scores[measure] ?? []);
  return values.length === 0 ? undefined : mean(values);
}

function seedMeans(
  { subjects, cells }: SweepResults,
  variant: number,
  measure: Measure,
): ReadonlyMap<string, readonly number[]> {
  return new Map(
    subjects.flatMap(({ name }) => {
      const own = cells.filter((cell) => cell.variant === variant && cell.subject === name);
      const seeds = own.flatMap((cell) => cellScore(cell, measure) ?? []);
      return seeds.length === 0 ? [] : [[name, seeds] as const];
    }),
  );
}
