/** @file The methods that any change of a weight can be brought into, as near as they come. */
import * as z from 'zod';
import type { KroneckerLayout } from '../adapters/algebra/kronecker.ts';
import {
  adapters,
  configureAdapter,
  fullChange,
  placeAdapter,
  type SiteAdapter,
} from '../adapters/index.ts';
import { invariant } from '../base/errors.ts';
import { withoutUndefined } from '../base/settings/parse-settings.ts';
import type { Site } from '../nn/index.ts';
import { nearestKronecker } from '../tensor/linear-algebra/nearest-kronecker.ts';
import { truncatedSvd } from '../tensor/linear-algebra/truncated-svd.ts';
import { concatenated, float32, reshaped, type Tensor } from '../tensor/tensor.ts';

/** What a change shall be brought into. */
export type Form =
  | { readonly as: 'lora'; readonly rank: number }
  | {
      readonly as: 'krona';
      readonly a1: number;
      readonly a2: number;
      readonly layout: KroneckerLayout;
      /** Products that are summed. @default 1 */
      readonly terms?: number | undefined;
    }
  | { readonly as: 'diff' };

type KronaForm = Extract<Form, { readonly as: 'krona' }>;

/** A size of A that was not asked for whole. */
interface KronaSize {
  readonly a1?: number | undefined;
  readonly a2?: number | undefined;
  readonly layout?: KroneckerLayout | undefined;
  readonly terms?: number | undefined;
}

const sizes = z.object({
  a1: z.number(),
  a2: z.number(),
  layout: z.enum(['kron', 'reference']),
  terms: z.number().optional(),
});

/**
 * A KronA, with what is usual where nothing is said.
 *
 * @param usual the order of rows where none is given
 */
export function kronaForm(
  { a1, a2, layout, terms }: KronaSize,
  usual: KroneckerLayout = 'kron',
): KronaForm {
  const given = withoutUndefined({ a1, a2, layout: layout ?? usual, terms });
  return { as: 'krona', ...sizes.parse(adapters.krona.schema.parse(given)) };
}

/**
 * Refuses a form that some of the sites cannot have, before any work.
 *
 * @throws AdapterError FACTOR_DOES_NOT_DIVIDE with the sizes that all of them have in common, TERMS_TOO_MANY
 */
export function requirePossible(form: Form, sites: readonly Site[]): void {
  if (form.as !== 'krona' || sites.length === 0) return;
  placeAdapter(configureAdapter('krona', optionsOf(form)), sites);
}

/** The adapter of a form that is nearest to a change ΔW [out, in] of a site. */
export function nearestAdapter(form: Form, site: Site, delta: Tensor<'f32'>): SiteAdapter {
  switch (form.as) {
    case 'lora':
      return nearestLora(site, delta, form.rank);
    case 'krona':
      return nearestKrona(form, site, delta);
    case 'diff':
      return fullChange(site, delta);
    default:
      return form satisfies never;
  }
}

/** The options of a KronA; one product is not mentioned. */
function optionsOf({ a1, a2, layout, terms = 1 }: KronaForm) {
  return { a1, a2, layout, ...(terms === 1 ? {} : { terms }) };
}

/** The first singular values and vectors of the change rearranged (Van Loan and Pitsianis 1993). */
function nearestKrona(form: KronaForm, site: Site, delta: Tensor<'f32'>): SiteAdapter {
  const { a1, a2, layout, terms = 1 } = form;
  const { terms: products } = nearestKronecker(delta, [a1, a2], { layout, terms });
  const stack = (factors: readonly Tensor<'f32'>[]) => {
    const [first] = factors;
    invariant(first !== undefined, 'a change has a nearest Kronecker product');
    return terms === 1 ? first : reshaped(concatenated(factors), [terms, ...first.shape]);
  };
  const parameters = { A: stack(products.map(({ a }) => a)), B: stack(products.map(({ b }) => b)) };
  return { site, method: 'krona', options: optionsOf(form), parameters };
}

/** The first singular values and vectors: no product of that rank is nearer (Eckart and Young 1936). */
function nearestLora(site: Site, delta: Tensor<'f32'>, wanted: number): SiteAdapter {
  const { u, s, v } = truncatedSvd(delta, wanted);
  const rank = s.length;
  const [A, B] = [float32([rank, site.in]), float32([site.out, rank])];
  for (const [k, value] of s.entries()) {
    const scale = Math.sqrt(value);
    for (let i = 0; i < site.in; i++) A.data[k * site.in + i] = scale * (v.data[i * rank + k] ?? 0);
    for (let o = 0; o < site.out; o++) B.data[o * rank + k] = scale * (u.data[o * rank + k] ?? 0);
  }
  return { site, method: 'lora', options: { rank }, parameters: { A, B } };
}
