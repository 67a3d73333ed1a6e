/** @file Which subjects and prompts of a benchmark a sweep takes. */
import { ConfigError } from '../../../base/errors.ts';
import { didYouMean } from '../../../base/nearest.ts';
import { hasSubjectPlace, requireKnownPlaces } from '../../../base/subject-template.ts';
import type { BenchmarkSubject } from '../../benchmark/benchmark.ts';
import type { SweepSpec } from './spec.ts';

/**
 * A template and its number in the benchmark's list, from 1. Templates of the sweep's own are numbered by themselves, and
 * beside some of the list after its end.
 */
export interface NumberedTemplate {
  readonly number: number;
  readonly template: string;
}

/**
 * Subjects by name, or the first so many.
 *
 * @throws ConfigError SWEEP_SUBJECTS
 */
export function chooseSubjects(
  subjects: readonly BenchmarkSubject[],
  wanted: SweepSpec['subjects'],
  where: string,
): readonly BenchmarkSubject[] {
  if (wanted === undefined) return subjects;
  if (typeof wanted === 'number') {
    if (wanted <= subjects.length) return subjects.slice(0, wanted);
    throw new ConfigError(
      'SWEEP_SUBJECTS',
      `${where}: ${wanted} subjects are wanted, there are ${subjects.length}`,
    );
  }
  const names = subjects.map(({ name }) => name);
  return wanted.map((name) => {
    const found = subjects.find((subject) => subject.name === name);
    if (found !== undefined) return found;
    throw new ConfigError(
      'SWEEP_SUBJECTS',
      `${where}: there is no subject "${name}"${didYouMean(name, names)} (there are ${names.join(', ')})`,
    );
  });
}

/**
 * Templates by number, the first so many, or the sweep's own.
 *
 * @throws ConfigError SWEEP_PROMPTS
 */
export function choosePrompts(
  templates: readonly string[],
  wanted: SweepSpec['prompts'],
  where: string,
): readonly NumberedTemplate[] {
  const numbered = templates.map((template, i) => ({ number: i + 1, template }));
  if (wanted === undefined) return numbered;
  const refuse = (problem: string) => new ConfigError('SWEEP_PROMPTS', `${where}: ${problem}`);
  if (typeof wanted === 'number') {
    if (wanted <= numbered.length) return numbered.slice(0, wanted);
    throw refuse(`${wanted} prompts are wanted, there are ${numbered.length}`);
  }
  const own = wanted.filter((each) => typeof each === 'string');
  const end = own.length === wanted.length ? 0 : numbered.length;
  return wanted.map((each) => {
    if (typeof each === 'number') {
      const found = numbered[each - 1];
      if (found !== undefined) return found;
      throw refuse(`there is no prompt ${each}, the list ends at ${numbered.length}`);
    }
    requireKnownPlaces(each, `${where}: "${each}"`);
    if (hasSubjectPlace(each)) return { number: end + own.indexOf(each) + 1, template: each };
    throw refuse(`prompt "${each}" does not say where the subject stands; write {} in its place`);
  });
}
