/** @file KronA: W + γ·Σ_r A_r ⊗ B_r on a frozen W, by default of one product (DiffuseKronA, sec. 3; Edalati et al. 2022).
 *
 * Notation: W is d × h (out × in), an A is a1 × a2, a B is b1 × b2 with b1 = d/a1 and b2 = h/a2. Several of them are
 * stacked, [R, a1, a2] and [R, b1, b2].
 */

import * as z from 'zod';
import { AdapterError } from '../../base/errors.ts';
import { formatPlural } from '../../base/quantities.ts';
import { required } from '../../base/required.ts';
import type { Site } from '../../nn/index.ts';
import type { Shape } from '../../tensor/tensor.ts';
import { countsWith, defineAdapter, parameter, type SiteParameters } from '../adapter.ts';
import { requireDivisor } from '../algebra/divisors.ts';
import {
  gradientFactors,
  gradientRounds,
  lessStart,
  lessStartTensors,
  startedFactors,
} from '../algebra/gradient-factors.ts';
import {
  type Initialiser,
  kaimingUniform,
  normal,
  xavierUniform,
  zero,
} from '../algebra/initial.ts';
import { kronecker, kroneckerLinear } from '../algebra/kronecker.ts';
import { scaled } from '../algebra/scaled.ts';
import { factorsOption, statedFactors } from '../algebra/stated-factors.ts';

const factor = z.number().int().positive();
const distribution = z.enum([
  ...(['normal', 'normal-wide', 'normal-wide-variance', 'normal-reciprocal'] as const),
  ...(['kaiming-uniform', 'xavier-uniform', 'zero'] as const),
]);

const schema = z.strictObject({
  a1: factor.default(4).describe('rows of A; must divide the output size of every target'),
  a2: factor.default(64).describe('columns of A; must divide the input size of every target'),
  factors: factorsOption,
  terms: factor
    .optional()
    .describe('Kronecker products that are summed, each of factors of its own; 1 where not given'),
  layout: z
    .enum(['kron', 'reference'])
    .default('kron')
    .describe('order of the rows of ΔW: those of A ⊗ B, or of the code published with the paper'),
  start: z
    .enum(['drawn', 'gradient'])
    .optional()
    .describe(
      'drawn: from initialA and initialB, if not given; gradient: the first gradients, as LoRA-GA',
    ),
  gradientBatches: factor
    .optional()
    .describe('batches whose mean gradient that start is from; 8 where not given')
    .meta(countsWith('start', 'gradient')),
  initialA: distribution.default('normal').describe('distribution that A starts from'),
  initialB: distribution.default('zero').describe('distribution that B starts from'),
  scale: z.number().default(1).describe('γ, multiplied onto the product of the factors'),
  learningRateRatio: z
    .number()
    .positive()
    .optional()
    .describe('learning rate of B as a multiple of that of A (LoRA+); 1 where not given'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('probability that a step of training leaves a site as it is'),
});

type Options = z.output<typeof schema>;

/** Sizes of an A and a B at a site. */
interface Factors {
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
}

export const krona = defineAdapter({
  name: 'krona',
  title: 'Kronecker adapter, ΔW = A ⊗ B (DiffuseKronA)',
  defaults: { targets: ['attention'], learningRate: 5e-4 },
  schema,
  dropout: ({ dropout }) => dropout,
  linearIn: (options) => (startsFromGradient(options) ? [] : ['B']),
  // Of two factors the one that starts at zero learns faster (Hayou, Ghosh and Yu 2024, section 4).
  learningRates: ({ learningRateRatio = 1 }) =>
    learningRateRatio === 1 ? {} : { B: learningRateRatio },
  parameters(site, options) {
    const { a, b } = factorsAt(site, options);
    const { terms = 1 } = options;
    if (startsFromGradient(options)) return startedFactors([terms, ...a], [terms, ...b]);
    const stack = terms === 1 ? [] : [terms];
    return [
      { name: 'A', shape: [...stack, ...a], initial: initialiser(options.initialA, a, site) },
      { name: 'B', shape: [...stack, ...b], initial: initialiser(options.initialB, b, site) },
    ];
  },
  gradientStart: (options) =>
    startsFromGradient(options)
      ? {
          batches: options.gradientBatches ?? 8,
          rounds: gradientRounds,
          compute: gradientFactors,
        }
      : undefined,
  // Relative to the base itself: what is trained less what it started as, a sum of twice as many products.
  finished: (options) => {
    if (!startsFromGradient(options)) return undefined;
    const { start: _, gradientBatches: __, terms = 1, ...others } = options;
    return { options: { ...others, terms: 2 * terms }, tensors: lessStartTensors };
  },
  deltaWeight({ parameters }, options) {
    const { a, b } = scaledFactors(parameters, options);
    return kronecker(a, b, options.layout);
  },
  forward:
    (options) =>
    ({ x, weight, parameters }) =>
      kroneckerLinear({
        x,
        weight,
        ...scaledFactors(parameters, options),
        layout: options.layout,
      }),
  // R·(a1·a2 + d·h / (a1·a2))
  parameterCount(site, options) {
    const { a, b } = factorsAt(site, options);
    return (options.terms ?? 1) * (a[0] * a[1] + b[0] * b[1]);
  },
});

function factorsAt(site: Site, options: Options): Factors {
  const [a1, a2] = statedFactors(site, options.factors) ?? [options.a1, options.a2];
  requireDivisor(site, { what: 'krona: a1', value: a1, side: 'output', size: site.out });
  requireDivisor(site, { what: 'krona: a2', value: a2, side: 'input', size: site.in });
  const b = [site.out / a1, site.in / a2] as const;
  requireUsefulTerms(site, Math.min(a1 * a2, b[0] * b[1]), options);
  return { a: [a1, a2], b };
}

/** The rearranged ΔW has a row for each element of A and a column for each of B, so that its rank is at most `most`. */
function requireUsefulTerms({ name, out, in: inner }: Site, most: number, options: Options): void {
  const { terms = 1 } = options;
  const [useful, why] = startsFromGradient(options)
    ? [Math.floor(most / 2), ', half of which a start from gradients keeps']
    : [most, ''];
  if (terms <= useful) return;
  const advice = useful > 0 ? `at most ${useful}, or other factors` : 'other factors';
  throw new AdapterError(
    'TERMS_TOO_MANY',
    `krona: terms = ${terms} are too many: ${formatPlural(most, 'product')} of these factors ${most === 1 ? 'reaches' : 'reach'} every change of ${name} (${out} x ${inner})${why}; take ${advice}`,
    { details: { terms: String(terms), most: String(useful) } },
  );
}

function startsFromGradient({ start }: Options): boolean {
  return start === 'gradient';
}

/** γA and B: A is the smaller one to multiply. */
function scaledFactors(parameters: SiteParameters, options: Options) {
  const { a, b } = startsFromGradient(options)
    ? lessStart(parameters)
    : { a: parameter(parameters, 'A'), b: parameter(parameters, 'B') };
  return { a: scaled(a, options.scale), b };
}

/**
 * The paper writes N(0, 1/a2) and N(0, √min(d, h)); we read the second argument as a standard deviation, as the
 * published code passes it to torch's `normal_`. Two other readings of the second: a variance, and a slip for its
 * reciprocal.
 */
function initialiser(kind: z.output<typeof distribution>, shape: Shape, site: Site): Initialiser {
  switch (kind) {
    case 'zero':
      return zero;
    case 'normal':
      return normal(1 / required(shape, 1));
    // N(0, √min(d, h))
    case 'normal-wide':
      return normal(Math.sqrt(Math.min(site.out, site.in)));
    case 'normal-wide-variance':
      return normal(Math.min(site.out, site.in) ** (1 / 4));
    case 'normal-reciprocal':
      return normal(1 / Math.sqrt(Math.min(site.out, site.in)));
    case 'kaiming-uniform':
      return kaimingUniform(shape);
    case 'xavier-uniform':
      return xavierUniform(shape);
    default:
      return kind satisfies never;
  }
}
