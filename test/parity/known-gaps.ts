/** @file Reference values of what is not offered here: known, counted, and no failure; any other without a check is one. */
import type { Check } from './check.ts';

interface KnownGap {
  /** The fixture's name. */
  readonly fixture: string;
  /** What its checks say of such a value. */
  readonly note: RegExp;
  /** Why it is no failure. */
  readonly reason: string;
}

export const knownGaps: readonly KnownGap[] = [
  {
    fixture: 'optim',
    note: /^no optimiser (torch\.(AdamW \(.*amsgrad|(Adam|RMSprop|Adamax|NAdam|Adagrad|Adafactor) \()|transformers\.Adafactor \(.*warmup_init)/,
    reason: 'an optimiser that training does not offer',
  },
];

/** Why a value of a fixture is not compared and need not be; undefined where it should be. */
export function knownReason(fixture: string, { note = '' }: Check): string | undefined {
  return knownGaps.find((gap) => gap.fixture === fixture && gap.note.test(note))?.reason;
}

/** A check as it counts: what nobody compares has failed, unless it is known. */
export function judged(fixture: string, check: Check): Check {
  if (check.status !== 'unsupported') return check;
  const reason = knownReason(fixture, check);
  if (reason !== undefined) return { ...check, note: `${check.note}: ${reason}` };
  const group = check.tensor.split('/')[0] ?? check.tensor;
  return {
    ...check,
    group: check.group ?? group,
    status: 'failed',
    note: `NOT COMPARED, ${check.note}`,
  };
}
