/** @file Forms that adapters are brought into, with what is usual where nothing is said. */
import * as z from 'zod';
import type { KroneckerLayout } from '../adapters/algebra/kronecker.ts';
import type { WantedForm } from '../convert/adapter-in-form.ts';
import { kronaForm } from '../convert/forms.ts';

/** The form of an adapter's changes. */
export type FormOptions =
  | {
      readonly as: 'lora';
      /** @default without loss, which only a KronA has */
      readonly rank?: number | undefined;
    }
  | {
      readonly as: 'krona';
      /** Rows of A. @default 4 */
      readonly a1?: number | undefined;
      /** Columns of A. @default 64 */
      readonly a2?: number | undefined;
      /** Order of the rows. @default 'kron', or what the format holds */
      readonly layout?: KroneckerLayout | undefined;
      /** Products that are summed. @default 1 */
      readonly terms?: number | undefined;
    }
  /** Every change as a whole matrix, which is large. */
  | { readonly as: 'diff' };

const size = z.int().positive();

/** The forms, checked. */
export const formSchema = z.discriminatedUnion('as', [
  z.strictObject({ as: z.literal('lora'), rank: size.optional() }),
  z.strictObject({
    as: z.literal('krona'),
    a1: size.optional(),
    a2: size.optional(),
    layout: z.enum(['kron', 'reference']).optional(),
    terms: size.optional(),
  }),
  z.strictObject({ as: z.literal('diff') }),
]);

/** A form with everything that was left out. */
export function completeForm(form: FormOptions, usual?: KroneckerLayout): WantedForm {
  return form.as === 'krona' ? kronaForm(form, usual) : form;
}
