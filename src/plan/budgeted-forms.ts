/** @file The forms of an extracted adapter whose files stay within a budget. */
import type { KroneckerLayout } from '../adapters/algebra/kronecker.ts';
import { configureAdapter } from '../adapters/index.ts';
import { ConfigError } from '../base/errors.ts';
import { formatBytes } from '../base/quantities.ts';
import type { Form } from '../convert/forms.ts';
import { adapterFileBytes } from './site-groups.ts';
import { type SizeBudget, sizesWithin } from './size-budget.ts';

/** A form, or one of the largest size that a budget in bytes allows. */
export type SizedForm =
  | Form
  | { readonly as: 'lora'; readonly budget: number }
  | { readonly as: 'krona'; readonly budget: number; readonly layout: KroneckerLayout };

/**
 * The forms to try, of which the nearest to a change is taken.
 *
 * @throws ConfigError BUDGET_TOO_SMALL
 */
export function formsToTry(
  form: SizedForm,
  about: Omit<SizeBudget, 'bytes'>,
): readonly [Form, ...Form[]] {
  if (!('budget' in form)) return [form];
  const budget = { ...about, bytes: form.budget };
  return form.as === 'krona' ? kroneckerForms(form.layout, budget) : [loraForm(budget)];
}

/**
 * All sizes of A that fit, those with the most parameters first: changes of one size are none of another's.
 *
 * @throws ConfigError BUDGET_TOO_SMALL
 */
function kroneckerForms(layout: KroneckerLayout, budget: SizeBudget): readonly [Form, ...Form[]] {
  const entries = sizesWithin({ layout }, budget).filter(
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
function loraForm(budget: SizeBudget): Form {
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

function tooSmall({ bytes }: SizeBudget, reason: string): ConfigError {
  return new ConfigError(
    'BUDGET_TOO_SMALL',
    `\`budget\`: ${formatBytes(bytes)} hold no adapter of these sites in float32: ${reason}`,
  );
}
