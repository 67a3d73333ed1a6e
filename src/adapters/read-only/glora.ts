/** @file GLoRA: a LoRA, and the weight itself through a low-rank product of its inputs (Chavan et al. 2023, arXiv 2306.07967). */
import * as z from 'zod';
import { add, matmul, reshape, transpose, type Value } from '../../graph/index.ts';
import { kernelTaps, type Site } from '../../nn/index.ts';
import { defineAdapter, parameter } from '../adapter.ts';
import { zero } from '../algebra/initial.ts';

const schema = z.strictObject({ rank: z.number().int().positive() });

/** ΔW = b₁ b₂ + W a₁ a₂; a₁ and a₂ act on the input channels of a convolution, at every tap of its kernel alike. */
export const glora = defineAdapter({
  name: 'glora',
  title: 'Low-rank product, and the weight through another, ΔW = b₁ b₂ + W a₁ a₂ (GLoRA)',
  schema,
  summands: [
    ['a1', 'a2'],
    ['b1', 'b2'],
  ],
  parameters: (site, { rank }) => [
    { name: 'a1', shape: [channels(site), rank], initial: zero },
    { name: 'a2', shape: [rank, channels(site)], initial: zero },
    { name: 'b1', shape: [site.out, rank], initial: zero },
    { name: 'b2', shape: [rank, site.in], initial: zero },
  ],
  deltaWeight({ site, weight, parameters }) {
    const through = (w: Value) =>
      matmul(matmul(w, parameter(parameters, 'a1')), parameter(parameters, 'a2'));
    const own = matmul(parameter(parameters, 'b1'), parameter(parameters, 'b2'));
    const taps = kernelTaps(site);
    if (taps === 1) return add(own, through(weight));
    const byTap = reshape(weight, [site.out, channels(site), taps]); // the kernel is innermost
    const turned = through(transpose(byTap, [0, 2, 1]));
    return add(own, reshape(transpose(turned, [0, 2, 1]), [site.out, site.in]));
  },
  parameterCount: (site, { rank }) => rank * (2 * channels(site) + site.out + site.in),
});

function channels(site: Site): number {
  return site.in / kernelTaps(site);
}
