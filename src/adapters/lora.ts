/** @file LoRA: W + (α/r)·B A on a frozen W (Hu et al. 2021, eq. 3). Notation: A is r × in, B is out × r. */
import { z } from 'zod';
import { AdapterError } from '../base/errors.ts';
import { add, linear, matmul, multiply, type Value } from '../graph/index.ts';
import { defineAdapter, parameter } from './adapter.ts';
import { kaimingUniform, zero } from './initial.ts';

const schema = z.strictObject({
  rank: z.number().int().positive().default(4).describe('inner size of the two factors'),
  alpha: z
    .number()
    .positive()
    .optional()
    .describe('scale is alpha / rank; the rank where not given'),
});

function scaled(x: Value, { rank, alpha = rank }: z.output<typeof schema>): Value {
  return alpha === rank ? x : multiply(x, alpha / rank);
}

export const lora = defineAdapter({
  name: 'lora',
  title: 'Low-rank adapter, ΔW = (α/r)·B A',
  schema,
  parameters(site, { rank }) {
    const largest = Math.min(site.out, site.in);
    if (rank > largest) {
      throw new AdapterError(
        'RANK_TOO_LARGE',
        `lora: rank = ${rank} is larger than the smaller side of ${site.name} (${site.out} x ${site.in}); use ${largest} at most`,
      );
    }
    const shapeA = [rank, site.in];
    return [
      { name: 'A', shape: shapeA, initial: kaimingUniform(shapeA) },
      { name: 'B', shape: [site.out, rank], initial: zero },
    ];
  },
  deltaWeight({ parameters }, options) {
    return scaled(matmul(parameter(parameters, 'B'), parameter(parameters, 'A')), options);
  },
  // x Wᵀ + (α/r)·(x Aᵀ) Bᵀ: two thin products instead of a matrix of W's size.
  forward:
    (options) =>
    ({ x, weight, parameters }) => {
      const inner = linear(x, parameter(parameters, 'A'));
      return add(linear(x, weight), scaled(linear(inner, parameter(parameters, 'B')), options));
    },
  parameterCount: (site, { rank }) => rank * (site.in + site.out),
});
