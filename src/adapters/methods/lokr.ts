/** @file LoKr: W + γ·W₁ ⊗ W₂ with the second factor, or both, a low-rank product (LyCORIS; Yeh et al. 2024).
 *
 * Notation: W₁ is l × m, W₂ is k × n with out = l·k and in = m·n. Of a convolution the channels are factored, and W₂
 * carries the kernel: k × (n·height·width).
 */
import * as z from 'zod';
import { matmul, type Value } from '../../graph/index.ts';
import { kernelTaps, type Site } from '../../nn/index.ts';
import type { Shape } from '../../tensor/tensor.ts';
import { defineAdapter, type ParameterSpec, parameter, type SiteParameters } from '../adapter.ts';
import { requireDivisor } from '../algebra/divisors.ts';
import { factorization } from '../algebra/factorization.ts';
import { kaimingUniform, zero } from '../algebra/initial.ts';
import { kronecker, kroneckerLinear } from '../algebra/kronecker.ts';
import { rankOptions, rankScale } from '../algebra/low-rank.ts';
import { doraOptions, magnitudeCount, magnitudes, withMagnitude } from '../algebra/magnitude.ts';
import { scaled } from '../algebra/scaled.ts';
import { factorsOption, statedFactors } from '../algebra/stated-factors.ts';

const schema = z.strictObject({
  factor: z
    .number()
    .int()
    .refine((value) => value === -1 || value > 0, 'a whole number above 0, or -1')
    .default(-1)
    .describe('size of the first factor where it divides; -1: as square as can be'),
  ...rankOptions(8),
  decomposeBoth: z.boolean().default(false).describe('the first factor is a low-rank product too'),
  full: z.boolean().default(false).describe('both factors are full matrices, whatever the rank'),
  factors: factorsOption,
  scale: z.number().default(1).describe('γ, multiplied onto the product of the factors'),
  ...doraOptions,
});

type Options = z.output<typeof schema>;

/** One of the two factors: full, or a product of inner size `rank`. */
interface Factor {
  readonly name: 'w1' | 'w2';
  readonly shape: readonly [number, number];
  readonly decomposed: boolean;
}

export const lokr = defineAdapter({
  name: 'lokr',
  title: 'Kronecker product of a small matrix and a low-rank one, ΔW = W₁ ⊗ W₂ (LyCORIS)',
  defaults: { targets: ['attention'], learningRate: 1e-3 },
  schema,
  linearIn: ({ dora }) => (dora ? [] : ['w2', 'w2_b']),
  parameters(site, options) {
    const [first, second] = factorsAt(site, options);
    return [
      ...factorParameters(first, options.rank),
      ...factorParameters(second, options.rank),
      ...magnitudes(site, options),
    ];
  },
  deltaWeight(adapted, options) {
    const { a, b } = factorValues(adapted.site, adapted.parameters, options);
    return withMagnitude(adapted, kronecker(a, b), options);
  },
  forward: (options) =>
    options.dora
      ? undefined
      : ({ site, x, weight, parameters }) =>
          kroneckerLinear({ x, weight, ...factorValues(site, parameters, options) }),
  parameterCount: (site, options) =>
    factorsAt(site, options)
      .map(({ shape: [rows, columns], decomposed }) =>
        decomposed ? options.rank * (rows + columns) : rows * columns,
      )
      .reduce((sum, count) => sum + count, magnitudeCount(site, options)),
});

/** A factor is a product where the rank is below half of its larger size, as in LyCORIS. */
function factorsAt(site: Site, options: Options): readonly [Factor, Factor] {
  const { rank, full, decomposeBoth } = options;
  const taps = kernelTaps(site);
  const [l, m] = firstFactor(site, site.in / taps, options);
  const [k, n] = [site.out / l, site.in / taps / m];
  const below = (...sizes: readonly number[]) => !full && rank < Math.max(...sizes) / 2;
  return [
    { name: 'w1', shape: [l, m], decomposed: decomposeBoth && below(l, m) },
    { name: 'w2', shape: [k, n * taps], decomposed: below(k, n) },
  ];
}

function firstFactor(site: Site, channels: number, options: Options): readonly [number, number] {
  const [l, m] = statedFactors(site, options.factors) ?? [
    factorization(site.out, options.factor)[0],
    factorization(channels, options.factor)[0],
  ];
  requireDivisor(site, { what: 'lokr: factors[0]', value: l, side: 'output', size: site.out });
  requireDivisor(site, { what: 'lokr: factors[1]', value: m, side: 'input', size: channels });
  return [l, m];
}

/** The second factor starts at zero, in full or by the second matrix of its product. */
function factorParameters({ name, shape, decomposed }: Factor, rank: number): ParameterSpec[] {
  const specification = (suffix: string, of: Shape, isZero: boolean) => ({
    name: `${name}${suffix}`,
    shape: of,
    initial: isZero ? zero : kaimingUniform(of),
  });
  if (!decomposed) return [specification('', shape, name === 'w2')];
  return [
    specification('_a', [shape[0], rank], false),
    specification('_b', [rank, shape[1]], name === 'w2'),
  ];
}

/** W₁, times the factor of the whole, and W₂. Two full factors have no rank to divide by. */
function factorValues(site: Site, parameters: SiteParameters, options: Options) {
  const [first, second] = factorsAt(site, options);
  const byRank = first.decomposed || second.decomposed ? rankScale(options) : 1;
  return {
    a: scaled(factorValue(first, parameters), options.scale * byRank),
    b: factorValue(second, parameters),
  };
}

function factorValue({ name, decomposed }: Factor, parameters: SiteParameters): Value {
  return decomposed
    ? matmul(parameter(parameters, `${name}_a`), parameter(parameters, `${name}_b`))
    : parameter(parameters, name);
}
