/** @file LoHa: the elementwise product of two low-rank matrices (Hyeon-Woo et al. 2022), of rank up to r². */
import * as z from 'zod';
import { matmul, multiply, type Value } from '../../graph/index.ts';
import { defineAdapter, parameter, type SiteParameters } from '../adapter.ts';
import { normal, zero } from '../algebra/initial.ts';
import { rankOptions, rankScale } from '../algebra/low-rank.ts';
import { doraOptions, magnitudeCount, magnitudes, withMagnitude } from '../algebra/magnitude.ts';
import { scaled } from '../algebra/scaled.ts';

const schema = z.strictObject({ ...rankOptions(4), ...doraOptions });

export const loha = defineAdapter({
  name: 'loha',
  title: 'Hadamard product of two low-rank matrices, ΔW = (α/r)·(A₁ B₁) ⊙ (A₂ B₂)',
  defaults: { targets: ['attention'], learningRate: 1e-4 },
  schema,
  linearIn: ({ dora }) => (dora ? [] : ['w2_b']),
  // Names and initial values are those of LyCORIS.
  parameters: (site, options) => [
    { name: 'w1_a', shape: [site.out, options.rank], initial: normal(0.1) },
    { name: 'w1_b', shape: [options.rank, site.in], initial: normal(1) },
    { name: 'w2_a', shape: [site.out, options.rank], initial: zero },
    { name: 'w2_b', shape: [options.rank, site.in], initial: normal(1) },
    ...magnitudes(site, options),
  ],
  deltaWeight(adapted, options) {
    const first = product(adapted.parameters, 'w1', rankScale(options));
    const delta = multiply(first, product(adapted.parameters, 'w2'));
    return withMagnitude(adapted, delta, options);
  },
  parameterCount: (site, options) =>
    2 * options.rank * (site.in + site.out) + magnitudeCount(site, options),
});

/** [out, in], times a number. */
function product(parameters: SiteParameters, name: 'w1' | 'w2', scale = 1): Value {
  const a = scaled(parameter(parameters, `${name}_a`), scale);
  return matmul(a, parameter(parameters, `${name}_b`));
}
