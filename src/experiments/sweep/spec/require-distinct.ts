/** @file What a sweep lists twice would be counted as data twice: repetitions that repeat nothing narrow every interval. */
import { ConfigError } from '../../../base/errors.ts';
import type { SweepSpec } from './spec.ts';

/**
 * Refuses seeds, subjects and prompts that are listed twice, and claims about a thing against itself.
 *
 * @throws ConfigError SWEEP_TWICE
 */
export function requireDistinct(
  { seeds, subjects, prompts, claims }: SweepSpec,
  where: string,
): void {
  for (const [what, listed] of Object.entries({ seeds, subjects, prompts })) {
    if (!Array.isArray(listed)) continue;
    const values: readonly (string | number)[] = listed;
    const twice = values.find((value, i) => values.indexOf(value) < i);
    if (twice !== undefined)
      throw isTwice(where, `${what}: ${JSON.stringify(twice)} is there twice`);
  }
  const idle = claims.find((claim) => claim.case === claim.than);
  if (idle === undefined) return;
  throw new ConfigError(
    'SWEEP_TWICE',
    `${where}: claim "${idle.says}" compares "${idle.case}" with itself; name another one in \`than\``,
  );
}

/** What two results of a sweep are of. */
export interface ResultOf {
  /** Hash of all that decides the result. */
  readonly key: string;
  readonly variant: string;
  readonly subject: string;
}

/**
 * Refuses variants and subjects that differ in name only. Seeds may share a result: pictures of another tool have none.
 *
 * @throws ConfigError SWEEP_TWICE
 */
export function requireDistinctResults(results: Iterable<ResultOf>, where: string): void {
  const known = new Map<string, ResultOf>();
  for (const result of results) {
    const other = known.get(result.key);
    known.set(result.key, result);
    if (other === undefined) continue;
    const { variant, subject } = result;
    if (variant !== other.variant) {
      throw isTwice(where, `the variants "${other.variant}" and "${variant}" have equal settings`);
    }
    if (subject !== other.subject) {
      throw isTwice(
        where,
        `the subjects "${other.subject}" and "${subject}" are the same pictures`,
      );
    }
  }
}

function isTwice(where: string, problem: string): ConfigError {
  return new ConfigError(
    'SWEEP_TWICE',
    `${where}: ${problem}, and one result would count as two; leave one out`,
  );
}
