/** @file What the errors of many sites come to. */
import { median } from '../base/numbers/median.ts';
import type { SiteError } from './site-errors.ts';

/** What errors of sites come to. */
export interface ErrorSummary {
  readonly sites: number;
  readonly median: number;
  readonly worst: SiteError;
}

/** The summary; undefined of no sites. */
export function summarizeErrors(errors: readonly SiteError[]): ErrorSummary | undefined {
  const [first, ...others] = errors;
  const middle = median(errors.map(({ error }) => error));
  if (first === undefined || middle === undefined) return undefined;
  // Of equal ones the last.
  const worst = others.reduce((most, each) => (each.error >= most.error ? each : most), first);
  return { sites: errors.length, median: middle, worst };
}
