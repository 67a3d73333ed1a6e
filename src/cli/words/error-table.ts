/** @file Relative errors of sites, in the few lines that people read. */
import { grouped } from '../../base/grouped.ts';
import { formatCount } from '../../base/quantities.ts';
import { summarizeErrors } from '../../convert/error-summary.ts';
import type { SiteError } from '../../convert/site-errors.ts';
import { projectionOf } from '../../plan/site-groups.ts';
import { formatFacts, formatTable } from './table.ts';

/** Below this an error is the rounding of float32 sums. */
const rounding = 1e-6;

/** How near an adapter is, over all sites and by projection where anything is lost. */
export function formatErrors(errors: readonly SiteError[]): string {
  const summary = summarizeErrors(errors);
  if (summary === undefined) return '';
  const { worst, median: middle, sites } = summary;
  if (worst.error === 0) return `the same at all ${formatCount(sites)} sites, bit for bit\n`;
  const facts = formatFacts([
    ['median', formatError(middle)],
    ['worst', `${formatError(worst.error)} at ${worst.site}`],
  ]);
  if (worst.error < rounding) {
    return `relative error at ${formatCount(sites)} sites, which is rounding\n${facts}`;
  }
  const groups = grouped(errors, ({ site }) => projectionOf(site));
  const rows = [...groups].map(([projection, own]) => {
    const { sites: count = 0, median: middle = 0, worst: last } = summarizeErrors(own) ?? {};
    return [projection, formatCount(count), formatError(middle), formatError(last?.error ?? 0)];
  });
  const columns = ['sites', 'median', 'worst'].map((title) => ({ title, align: 'right' as const }));
  const table = formatTable([{ title: 'projection' }, ...columns], rows);
  return `relative error of the change, site by site\n${facts}\n${table}`;
}

function formatError(error: number): string {
  return error === 0 ? '0' : error.toPrecision(3);
}
