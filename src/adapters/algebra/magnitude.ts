/** @file DoRA: a trained length for every row of an adapted weight, or for every column (Liu et al. 2024, eq. 5). */
import * as z from 'zod';
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
} from '../../graph/index.ts';
import { kernelTaps, type Site } from '../../nn/index.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import {
  type AdaptedSite,
  countsWith,
  type ParameterSpec,
  parameter,
  type SiteParameters,
} from '../adapter.ts';
import { fromWeight } from './initial.ts';

/** Of float32; added to lengths as LyCORIS does, so that zeros stay zeros. */
const epsilon = 2 ** -23;

export const doraOptions = {
  dora: z
    .boolean()
    .default(false)
    .describe('DoRA: also train the length of every row of the weight'),
  doraSide: z
    .enum(['output', 'input'])
    .optional()
    .describe('DoRA: rows of the weight, by default, or columns, of a convolution all of a channel')
    .meta(countsWith('dora', true)),
};

/** What of these options decides the lengths. */
export interface DoraOptions {
  readonly dora: boolean;
  readonly doraSide?: 'output' | 'input' | undefined;
}

/** m, which starts as the lengths in W: [out], or one for each input channel; none without DoRA. */
export function magnitudes(site: Site, options: DoraOptions): readonly ParameterSpec[] {
  if (!options.dora) return [];
  const initial = fromWeight((weight) => lengthsOf(weight, site, options));
  return [{ name: 'magnitude', shape: [magnitudeCount(site, options)], initial }];
}

/** How many lengths there are. */
export function magnitudeCount(site: Site, { dora, doraSide }: DoraOptions): number {
  if (!dora) return 0;
  return doraSide === 'input' ? site.in / kernelTaps(site) : site.out;
}

function lengthsOf(
  { shape, data }: Tensor<'f32'>,
  site: Site,
  options: DoraOptions,
): Tensor<'f32'> {
  const [rows = 0, columns = 0] = shape;
  const squares = new Float64Array(magnitudeCount(site, options));
  const perLength = kernelTaps(site);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const length = options.doraSide === 'input' ? Math.floor(column / perLength) : row;
      squares[length] = (squares[length] ?? 0) + (data[row * columns + column] ?? 0) ** 2;
    }
  }
  return float32([squares.length], squares.map(Math.sqrt));
}

/**
 * m / ‖V‖ of every row of V = W + ΔW: [out, 1]. The length is a constant to the gradient (sec. 4.3), as in PEFT.
 */
export function rowScales(adapted: Value, parameters: SiteParameters): Value {
  return scalesAlong(adapted, [1], parameters);
}

/** The same over some axes of V, which stay as ones. */
function scalesAlong(adapted: Value, axes: readonly number[], parameters: SiteParameters): Value {
  const lengths = add(sqrt(sum(square(adapted), axes)), epsilon);
  const held = withGradient(lengths, [], () => []);
  return divide(reshape(parameter(parameters, 'magnitude'), held.shape), held);
}

/** The change that DoRA makes of ΔW: V times m / ‖V‖, less W; ΔW itself without DoRA. */
export function withMagnitude(
  { site, weight, parameters }: AdaptedSite,
  delta: Value,
  { dora, doraSide }: DoraOptions,
): Value {
  if (!dora) return delta;
  const adapted = add(weight, delta);
  if (doraSide !== 'input') {
    return subtract(multiply(adapted, rowScales(adapted, parameters)), weight);
  }
  const perLength = kernelTaps(site);
  const byChannel = reshape(adapted, [site.out, site.in / perLength, perLength]);
  const rescaled = multiply(byChannel, scalesAlong(byChannel, [0, 2], parameters));
  return subtract(reshape(rescaled, weight.shape), weight);
}
