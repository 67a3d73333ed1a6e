/** @file What of a sweep is missing, in few lines: a sweep that was not run yet lacks hundreds of results for one reason. */
import { grouped } from '../../../base/grouped.ts';
import { formatPlural } from '../../../base/quantities.ts';
import type { SweepResults } from '../../sweep/run/results.ts';

/** With more of one reason, the first few are named. */
const mostOfOneReason = 8;
const named = 3;

/** How much is missing, so that a gap is never taken for a result; undefined where nothing is. */
export function missingHeading(done: number, missing: SweepResults['missing']): string | undefined {
  const { length } = missing;
  const are = length === 1 ? 'is' : 'are';
  if (length === 0) return undefined;
  if (done === 0) return `There is no result yet: ${length} ${are} to come.`;
  return `${formatPlural(length, 'result')} of ${done + length} ${are} missing; everything below is of the others.`;
}

export function missingLines(missing: SweepResults['missing']): readonly string[] {
  return [...grouped(missing, ({ reason }) => reason)].flatMap(([reason, members]) => {
    const cells = members.map(({ cell }) => cell);
    if (cells.length <= mostOfOneReason) return cells.map((cell) => `${cell}: ${reason}`);
    const first = cells.slice(0, named).join('; ');
    return [`${first}; and ${cells.length - named} more: ${reason}`];
  });
}
