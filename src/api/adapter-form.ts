/** @file Forms that adapters are brought into, with what is usual where nothing is said. */
import type { KroneckerLayout } from '../adapters/algebra/kronecker.ts';
import type { WantedForm } from '../convert/adapter-in-form.ts';

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
    }
  /** Every change as a whole matrix, which is large. */
  | { readonly as: 'diff' };

/** A form with everything that was left out. */
export function completeForm(form: FormOptions, usual: KroneckerLayout = 'kron'): WantedForm {
  if (form.as !== 'krona') return form;
  const { as, a1 = 4, a2 = 64, layout = usual } = form;
  return { as, a1, a2, layout };
}
