/** @file A whole adapter brought into another form: exactly where its factors allow it, otherwise as near as it comes. */
import * as z from 'zod';
import type { KroneckerLayout } from '../adapters/algebra/kronecker.ts';
import {
  type AdapterFile,
  placeTogether,
  type SiteAdapter,
  separateSites,
} from '../adapters/index.ts';
import { ConfigError } from '../base/errors.ts';
import type { Listener } from '../base/listener.ts';
import { required } from '../base/required.ts';
import { matrixKinds, type Site } from '../nn/index.ts';
import { DeltaWeights } from '../pipeline/adapters/delta-weights.ts';
import type { ReadSiteWeight } from '../pipeline/adapters/site-weights.ts';
import { concatenated, float32, joinedColumns, type Tensor } from '../tensor/tensor.ts';
import { type Form, nearestAdapter, requirePossible } from './forms.ts';
import { kroneckerLora } from './kronecker-lora.ts';
import type { PlacedValues } from './site-errors.ts';

/** A form as a user asks for it; a LoRA without a rank shall lose nothing. */
export type WantedForm =
  | Exclude<Form, { readonly as: 'lora' }>
  | { readonly as: 'lora'; readonly rank?: number | undefined };

/** How far it is: sent before every site. */
export interface FittingEvent {
  readonly type: 'fitting';
  readonly site: string;
  readonly done: number;
  readonly total: number;
}

export interface FittingHost {
  readonly listener?: Listener<FittingEvent> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the conversion knows of the base. */
export interface FittingBase {
  readonly sites: readonly Site[];
  /** Asked where a method looks at the frozen weight. */
  readonly readWeight: ReadSiteWeight;
}

/**
 * An adapter in another form; vectors and new words stay as they are.
 *
 * @throws AdapterError FACTOR_DOES_NOT_DIVIDE
 * @throws ConfigError RANK_MISSING where a LoRA without loss is asked for and there is no exact one of low rank
 */
export async function adapterInForm(
  file: AdapterFile,
  form: WantedForm,
  base: FittingBase,
  { listener, signal }: FittingHost = {},
): Promise<PlacedValues> {
  await using changes = new DeltaWeights(file.placed, file.tensors, base.readWeight);
  const matrices = changes.sites.filter(({ kind }) => matrixKinds.includes(kind));
  if (form.as !== 'lora') requirePossible(form, matrices);
  const fitted: SiteAdapter[] = [];
  for (const own of separateSites(file.placed, file.tensors)) {
    const { site } = own;
    signal?.throwIfAborted();
    listener?.({
      type: 'fitting',
      site: site.name,
      done: fitted.length,
      total: changes.sites.length,
    });
    fitted.push(await siteInForm(own, form, () => changes.at(site)));
  }
  return placeTogether(fitted, base.sites);
}

/**
 * The adapter of one site in another form.
 *
 * @param change ΔW [out, in], asked for where the form is not exact
 */
export async function siteInForm(
  own: SiteAdapter,
  form: WantedForm,
  change: () => Promise<Tensor<'f32'>>,
): Promise<SiteAdapter> {
  const exact = matrixKinds.includes(own.site.kind) ? exactly(own, form) : own;
  return exact ?? nearestAdapter(withRank(form, own), own.site, await change());
}

/** The form without loss, or with the least where a rank is given; undefined where the factors do not tell it. */
function exactly(own: SiteAdapter, form: WantedForm): SiteAdapter | undefined {
  switch (form.as) {
    case 'lora':
      return own.method === 'lora' ? smallLora(own, form.rank) : ofKronecker(own, form.rank);
    case 'krona': {
      const known = kroneckerOf(own);
      const [a1, a2] = known?.products[0]?.a.shape ?? [];
      const isSame = known?.layout === form.layout && a1 === form.a1 && a2 === form.a2;
      return isSame && known.products.length <= (form.terms ?? 1) ? own : undefined;
    }
    case 'diff':
      return own.method === 'dreambooth' ? own : undefined;
    default:
      return form satisfies never;
  }
}

const loraOptions = z.object({ rank: z.number(), dora: z.boolean() });

/** A LoRA that has no more than the rank asked for. */
function smallLora(own: SiteAdapter, rank = Number.POSITIVE_INFINITY): SiteAdapter | undefined {
  const options = loraOptions.parse(own.options);
  return options.dora || options.rank > rank ? undefined : own;
}

function ofKronecker(own: SiteAdapter, rank: number | undefined): SiteAdapter | undefined {
  const known = kroneckerOf(own);
  if (known === undefined) return undefined;
  const { site } = own;
  const { layout, products } = known;
  const isAlone = products.length === 1;
  const each = products.map(({ a, b }) =>
    kroneckerLora({ a, b, layout }, isAlone ? rank : undefined),
  );
  const A = concatenated(each.map((product) => product.A));
  const B = joinedColumns(each.map((product) => product.B));
  const r = required(A.shape, 0);
  // Of a sum of LoRAs side by side neither the nearest of a lower rank nor one of full rank can be taken off.
  if (!isAlone && r > Math.min(rank ?? r, site.out, site.in)) return undefined;
  return { site, method: 'lora', options: { rank: r }, parameters: { A, B } };
}

const kronaOptions = z.object({ layout: z.enum(['kron', 'reference']), scale: z.number() });

/** The products of a KronA, its scale in their first factors. */
function kroneckerOf({ method, options, parameters: { A, B } }: SiteAdapter) {
  if (method !== 'krona' || A === undefined || B === undefined) return undefined;
  const { layout, scale }: { layout: KroneckerLayout; scale: number } = kronaOptions.parse(options);
  const first = float32(
    A.shape,
    A.data.map((value) => value * scale),
  );
  const seconds = matricesOf(B);
  const products = matricesOf(first).map((a, term) => ({ a, b: required(seconds, term) }));
  return { products, layout };
}

/** The matrices of a stack [R, rows, columns]; a matrix as it is. */
function matricesOf(stack: Tensor<'f32'>): readonly Tensor<'f32'>[] {
  const { shape, data } = stack;
  const [count = 0, ...each] = shape;
  if (each.length < 2) return [stack];
  const size = data.length / count;
  return Array.from({ length: count }, (_, term) =>
    float32(each, data.subarray(term * size, (term + 1) * size)),
  );
}

function withRank(form: WantedForm, { site, method }: SiteAdapter): Form {
  if (form.as !== 'lora') return form;
  const { as, rank } = form;
  if (rank !== undefined) return { as, rank };
  // Its products side by side have more than the rank that reaches every change.
  if (method === 'krona') return { as, rank: Math.min(site.out, site.in) };
  throw new ConfigError(
    'RANK_MISSING',
    `${site.name}: only a KronA says of itself which rank is exact, this is ${method}; say how large the LoRA may be, such as \`rank: 8\``,
  );
}
