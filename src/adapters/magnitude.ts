/** @file DoRA: a trained length for every row of an adapted weight (Liu et al. 2024, eq. 5). */
import { z } from 'zod';
import {
  add,
  divide,
  multiply,
  reshape,
  sqrt,
  square,
  subtract,
  sum,
  type Value,
  withGradient,
} from '../graph/index.ts';
import type { Site } from '../nn/index.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';
import { type AdaptedSite, type ParameterSpec, parameter, type SiteParameters } from './adapter.ts';
import { fromWeight } from './initial.ts';

/** Of float32; added to lengths as LyCORIS does, so that a row of zeros stays one. */
const epsilon = 2 ** -23;

export const magnitudeOption = z
  .boolean()
  .default(false)
  .describe('DoRA: also train the length of every row of the weight');

/** m, which starts as the lengths of the rows of W: [out]. */
export function magnitude(site: Site): ParameterSpec {
  return { name: 'magnitude', shape: [site.out], initial: fromWeight(rowLengths) };
}

function rowLengths({ shape, data }: Tensor<'f32'>): Tensor<'f32'> {
  const [rows = 0, columns = 0] = shape;
  const lengths = float32([rows]);
  for (let row = 0; row < rows; row++) {
    let squares = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) squares += (data[i] ?? 0) ** 2;
    lengths.data[row] = Math.sqrt(squares);
  }
  return lengths;
}

/**
 * m / ‖V‖ of every row of V = W + ΔW: [out, 1]. The length is a constant to the gradient (sec. 4.3), as in PEFT.
 */
export function rowScales(adapted: Value, parameters: SiteParameters): Value {
  const lengths = add(sqrt(sum(square(adapted), [1])), epsilon);
  const held = withGradient(lengths, [], () => []);
  return divide(reshape(parameter(parameters, 'magnitude'), held.shape), held);
}

/** The change that DoRA makes of ΔW: (m / ‖V‖)·V − W. */
export function withMagnitude({ weight, parameters }: AdaptedSite, delta: Value): Value {
  const adapted = add(weight, delta);
  return subtract(multiply(adapted, rowScales(adapted, parameters)), weight);
}
