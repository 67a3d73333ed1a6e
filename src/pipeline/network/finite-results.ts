/** @file Results of networks that are no numbers: refused where they arise, so that none is drawn as a black picture. */
import { ModelError } from '../../base/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Says where a result arose and what to try. */
export interface ResultPlace {
  readonly code:
    | 'TEXT_NOT_FINITE'
    | 'LATENTS_NOT_FINITE'
    | 'PICTURE_NOT_FINITE'
    | 'EMBEDDING_NOT_FINITE';
  /** `step 3 of 50: what the UNet predicts`. */
  readonly what: string;
  readonly advice: string;
}

/** What NaN in a network's result mostly comes from. */
export const brokenWeights =
  'a weight of the model or of an adapter is broken or an adapter is too strong: try a lower strength or no adapter, and inspect the files, which names broken tensors';

/**
 * The same result, where all of its numbers are finite.
 *
 * @throws ModelError with the code of the place
 */
export function requireFiniteResult<T extends Tensor<'f32'>>(
  result: T,
  place: () => ResultPlace,
): T {
  const { data } = result;
  const first = data.findIndex((value) => !Number.isFinite(value));
  if (first < 0) return result;
  const count = data.reduce((sum, value) => sum + Number(!Number.isFinite(value)), 0);
  const { code, what, advice } = place();
  throw new ModelError(
    code,
    `${what}: expected finite numbers, found ${data[first]} among them (${count} of ${data.length} are NaN or infinite); ${advice}`,
  );
}
