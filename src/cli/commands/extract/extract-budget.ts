/** @file The forms whose files stay within a budget, for `krona extract --budget`. */
import { configureAdapter } from '../../../adapters/index.ts';
import { ConfigError } from '../../../base/errors.ts';
import { formatBytes } from '../../../base/quantities.ts';
import type { Form } from '../../../convert/forms.ts';
import type { Site } from '../../../nn/index.ts';
import { planBudget } from '../plan/plan-budget.ts';
import { adapterFileBytes } from '../plan/plan-groups.ts';

export interface BudgetedSites {
  readonly sites: readonly Site[];
  /** As the file names it. */
  readonly base: { readonly name: string; readonly sites: number };
  /** Largest file, in float32 as our own files are. */
  readonly bytes: number;
}

/**
 * All sizes of A that fit, those with the most parameters first: changes of one size are none of another's.
 *
 * @throws ConfigError BUDGET_TOO_SMALL
 */
export function kroneckerForms(
  layout: 'kron' | 'reference',
  budget: BudgetedSites,
): readonly [Form, ...Form[]] {
  const entries = planBudget({ layout }, budget).filter(
    ({ fileBytes }) => fileBytes.f32 <= budget.bytes,
  );
  const [first, ...others] = entries.map(({ a1, a2 }) => ({
    as: 'krona' as const,
    a1,
    a2,
    layout,
  }));
  if (first === undefined) throw tooSmall(budget, 'half precision alone would fit');
  return [first, ...others];
}

/**
 * The largest rank that fits.
 *
 * @throws ConfigError BUDGET_TOO_SMALL
 */
export function loraForm(budget: BudgetedSites): Form {
  const { sites, base, bytes } = budget;
  const bytesOf = (rank: number) =>
    adapterFileBytes({ adapter: configureAdapter('lora', { rank }), sites }, base).f32;
  const largest = Math.min(...sites.map((site) => Math.min(site.out, site.in)));
  let [fits, tooLarge] = [0, largest + 1];
  while (tooLarge - fits > 1) {
    const rank = Math.floor((fits + tooLarge) / 2);
    if (bytesOf(rank) <= bytes) fits = rank;
    else tooLarge = rank;
  }
  if (fits === 0) throw tooSmall(budget, `rank 1 takes ${formatBytes(bytesOf(1))}`);
  return { as: 'lora', rank: fits };
}

function tooSmall({ bytes }: BudgetedSites, reason: string): ConfigError {
  return new ConfigError(
    'BUDGET_TOO_SMALL',
    `--budget: ${formatBytes(bytes)} hold no adapter of these sites in float32: ${reason}`,
  );
}
