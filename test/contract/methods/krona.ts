/** @file The contract of KronA. */
import type { Site } from '../../../src/nn/index.ts';
import { type Contract, type DeltaWeight, named, never, normal, uniform } from '../contract.ts';
import { at, kron, type Matrix, matrix, plus, times } from '../matrix.ts';
import { convolutions, linearSite, narrow, rows, squares, uneven } from '../sites.ts';

const kronecker =
  (scale = 1): DeltaWeight =>
  (own) =>
    times(kron(named(own, 'A'), named(own, 'B')), scale);

/** Entry by entry, as the published code is described: ΔW[p·a1 + q, i·b2 + j] = A[q, i]·B[p, j]. */
const published: DeltaWeight = (own) => {
  const [a, b] = [named(own, 'A'), named(own, 'B')];
  return matrix(
    a.rows * b.rows,
    a.columns * b.columns,
    (row, column) =>
      at(a, row % a.rows, Math.floor(column / b.columns)) *
      at(b, Math.floor(row / a.rows), column % b.columns),
  );
};

/** A term of a stack, which stands in a row of its own. */
function termOf(stack: Matrix, term: number, [rows, columns]: readonly [number, number]): Matrix {
  return matrix(rows, columns, (i, j) => at(stack, term, i * columns + j));
}

/** Σ over stacks of `terms` factors, each product by a rule for one. */
const summed =
  (terms: number, [a1, a2]: readonly [number, number], rule: DeltaWeight): DeltaWeight =>
  (own, frozen) => {
    const { out, in: inner } = frozen.site;
    const each = Array.from({ length: terms }, (_, term) => {
      const A = termOf(named(own, 'A'), term, [a1, a2]);
      const B = termOf(named(own, 'B'), term, [out / a1, inner / a2]);
      return rule({ A, B }, frozen);
    });
    return each.reduce((sum, delta) => plus(sum, delta));
  };

/** What a sum is less what it started as. */
const lessStart =
  (terms: number, sizes: readonly [number, number], rule: DeltaWeight): DeltaWeight =>
  (own, frozen) => {
    const sum = summed(terms, sizes, rule);
    const [A, B] = [named(own, 'startA'), named(own, 'startB')];
    return plus(sum(own, frozen), sum({ A, B }, frozen), -1);
  };

/** R·(a1·a2 + d·h / (a1·a2)) */
const count =
  (product: number, terms = 1) =>
  (site: Site) =>
    terms * (product + (site.out * site.in) / product);

const attention = (out: number, inner: number) => linearSite(out, inner, 'mid.attn2.to_k');

export const krona: Contract = {
  cases: [
    { options: { a1: 4, a2: 8 }, sites: squares, deltaWeight: kronecker(), count: count(32) },
    {
      options: { a1: 2, a2: 16, scale: 0.5, dropout: 0.1, learningRateRatio: 4 },
      sites: squares.slice(1, 2),
      deltaWeight: kronecker(0.5),
      count: count(32),
    },
    {
      options: { a1: 5, a2: 3, scale: -3 },
      sites: [narrow],
      deltaWeight: kronecker(-3),
      count: count(15),
    },
    {
      // B is a single number.
      options: { a1: 10, a2: 15 },
      sites: [narrow],
      deltaWeight: kronecker(),
      count: count(150),
    },
    {
      // A is a single number.
      options: { a1: 1, a2: 1 },
      sites: [narrow, ...rows],
      deltaWeight: kronecker(),
      count: count(1),
    },
    {
      options: { a1: 4, a2: 8, layout: 'reference' },
      sites: squares.slice(0, 2),
      deltaWeight: published,
      count: count(32),
    },
    {
      options: { a1: 2, a2: 6, layout: 'reference' },
      sites: [...convolutions, uneven],
      deltaWeight: published,
      count: count(12),
    },
    {
      options: { a1: 2, a2: 3 },
      sites: [...convolutions, uneven],
      deltaWeight: kronecker(),
      count: count(6),
    },
    {
      // The last pattern that matches decides; the default does not even divide.
      options: { a1: 5, a2: 5, factors: { to_q: [2, 3], 'attn*.to_*': [8, 6], 'ff.*': [1, 1] } },
      sites: [linearSite(24, 24)],
      deltaWeight: kronecker(),
      count: count(48),
    },
    {
      options: { a1: 4, a2: 8, initialA: 'zero', initialB: 'kaiming-uniform' },
      sites: squares.slice(0, 1),
      deltaWeight: kronecker(),
      count: count(32),
    },
    {
      options: { a1: 4, a2: 8, initialB: 'xavier-uniform' },
      sites: squares.slice(0, 1),
      deltaWeight: kronecker(),
      count: count(32),
      startsMoved: { why: 'neither factor starts at zero', atMost: Number.POSITIVE_INFINITY },
    },
    {
      options: { a1: 4, a2: 8, terms: 3, scale: -0.5 },
      sites: squares.slice(0, 2),
      deltaWeight: summed(3, [4, 8], kronecker(-0.5)),
      count: count(32, 3),
    },
    {
      options: { a1: 2, a2: 6, terms: 2, layout: 'reference' },
      sites: [...convolutions, uneven],
      deltaWeight: summed(2, [2, 6], published),
      count: count(12, 2),
    },
    {
      options: { a1: 4, a2: 8, start: 'gradient', scale: 0.5 },
      sites: squares.slice(0, 1),
      deltaWeight: lessStart(1, [4, 8], kronecker(0.5)),
      count: count(32),
    },
    {
      options: { a1: 2, a2: 3, terms: 2, layout: 'reference', start: 'gradient' },
      sites: [...convolutions.slice(0, 1), uneven],
      deltaWeight: lessStart(2, [2, 3], published),
      count: count(6, 2),
    },
    {
      // One is one, whether it is said or not.
      options: { a1: 4, a2: 8, terms: 1 },
      sites: squares.slice(0, 1),
      deltaWeight: kronecker(),
      count: count(32),
    },
  ],
  starts: [
    {
      // N(0, 1/a2), with the second argument as the deviation.
      options: { a1: 64, a2: 32 },
      moments: { A: normal(1 / 32), B: never },
    },
    {
      // A: U(±1/√fan_in). B is 64 × 64: U(±√(6 / 128)).
      options: { a1: 64, a2: 32, initialA: 'kaiming-uniform', initialB: 'xavier-uniform' },
      moments: { A: uniform(1 / Math.sqrt(32)), B: uniform(Math.sqrt(6 / 128)) },
    },
    {
      options: { a1: 64, a2: 32, initialA: 'zero', initialB: 'normal' },
      moments: { A: never, B: normal(1 / 64) },
    },
    {
      // Each term as if it were alone.
      options: { a1: 64, a2: 32, terms: 2, initialB: 'xavier-uniform' },
      moments: { A: normal(1 / 32), B: uniform(Math.sqrt(6 / 128)) },
    },
    {
      // Directions to try, until there are gradients.
      options: { a1: 64, a2: 32, start: 'gradient' },
      moments: { A: never, B: normal(1), startA: never, startB: normal(1) },
    },
  ],
  refusals: [
    {
      options: { a1: 7, a2: 8 },
      site: attention(24, 24),
      code: 'FACTOR_DOES_NOT_DIVIDE',
      says: ['mid.attn2.to_k (24 x 24)', 'a1 = 7', 'output size 24', 'near it 6, 8, 4 would'],
    },
    {
      options: { a1: 1, a2: 64 },
      site: attention(24, 20),
      code: 'FACTOR_DOES_NOT_DIVIDE',
      says: ['mid.attn2.to_k (24 x 20)', 'a2 = 64', 'input size 20', 'of all: 1, 2, 4, 5, 10, 20'],
    },
    {
      options: { a1: 1, a2: 1, factors: { 'attn2.*': [5, 1] } },
      site: attention(24, 20),
      code: 'FACTOR_DOES_NOT_DIVIDE',
      says: ['a1 = 5', 'near it 4, 6, 3 would'],
    },
    {
      // B has 6 · 5 numbers, A 4 · 4.
      options: { a1: 4, a2: 4, terms: 17 },
      site: attention(24, 20),
      code: 'TERMS_TOO_MANY',
      says: ['terms = 17', '16 products', 'mid.attn2.to_k (24 x 20)', 'take at most 16'],
    },
    {
      options: { a1: 4, a2: 4, terms: 9, start: 'gradient' },
      site: attention(24, 20),
      code: 'TERMS_TOO_MANY',
      says: ['terms = 9', 'half of which', 'take at most 8'],
    },
    {
      options: { a1: 1, a2: 1, start: 'gradient' },
      site: attention(24, 20),
      code: 'TERMS_TOO_MANY',
      says: ['terms = 1', '1 product of these factors reaches', 'take other factors'],
    },
  ],
};
