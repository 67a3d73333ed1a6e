/** @file KronA: W + γ·A ⊗ B on a frozen W (DiffuseKronA, sec. 3; Edalati et al. 2022).
 *
 * Notation: W is d × h (out × in), A is a1 × a2, B is b1 × b2 with b1 = d/a1 and b2 = h/a2.
 */
import { z } from 'zod';
import { AdapterError } from '../base/errors.ts';
import {
  add,
  linear,
  matmul,
  multiply,
  reshape,
  rowsOf,
  transpose,
  type Value,
  withGradient,
} from '../graph/index.ts';
import { matchesPattern, type Site } from '../nn/index.ts';
import type { Shape } from '../tensor/tensor.ts';
import { type AdaptedProduct, defineAdapter, parameter } from './adapter.ts';
import { divisors, nearestDivisors } from './divisors.ts';
import { type Initialiser, kaimingUniform, normal, xavierUniform, zero } from './initial.ts';

const factor = z.number().int().positive();
const start = z.enum(['normal', 'kaiming-uniform', 'xavier-uniform', 'zero']);

const schema = z.strictObject({
  a1: factor.default(4).describe('rows of A; must divide the output size of every target'),
  a2: factor.default(64).describe('columns of A; must divide the input size of every target'),
  factors: z
    .record(z.string(), z.tuple([factor, factor]))
    .default({})
    .describe(
      'a1 and a2 for sites that match a pattern, the last match winning: { "to_q": [4, 64] }',
    ),
  initialA: start.default('normal').describe('distribution that A starts from'),
  initialB: start.default('zero').describe('distribution that B starts from'),
  scale: z.number().default(1).describe('γ, multiplied onto A ⊗ B'),
});

type Options = z.output<typeof schema>;

/** Sizes of A and B at a site. */
interface Factors {
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
}

export const krona = defineAdapter({
  name: 'krona',
  title: 'Kronecker adapter, ΔW = A ⊗ B (DiffuseKronA)',
  schema,
  parameters(site, options) {
    const { a, b } = factorsAt(site, options);
    return [
      { name: 'A', shape: a, initial: initialiser(options.initialA, a) },
      { name: 'B', shape: b, initial: initialiser(options.initialB, b) },
    ];
  },
  deltaWeight({ parameters }, options) {
    const product = kronecker(parameter(parameters, 'A'), parameter(parameters, 'B'));
    return options.scale === 1 ? product : multiply(product, options.scale);
  },
  forward: (options) => (product) => mergedForward(product, options),
  // a1·a2 + d·h / (a1·a2)
  parameterCount(site, options) {
    const { a, b } = factorsAt(site, options);
    return a[0] * a[1] + b[0] * b[1];
  },
});

function factorsAt(site: Site, options: Options): Factors {
  const matching = Object.entries(options.factors).filter(([pattern]) =>
    matchesPattern(pattern, site.name),
  );
  const [a1, a2] = matching.at(-1)?.[1] ?? [options.a1, options.a2];
  requireDivisor('a1', a1, site.out, site);
  requireDivisor('a2', a2, site.in, site);
  return { a: [a1, a2], b: [site.out / a1, site.in / a2] };
}

function requireDivisor(name: 'a1' | 'a2', value: number, size: number, site: Site): void {
  if (size % value === 0) return;
  const side = name === 'a1' ? 'output' : 'input';
  throw new AdapterError(
    'FACTOR_DOES_NOT_DIVIDE',
    `krona: ${name} = ${value} does not divide the ${side} size ${size} of ${site.name} (${site.out} x ${site.in}); near it ${nearestDivisors(size, value).join(', ')} would, of all: ${divisors(size).join(', ')}`,
  );
}

/**
 * The paper writes N(0, 1/a2); we read its second argument as a standard deviation, as the published code passes it
 * to torch's `normal_`.
 */
function initialiser(kind: z.output<typeof start>, shape: Shape): Initialiser {
  switch (kind) {
    case 'zero':
      return zero;
    case 'normal':
      return normal(1 / (shape[1] ?? 1));
    case 'kaiming-uniform':
      return kaimingUniform(shape);
    case 'xavier-uniform':
      return xavierUniform(shape);
    default:
      return kind satisfies never;
  }
}

/** A ⊗ B: entry (i·b1 + p, j·b2 + q) is A[i, j]·B[p, q]. */
function kronecker(a: Value, b: Value): Value {
  const [a1 = 1, a2 = 1] = a.shape;
  const [b1 = 1, b2 = 1] = b.shape;
  const product = multiply(reshape(a, [a1, 1, a2, 1]), reshape(b, [1, b1, 1, b2])); // [a1, b1, a2, b2]
  return reshape(product, [a1 * b1, a2 * b2]);
}

/**
 * x (W + γ·A ⊗ B)ᵀ with the weight merged, one pass over W whatever the number of tokens, and the factored gradient,
 * which never forms dW and does not need the merged weight again. With X_t the t-th row of x as a2 × b2, D_t the
 * output gradient, times γ, as a1 × b1, and V_t = D_t B:
 *   dA = Σ_t V_t X_tᵀ,  dB = Σ_t D_tᵀ (A X_t),  dX_t = (dY W)_t + Aᵀ V_t.
 */
function mergedForward({ x, weight, parameters }: AdaptedProduct, options: Options): Value {
  const a = parameter(parameters, 'A');
  const b = parameter(parameters, 'B');
  const { scale } = options;
  const delta = kronecker(a, b);
  const merged = add(weight, scale === 1 ? delta : multiply(delta, scale));
  return withGradient(linear(x, merged), [x, a, b, weight], (gradient, ...given) =>
    factoredRules(scale === 1 ? gradient : multiply(gradient, scale), gradient, given),
  );
}

/** The rules of x, A, B and W, given γ·dY and dY. */
function factoredRules(
  scaled: Value,
  gradient: Value,
  [x, a, b, weight]: readonly Value[],
): readonly (() => Value)[] {
  if (!(x && a && b && weight)) return [];
  const [a1 = 1, a2 = 1] = a.shape;
  const [b1 = 1, b2 = 1] = b.shape;
  const rows = rowsOf(gradient, weight.shape[0] ?? 1); // dY: [T, out]
  const folded = tokensLast(matmul(rowsOf(scaled, b1), b), a1, b2); // V: [a1, T·b2]
  return [
    () => {
      const through = tokensFirst(matmul(a, folded, { transposeA: true }), a2, b2); // [T·a2, b2]
      return reshape(add(matmul(rows, weight), rowsOf(through, a2 * b2)), x.shape);
    },
    () => matmul(folded, tokensLast(x, a2, b2), { transposeB: true }),
    () => {
      const mixed = tokensFirst(matmul(a, tokensLast(x, a2, b2)), a1, b2); // A X: [T·a1, b2]
      return matmul(rowsOf(scaled, b1), mixed, { transposeA: true });
    },
    () => matmul(rows, rowsOf(x, a2 * b2), { transposeA: true }), // dW, where W is trained too
  ];
}

/** [..., rows·columns] → [rows, T·columns] */
function tokensLast(x: Value, rows: number, columns: number): Value {
  const tokens = rowsOf(x, rows * columns).shape[0] ?? 1;
  return reshape(transpose(reshape(x, [tokens, rows, columns]), [1, 0, 2]), [
    rows,
    tokens * columns,
  ]);
}

/** [rows, T·columns] → [T·rows, columns] */
function tokensFirst(x: Value, rows: number, columns: number): Value {
  const tokens = (x.shape[1] ?? 1) / columns;
  return reshape(transpose(reshape(x, [rows, tokens, columns]), [1, 0, 2]), [
    tokens * rows,
    columns,
  ]);
}
