/** @file `extract`: the adapter that comes nearest to what a tuned checkpoint has more than its base. */
import * as z from 'zod';
import { bytesOfSize } from '../base/byte-size.ts';
import type { ExtractEvent } from '../convert/extract.ts';
import { extractFrom } from '../convert/extract-from.ts';
import { type Form, kronaForm } from '../convert/forms.ts';
import type { SiteError } from '../convert/site-errors.ts';
import { formsToTry, type SizedForm } from '../plan/budgeted-forms.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import { beginWith, type Host } from './call/call-host.ts';
import { checked, named } from './call/checked.ts';
import type { Work } from './call/work.ts';

/** What to make of a change: a size, or the largest whose file, in float32, stays within a budget such as `2MB`. */
export type ExtractForm =
  | { readonly as: 'lora'; readonly rank: number }
  | { readonly as: 'lora'; readonly budget: string }
  | {
      readonly as: 'krona';
      readonly a1?: number | undefined;
      readonly a2?: number | undefined;
      readonly layout?: 'kron' | 'reference' | undefined;
      /** Products that are summed. @default 1 */
      readonly terms?: number | undefined;
    }
  | {
      readonly as: 'krona';
      readonly budget: string;
      readonly layout?: 'kron' | 'reference' | undefined;
    };

export interface ExtractOptions {
  /** The tuned checkpoint: a folder, a file, or owner/name of the hub. */
  readonly from: string;
  /** What it was tuned from. */
  readonly base: string;
  /** The adapter's new file. */
  readonly out: string;
  /** @default a KronA of 4 x 64 */
  readonly form?: ExtractForm | undefined;
  /** Which weights the adapter may change: presets and patterns. @default ['attention'] */
  readonly targets?: readonly string[] | undefined;
}

export interface Extracted {
  /** The file. */
  readonly out: string;
  readonly form: Form;
  readonly errors: readonly SiteError[];
  /** Chosen sites that tuning left as they are, and that the adapter leaves out. */
  readonly unchanged: number;
  /** Share of the whole squared change that lies outside the chosen sites. */
  readonly outside: number;
}

/**
 * Takes the difference of two checkpoints and writes the KronA or LoRA that comes nearest to it.
 *
 * @throws ConfigError OUT_EXISTS, BUDGET_TOO_SMALL, INVALID_SETTING; ModelError MODELS_DIFFER, NOTHING_CHANGED
 * @throws AdapterError FACTOR_DOES_NOT_DIVIDE
 * @example
 * ```ts
 * await extract({ from: 'tuned', base: 'sd-v1-5.safetensors', form: { as: 'lora', rank: 16 }, out: 'tuned.safetensors' });
 * ```
 */
export function extract(
  options: ExtractOptions,
  host: Host<ExtractEvent> = {},
): Work<ExtractEvent | HubEvent, Extracted> {
  return beginWith(host, async (given) => {
    const { form, ...asked } = checked(schema, options, 'extracting');
    const sized = sizedForm(form);
    const made = await extractFrom({ ...asked, forms: (about) => formsToTry(sized, about) }, given);
    const { form: chosen, errors, unchanged, outside } = made;
    return { out: asked.out, form: chosen, errors, unchanged, outside };
  });
}

const size = z.int().positive();
const budget = z
  .string()
  .refine((text) => bytesOfSize(text) !== undefined, 'expected a size such as 2MB');
const layout = z.enum(['kron', 'reference']).optional();

/** The forms, checked. */
export const extractFormSchema = z.union([
  z.strictObject({ as: z.literal('lora'), rank: size }),
  z.strictObject({ as: z.literal('lora'), budget }),
  z.strictObject({
    as: z.literal('krona'),
    a1: size.optional(),
    a2: size.optional(),
    layout,
    terms: size.optional(),
  }),
  z.strictObject({ as: z.literal('krona'), budget, layout }),
]);

const schema = z.strictObject({
  from: named,
  base: named,
  out: named,
  form: extractFormSchema.default({ as: 'krona' }),
  targets: z.array(named).min(1).default(['attention']),
});

function sizedForm(form: z.output<typeof schema>['form']): SizedForm {
  if (!('budget' in form)) return form.as === 'lora' ? form : kronaForm(form);
  const { as, budget } = form;
  const bytes = bytesOfSize(budget) ?? 0;
  return as === 'lora'
    ? { as, budget: bytes }
    : { as, budget: bytes, layout: form.layout ?? 'kron' };
}
