/** @file BOFT: a side of the weight turned by sparse rotations, one after the other (Liu et al. 2024, arXiv 2311.06243). */
import * as z from 'zod';
import { AdapterError } from '../../base/errors.ts';
import {
  add,
  axisSize,
  matmul,
  multiply,
  reshape,
  slice,
  transpose,
  type Value,
} from '../../graph/index.ts';
import type { Site } from '../../nn/index.ts';
import { defineAdapter, parameter } from '../adapter.ts';
import { cayley, skewSymmetric } from '../algebra/cayley.ts';
import { requireDivisor } from '../algebra/divisors.ts';
import { zero } from '../algebra/initial.ts';

const schema = z.strictObject({
  side: z.enum(['input', 'output']),
  blockSize: z.number().int().min(2),
  factors: z.number().int().positive(),
});

type Options = z.output<typeof schema>;

/**
 * W′ = (1 + scale) ∘ R W of the outputs or (1 + scale) ∘ W Rᵀ of the inputs, R = R_{m−1} ⋯ R₀, the scale one of each output. Rᵢ
 * turns blocks of b rows, which it takes from segments of 2^i·b: b/2 neighbours of the first half of a segment, and
 * those at the same place of its second half.
 */
export const boft = defineAdapter({
  name: 'boft',
  title: 'A side of the weight turned by several sparse rotations (BOFT)',
  schema,
  summands: [['rotation'], ['scale']],
  parameters: (site, options) => [
    { name: 'rotation', shape: rotationShape(site, options), initial: zero },
    { name: 'scale', shape: [site.out], initial: zero },
  ],
  deltaWeight({ site, weight, parameters }, options) {
    const turned = (w: Value) => turning(w, parameter(parameters, 'rotation'), options);
    const change =
      options.side === 'output'
        ? turned(weight)
        : transpose(turned(transpose(weight, [1, 0])), [1, 0]);
    const scale = reshape(parameter(parameters, 'scale'), [site.out, 1]);
    return add(change, multiply(add(weight, change), scale));
  },
  parameterCount(site, options) {
    const [rotations, angles] = rotationShape(site, options);
    return rotations * angles + site.out;
  },
});

/** Rotations of all factors, and the entries of each above the diagonal. */
function rotationShape(site: Site, options: Options): readonly [number, number] {
  const { side, blockSize, factors } = options;
  const size = side === 'input' ? site.in : site.out;
  requireDivisor(site, { what: 'boft: blockSize', value: blockSize, side, size });
  const segment = 2 ** (factors - 1) * blockSize;
  if (factors > 1 && (size % segment !== 0 || blockSize % 2 !== 0)) {
    throw new AdapterError(
      'FACTOR_DOES_NOT_DIVIDE',
      `boft: factors = ${factors} of blocks of ${blockSize} need an even block and a ${side} size of a multiple of ${segment}, which that of ${site.name} (${site.out} x ${site.in}) is not`,
    );
  }
  return [(factors * size) / blockSize, (blockSize * (blockSize - 1)) / 2];
}

/** R W − W of W [rows, columns], summed up factor by factor so that nothing cancels where R is near to one. */
function turning(w: Value, rotation: Value, { blockSize, factors }: Options): Value {
  const blocks = axisSize(w, 0) / blockSize;
  const factor = (rows: Value, i: number) => {
    const angles = slice(rotation, 0, i * blocks, (i + 1) * blocks);
    const turns = cayley(skewSymmetric(angles, blockSize)); // less the identity
    const paired = exchanged(rows, [2, 2 ** i], blockSize / 2);
    const turned = matmul(turns, reshape(paired, [blocks, blockSize, axisSize(w, 1)]));
    return exchanged(reshape(turned, w.shape), [2 ** i, 2], blockSize / 2);
  };
  let change = factor(w, 0);
  for (let i = 1; i < factors; i++) change = add(change, factor(add(w, change), i));
  return change;
}

/** Rows, taken as [segments, first, second, chunk], in the order of [segments, second, first, chunk]. */
function exchanged(rows: Value, [first, second]: readonly [number, number], chunk: number): Value {
  if (first === 1 || second === 1) return rows;
  const [count, columns] = [axisSize(rows, 0), axisSize(rows, 1)];
  const segments = count / (first * second * chunk);
  const split = reshape(rows, [segments, first, second, chunk, columns]);
  return reshape(transpose(split, [0, 2, 1, 3, 4]), rows.shape);
}
