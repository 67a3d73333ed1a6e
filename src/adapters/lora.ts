/** @file LoRA: W + (α/r)·B A on a frozen W (Hu et al. 2021, eq. 3). Notation: A is r × in, B is out × r. */
import { z } from 'zod';
import { AdapterError } from '../base/errors.ts';
import { add, linear, matmul, multiply, reshape, type Value } from '../graph/index.ts';
import type { Site } from '../nn/index.ts';
import { defineAdapter, parameter, type SiteParameters } from './adapter.ts';
import { kaimingUniform, zero } from './initial.ts';
import { rankOptions, rankScale, scaled } from './low-rank.ts';
import { magnitude, magnitudeOption, rowScales, withMagnitude } from './magnitude.ts';

const schema = z.strictObject({ ...rankOptions(4), dora: magnitudeOption });

type Options = z.output<typeof schema>;

export const lora = defineAdapter({
  name: 'lora',
  title: 'Low-rank adapter, ΔW = (α/r)·B A',
  defaults: { targets: ['attention'], learningRate: 1e-4 },
  schema,
  parameters(site, { rank, dora }) {
    requireUsefulRank(site, rank);
    const shapeA = [rank, site.in];
    return [
      { name: 'A', shape: shapeA, initial: kaimingUniform(shapeA) },
      { name: 'B', shape: [site.out, rank], initial: zero },
      ...(dora ? [magnitude(site)] : []),
    ];
  },
  deltaWeight(adapted, options) {
    const delta = lowRank(adapted.parameters, options);
    return options.dora ? withMagnitude(adapted, delta) : delta;
  },
  // x Wᵀ + (α/r)·(x Aᵀ) Bᵀ: two thin products instead of a matrix of W's size, which DoRA needs only for its lengths.
  forward:
    (options) =>
    ({ x, weight, parameters }) => {
      const inner = linear(x, parameter(parameters, 'A'));
      const change = scaled(linear(inner, parameter(parameters, 'B')), rankScale(options));
      const y = add(linear(x, weight), change);
      if (!options.dora) return y;
      const scales = rowScales(add(weight, lowRank(parameters, options)), parameters);
      return multiply(y, reshape(scales, [y.shape.at(-1) ?? 1]));
    },
  parameterCount: (site, { rank, dora }) => rank * (site.in + site.out) + (dora ? site.out : 0),
});

function lowRank(parameters: SiteParameters, options: Options): Value {
  const product = matmul(parameter(parameters, 'B'), parameter(parameters, 'A'));
  return scaled(product, rankScale(options));
}

/** Above the smaller side a rank adds nothing, but files have it, such as at convolutions to four channels. */
function requireUsefulRank({ name, out, in: inner }: Site, rank: number): void {
  if (rank <= Math.max(out, inner)) return;
  throw new AdapterError(
    'RANK_TOO_LARGE',
    `lora: rank = ${rank} is larger than both sides of ${name} (${out} x ${inner}); ${Math.min(out, inner)} already reaches every change of it`,
  );
}
