/** @file SVDiff: the singular values of a weight are shifted (Han et al. 2023, sec. 3.2): W′ = U·diag(max(0, σ + δ))·Vᵀ. */
/*
 * Since Vᵀ = diag(1/σ)·Uᵀ·W, and likewise U = W·V·diag(1/σ), the vectors of one side suffice: with s = (max(0, σ + δ) − σ)/σ
 *
 *     ΔW = U·diag(s)·Uᵀ·W where W is wide or square, W·V·diag(s)·Vᵀ where it is tall.
 *
 * Kept are k² numbers of a site, k the shorter side, instead of k² and another whole weight.
 */

import * as z from 'zod';
import { required } from '../../base/required.ts';
import {
  add,
  linear,
  matmul,
  multiply,
  relu,
  subtract,
  transpose,
  type Value,
} from '../../graph/index.ts';
import type { Site } from '../../nn/index.ts';
import { smallestShare, spectrum } from '../../tensor/linear-algebra/spectrum.ts';
import type { WithProducts } from '../../tensor/products.ts';
import { float32, type Tensor } from '../../tensor/tensor.ts';
import { defineAdapter, parameter, type SiteParameters, type SiteTensors } from '../adapter.ts';
import { zero } from '../algebra/initial.ts';

export const svdiff = defineAdapter({
  name: 'svdiff',
  title: 'Shifts of the singular values, ΔW = U·diag(max(0, σ + δ) − σ)·Vᵀ (SVDiff)',
  defaults: { targets: ['unet'], learningRate: 1e-3 },
  schema: z.strictObject({}),
  parameters: (site) => [{ name: 'shifts', shape: [valueCount(site)], initial: zero }],
  constants: {
    shapes: (site) => {
      const count = valueCount(site);
      return { vectors: [count, count], values: [count], reciprocals: [count] };
    },
    compute: spectrumOf,
  },
  deltaWeight: ({ site, weight, parameters }) => {
    const vectors = parameter(parameters, 'vectors');
    const scaled = multiply(transpose(vectors, [1, 0]), change(parameters));
    const inner = matmul(scaled, vectors);
    return isTall(site) ? matmul(weight, inner) : matmul(inner, weight);
  },
  // Along one side of the product, so that nothing of W's size is formed.
  forward:
    () =>
    ({ site, x, weight, parameters }) => {
      const changed = (side: Value) => {
        const vectors = parameter(parameters, 'vectors');
        const along = multiply(linear(side, vectors), change(parameters));
        return add(side, matmul(along, vectors));
      };
      return isTall(site) ? linear(changed(x), weight) : changed(linear(x, weight));
    },
  parameterCount: valueCount,
});

function valueCount(site: Site): number {
  return Math.min(site.out, site.in);
}

function isTall(site: Site): boolean {
  return site.out > site.in;
}

/**
 * The vectors of the shorter side, a row each [k, k], σ [k] and 1/σ [k]. A value that is rounding of the largest one has
 * no direction of its own: its reciprocal is zero, and nothing shifts it.
 */
function* spectrumOf(_: Site, weight: Tensor<'f32'>): WithProducts<SiteTensors> {
  const { values, vectors } = yield* spectrum(weight);
  const least = smallestShare * required(values, 0);
  return {
    vectors: float32(vectors.shape, vectors.data),
    values: float32([values.length], values),
    reciprocals: float32(
      [values.length],
      values.map((value) => (value > least ? 1 / value : 0)),
    ),
  };
}

/** (max(0, σ + δ) − σ)/σ, exactly zero where δ is: [k]. */
function change(parameters: SiteParameters): Value {
  const values = parameter(parameters, 'values');
  const shifted = subtract(relu(add(values, parameter(parameters, 'shifts'))), values);
  return multiply(shifted, parameter(parameters, 'reciprocals'));
}
