/** @file SVDiff: the singular values of a weight are shifted (Han et al. 2023, sec. 3.2): W′ = U·diag(max(0, σ + δ))·Vᵀ. */
import { z } from 'zod';
import { add, linear, matmul, multiply, relu, subtract, type Value } from '../graph/index.ts';
import type { Site } from '../nn/index.ts';
import { svd } from '../tensor/svd.ts';
import { float32, type Tensor } from '../tensor/tensor.ts';
import { defineAdapter, parameter, type SiteParameters, type SiteTensors } from './adapter.ts';
import { zero } from './initial.ts';

export const svdiff = defineAdapter({
  name: 'svdiff',
  title: 'Shifts of the singular values, ΔW = U·diag(max(0, σ + δ) − σ)·Vᵀ (SVDiff)',
  defaults: { targets: ['unet'], learningRate: 1e-3 },
  schema: z.strictObject({}),
  parameters: (site) => [{ name: 'shifts', shape: [valueCount(site)], initial: zero }],
  constants: () => (_, weight) => spectrum(weight),
  deltaWeight: ({ parameters }) =>
    matmul(
      multiply(parameter(parameters, 'left'), change(parameters)),
      parameter(parameters, 'right'),
    ),
  // x Wᵀ + ((x V)·diag(…)) Uᵀ: ΔW is not formed.
  forward:
    () =>
    ({ x, weight, parameters }) => {
      const inner = multiply(linear(x, parameter(parameters, 'right')), change(parameters));
      return add(linear(x, weight), linear(inner, parameter(parameters, 'left')));
    },
  parameterCount: valueCount,
});

function valueCount(site: Site): number {
  return Math.min(site.out, site.in);
}

/** U [out, k], σ [k] and Vᵀ [k, in]. */
function spectrum(weight: Tensor<'f32'>): SiteTensors {
  const { u, s, v } = svd(weight);
  const [inner = 0, count = 0] = v.shape;
  const right = float32([count, inner]);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < inner; column++) {
      right.data[row * inner + column] = v.data[column * count + row] ?? 0;
    }
  }
  return { left: float32(u.shape, u.data), values: float32([count], s), right };
}

/** max(0, σ + δ) − σ, exactly zero where δ is: [k]. */
function change(parameters: SiteParameters): Value {
  const values = parameter(parameters, 'values');
  return subtract(relu(add(values, parameter(parameters, 'shifts'))), values);
}
