/** @file LoRA: W + (α/r)·B A on a frozen W (Hu et al. 2021, eq. 3). Notation: A is r × in, B is out × r. */
import * as z from 'zod';
import { AdapterError } from '../../base/errors.ts';
import { add, axisSize, linear, matmul, multiply, reshape } from '../../graph/index.ts';
import type { Site } from '../../nn/index.ts';
import { defineAdapter, parameter, type SiteParameters } from '../adapter.ts';
import { kaimingUniform, zero } from '../algebra/initial.ts';
import { rankOptions, rankScale } from '../algebra/low-rank.ts';
import {
  doraOptions,
  magnitudeCount,
  magnitudes,
  rowScales,
  withMagnitude,
} from '../algebra/magnitude.ts';
import { scaled } from '../algebra/scaled.ts';

const schema = z.strictObject({ ...rankOptions(4), ...doraOptions });

type Options = z.output<typeof schema>;

export const lora = defineAdapter({
  name: 'lora',
  title: 'Low-rank adapter, ΔW = (α/r)·B A',
  defaults: { targets: ['attention'], learningRate: 1e-4 },
  schema,
  linearIn: ({ dora }) => (dora ? [] : ['B']),
  parameters(site, options) {
    const { rank } = options;
    requireUsefulRank(site, rank);
    const shapeA = [rank, site.in];
    return [
      { name: 'A', shape: shapeA, initial: kaimingUniform(shapeA) },
      { name: 'B', shape: [site.out, rank], initial: zero },
      ...magnitudes(site, options),
    ];
  },
  deltaWeight(adapted, options) {
    const { a, b } = factors(adapted.parameters, options);
    return withMagnitude(adapted, matmul(b, a), options);
  },
  // x Wᵀ + (α/r)·(x Aᵀ) Bᵀ: two thin products instead of a matrix of W's size, which DoRA needs only for its lengths.
  forward: (options) => {
    if (options.dora && options.doraSide === 'input') return undefined;
    return ({ x, weight, parameters }) => {
      const { a, b } = factors(parameters, options);
      const y = add(linear(x, weight), linear(linear(x, a), b));
      if (!options.dora) return y;
      const scales = rowScales(add(weight, matmul(b, a)), parameters);
      return multiply(y, reshape(scales, [axisSize(y, -1)]));
    };
  },
  parameterCount: (site, options) =>
    options.rank * (site.in + site.out) + magnitudeCount(site, options),
});

/** (α/r)·A and B. */
function factors(parameters: SiteParameters, options: Options) {
  const a = scaled(parameter(parameters, 'A'), rankScale(options));
  return { a, b: parameter(parameters, 'B') };
}

/** Above the smaller side a rank adds nothing, but files have it, such as at convolutions to four channels. */
function requireUsefulRank({ name, out, in: inner }: Site, rank: number): void {
  if (rank <= Math.max(out, inner)) return;
  const most = Math.min(out, inner);
  throw new AdapterError(
    'RANK_TOO_LARGE',
    `lora: rank = ${rank} is larger than both sides of ${name} (${out} x ${inner}); ${most} already reaches every change of it`,
    { details: { rank: String(rank), most: String(most) } },
  );
}
