/** @file `extract`: the adapter that comes nearest to what a tuned checkpoint has more than its base. */
import { encodeAdapterFile } from '../adapters/index.ts';
import { bytesOfSize } from '../base/byte-size.ts';
import { ConfigError } from '../base/errors.ts';
import { type ExtractEvent, extractAdapter } from '../convert/extract.ts';
import type { Form } from '../convert/forms.ts';
import type { SiteError } from '../convert/site-errors.ts';
import { chooseSites } from '../nn/index.ts';
import { baseSites } from '../pipeline/adapters/site-weights.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import { kroneckerForms, loraForm } from '../plan/budgeted-forms.ts';
import type { SizeBudget } from '../plan/size-budget.ts';
import { dirname } from '../platform/paths.ts';
import { writeNewFile } from '../storage/files/atomic-file.ts';
import { createFolder } from '../storage/files/folders.ts';
import { requireNewFile } from '../storage/files/new-path.ts';
import type { HubEvent } from '../storage/hub/hub-events.ts';
import { completeForm } from './adapter-form.ts';
import { completeHost, type Host } from './call-host.ts';
import { begin, type Work } from './work.ts';

/** What to make of a change: a size, or the largest whose file, in float32, stays within a budget such as `2MB`. */
export type ExtractForm =
  | { readonly as: 'lora'; readonly rank: number }
  | { readonly as: 'lora'; readonly budget: string }
  | {
      readonly as: 'krona';
      readonly a1?: number;
      readonly a2?: number;
      readonly layout?: 'kron' | 'reference';
    }
  | { readonly as: 'krona'; readonly budget: string; readonly layout?: 'kron' | 'reference' };

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
  { from, base: name, out, form = { as: 'krona' }, targets = ['attention'] }: ExtractOptions,
  host: Host<ExtractEvent> = {},
): Work<ExtractEvent | HubEvent, Extracted> {
  return begin(async (tell) => {
    const { hub, listener, signal } = completeHost(host, tell);
    await requireNewFile(out);
    const [tuned, base] = [await openBaseModel(from, hub), await openBaseModel(name, hub)];
    const all = baseSites(base);
    const sites = chooseSites(all, targets);
    const forms = formsOf(form, { sites, base: { name: base.name, sites: all.length } });
    const made = await extractAdapter({ tuned, base, sites, targets, forms }, { listener, signal });
    await createFolder(dirname(out));
    await writeNewFile(out, encodeAdapterFile(made.file));
    const { form: chosen, errors, unchanged, outside } = made;
    return { out, form: chosen, errors, unchanged, outside };
  });
}

function formsOf(form: ExtractForm, about: Omit<SizeBudget, 'bytes'>): readonly [Form, ...Form[]] {
  if (!('budget' in form)) {
    return [form.as === 'lora' ? form : (completeForm(form) as Form)];
  }
  const bytes = bytesOfSize(form.budget);
  if (bytes === undefined) {
    throw new ConfigError(
      'INVALID_SETTING',
      `budget: expected a size such as 2MB, got "${form.budget}"`,
    );
  }
  const budget = { ...about, bytes };
  return form.as === 'krona' ? kroneckerForms(form.layout ?? 'kron', budget) : [loraForm(budget)];
}
