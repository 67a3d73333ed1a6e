/** @file (IA)³: one factor for each output, or for each input channel (Liu et al. 2022, arXiv 2205.05638). */
import * as z from 'zod';
import { multiply, reshape } from '../../graph/index.ts';
import { kernelTaps, type Site } from '../../nn/index.ts';
import { defineAdapter, parameter } from '../adapter.ts';
import { zero } from '../algebra/initial.ts';

const schema = z.strictObject({ side: z.enum(['input', 'output']) });

type Options = z.output<typeof schema>;

/** ΔW = W ∘ scale, so that the factor is 1 + scale; of a bias, which is a vector of outputs, the same. */
export const ia3 = defineAdapter({
  name: 'ia3',
  title: 'A factor for each output or input, ΔW = W ∘ s ((IA)³)',
  kinds: ['linear', 'convolution', 'vector'],
  schema,
  linearIn: () => ['scale'],
  parameters: (site, options) => [{ name: 'scale', shape: [size(site, options)], initial: zero }],
  deltaWeight({ site, weight, parameters }, options) {
    const scale = parameter(parameters, 'scale');
    if (options.side === 'output') return multiply(weight, reshape(scale, [site.out, 1]));
    const channels = size(site, options);
    const byChannel = reshape(weight, [site.out, channels, kernelTaps(site)]);
    return reshape(multiply(byChannel, reshape(scale, [channels, 1])), [site.out, site.in]);
  },
  parameterCount: size,
});

function size(site: Site, { side }: Options): number {
  return side === 'output' ? site.out : site.in / kernelTaps(site);
}
