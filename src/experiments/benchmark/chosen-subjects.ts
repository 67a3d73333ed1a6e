/** @file Some of a benchmark's subjects, by name. */
import { ConfigError } from '../../base/errors.ts';
import { didYouMean } from '../../base/nearest.ts';

/**
 * The subjects of these names, in the benchmark's order; all where none are named.
 *
 * @param where the benchmark, for messages
 * @throws ConfigError SUBJECT_UNKNOWN, or SUBJECTS_EMPTY where the list of names is
 */
export function chosenSubjects<Subject extends { readonly name: string }>(
  subjects: readonly Subject[],
  names: readonly string[] | undefined,
  where: string,
): readonly Subject[] {
  if (names === undefined) return subjects;
  if (names.length === 0) {
    throw new ConfigError(
      'SUBJECTS_EMPTY',
      `${where}: expected the name of a subject, got none; leave the names out for all`,
    );
  }
  const known = subjects.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const advice = didYouMean(unknown, known) || `; it has ${known.join(', ')}`;
    throw new ConfigError('SUBJECT_UNKNOWN', `${where} has no subject "${unknown}"${advice}`);
  }
  return subjects.filter(({ name }) => names.includes(name));
}
