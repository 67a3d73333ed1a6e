/** @file OFT: one side of the weight turned by a block-diagonal rotation (Qiu et al. 2023): W′ = W Rᵀ as in PEFT, or R W as in LyCORIS. */
import * as z from 'zod';
import { AdapterError } from '../../base/errors.ts';
import {
  add,
  axisSize,
  linear,
  matmul,
  reshape,
  rowsOf,
  transpose,
  type Value,
} from '../../graph/index.ts';
import type { Site } from '../../nn/index.ts';
import { defineAdapter, parameter, type SiteParameters } from '../adapter.ts';
import { cayley, neumannSeries, skewSymmetric } from '../algebra/cayley.ts';
import { requireDivisor } from '../algebra/divisors.ts';
import { zero } from '../algebra/initial.ts';

const schema = z.strictObject({
  side: z
    .enum(['input', 'output'])
    .default('input')
    .describe('what is turned: the inputs, as PEFT does it, or the outputs, as LyCORIS does'),
  blockSize: z
    .number()
    .int()
    .min(2)
    .default(32)
    .describe('inputs or outputs that are rotated together; must divide that side of every target'),
  blocks: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('number of blocks, in place of their size'),
  shared: z.boolean().default(false).describe('one rotation for all blocks'),
  neumannTerms: z
    .number()
    .int()
    .min(2)
    .optional()
    .describe(
      'terms of the series that PEFT takes for the rotation (it takes 5); exact where not given',
    ),
});

type Options = z.output<typeof schema>;

/** How a side of a site is divided. */
interface Blocks {
  readonly count: number;
  readonly size: number;
}

export const oft = defineAdapter({
  name: 'oft',
  title: 'Block-diagonal rotation of a side of the weight, W′ = W Rᵀ or R W (OFT)',
  defaults: { targets: ['attention'], learningRate: 1e-4 },
  schema,
  parameters: (site, options) => [
    { name: 'rotation', shape: rotationShape(site, options), initial: zero },
  ],
  deltaWeight({ site, weight, parameters }, options) {
    const turned = transpose(turn(site, parameters, options), [0, 2, 1]);
    return options.side === 'input'
      ? byBlocks(weight, turned)
      : transpose(byBlocks(transpose(weight, [1, 0]), turned), [1, 0]);
  },
  // (x R) Wᵀ or (x Wᵀ) Rᵀ: what goes in or comes out is turned in place of the weight.
  forward:
    (options) =>
    ({ site, x, weight, parameters }) => {
      const turning = turn(site, parameters, options);
      if (options.side === 'input') return linear(add(x, byBlocks(x, turning)), weight);
      const y = linear(x, weight);
      return add(y, byBlocks(y, transpose(turning, [0, 2, 1])));
    },
  parameterCount(site, options) {
    const [rotations, angles] = rotationShape(site, options);
    return rotations * angles;
  },
});

function blocksAt(site: Site, { side, blockSize, blocks }: Options): Blocks {
  const sideSize = side === 'input' ? site.in : site.out;
  const [what, value] =
    blocks === undefined ? ['oft: blockSize', blockSize] : ['oft: blocks', blocks];
  requireDivisor(site, { what, value, side, size: sideSize });
  const size = blocks === undefined ? blockSize : sideSize / blocks;
  if (size < 2) {
    throw new AdapterError(
      'BLOCK_TOO_SMALL',
      `oft: blocks = ${value} leaves ${site.name} (${site.out} x ${site.in}) blocks of one ${side}, which cannot turn; use ${Math.floor(sideSize / 2)} blocks at most`,
    );
  }
  return { size, count: sideSize / size };
}

/** Rotations, and the entries of each above the diagonal. */
function rotationShape(site: Site, options: Options): readonly [number, number] {
  const { count, size } = blocksAt(site, options);
  return [options.shared ? 1 : count, (size * (size - 1)) / 2];
}

/** R − I by blocks: [blocks or 1, n, n]. */
function turn(site: Site, parameters: SiteParameters, options: Options): Value {
  const { size } = blocksAt(site, options);
  const skew = skewSymmetric(parameter(parameters, 'rotation'), size);
  const { neumannTerms } = options;
  return neumannTerms === undefined ? cayley(skew) : neumannSeries(skew, neumannTerms);
}

/** Every block of the last axis times its matrix: x [..., blocks·n], matrices [blocks or 1, n, n] → [..., blocks·n]. */
function byBlocks(x: Value, matrices: Value): Value {
  const last = axisSize(x, -1);
  const size = axisSize(matrices, 1);
  if (matrices.shape[0] === 1) {
    return reshape(matmul(rowsOf(x, size), reshape(matrices, [size, size])), x.shape);
  }
  const rows = axisSize(rowsOf(x, last), 0);
  const blocks = transpose(reshape(x, [rows, last / size, size]), [1, 0, 2]); // [blocks, T, n]
  return reshape(transpose(matmul(blocks, matrices), [1, 0, 2]), x.shape);
}
