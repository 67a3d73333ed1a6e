/** @file The contracts of OFT and SVDiff, which change what the weight itself is made of. */
import type { Site } from '../../../src/nn/index.ts';
import { type Contract, type DeltaWeight, named, never } from '../contract.ts';
import {
  at,
  identity,
  inverse,
  type Matrix,
  matrix,
  plus,
  product,
  rowsTimes,
  times,
  transposed,
} from '../matrix.ts';
import { convolutions, linearSite, narrow, rows, squares, uneven } from '../sites.ts';

/** The skew-symmetric matrix whose entries above the diagonal are one row of the parameter. */
function skew(entries: Matrix, row: number, size: number): Matrix {
  // Entries of row i start after those of the rows above: Σ (size − 1 − k) for k < i.
  const entry = (i: number, j: number) =>
    at(entries, row, (i * (2 * size - i - 1)) / 2 + (j - i - 1));
  return matrix(size, size, (i, j) => (i === j ? 0 : i < j ? entry(i, j) : -entry(j, i)));
}

/** (I − Q)(I + Q)⁻¹ */
const exact = (q: Matrix) =>
  product(plus(identity(q.rows), q, -1), inverse(plus(identity(q.rows), q)));

/** Σ c_k Qᵏ */
const series =
  (...coefficients: readonly number[]) =>
  (q: Matrix) => {
    let power = identity(q.rows);
    let total = times(power, 0);
    for (const coefficient of coefficients) {
      total = plus(total, power, coefficient);
      power = product(power, q);
    }
    return total;
  };

/** R of a side, with its blocks along the diagonal. */
function whole(entries: Matrix, side: number, block: number, rotation: (q: Matrix) => Matrix) {
  const blocks = Array.from({ length: entries.rows }, (_, b) => rotation(skew(entries, b, block)));
  return matrix(side, side, (i, j) => {
    const which = blocks[blocks.length === 1 ? 0 : Math.floor(i / block)];
    if (Math.floor(i / block) !== Math.floor(j / block) || which === undefined) return 0;
    return at(which, i % block, j % block);
  });
}

/** W Rᵀ − W */
const rotated =
  (size: number | 'half', rotation: (q: Matrix) => Matrix): DeltaWeight =>
  (own, { site, weight }) => {
    const block = size === 'half' ? site.in / 2 : size;
    const turned = whole(named(own, 'rotation'), site.in, block, rotation);
    return plus(product(weight, transposed(turned)), weight, -1);
  };

/** R W − W */
const rotatedOutputs =
  (block: number): DeltaWeight =>
  (own, { site, weight }) => {
    const turned = whole(named(own, 'rotation'), site.out, block, exact);
    return plus(product(turned, weight), weight, -1);
  };

const angles = (size: number) => (size * (size - 1)) / 2;

export const oft: Contract = {
  cases: [
    {
      options: { blockSize: 8 },
      sites: squares.slice(0, 2),
      deltaWeight: rotated(8, exact),
      count: (site: Site) => (site.in / 8) * angles(8),
    },
    {
      options: { blockSize: 3 },
      sites: [narrow, ...convolutions, uneven],
      deltaWeight: rotated(3, exact),
      count: (site: Site) => (site.in / 3) * angles(3),
    },
    {
      options: { side: 'output', blockSize: 4 },
      sites: [...squares.slice(0, 2), linearSite(8, 5)],
      deltaWeight: rotatedOutputs(4),
      count: (site: Site) => (site.out / 4) * angles(4),
    },
    {
      options: { blocks: 2 },
      sites: [linearSite(24, 24), linearSite(5, 10)],
      deltaWeight: rotated('half', exact),
      count: (site: Site) => 2 * angles(site.in / 2),
    },
    {
      options: { blockSize: 4, shared: true },
      sites: [linearSite(24, 24), uneven],
      deltaWeight: rotated(4, exact),
      count: () => angles(4),
    },
    {
      // All inputs together.
      options: { blockSize: 7 },
      sites: rows.slice(0, 1),
      deltaWeight: rotated(7, exact),
      count: () => angles(7),
    },
    {
      options: { blockSize: 4, neumannTerms: 5 },
      sites: [linearSite(24, 24)],
      deltaWeight: rotated(4, series(1, 2, 2, 2, 1)),
      count: (site: Site) => (site.in / 4) * angles(4),
    },
    {
      options: { blockSize: 2, neumannTerms: 2, shared: true },
      sites: [linearSite(3, 8)],
      deltaWeight: rotated(2, series(1, 2)),
      count: () => 1,
    },
    {
      options: { blockSize: 3, neumannTerms: 3 },
      sites: [narrow],
      deltaWeight: rotated(3, series(1, 2, 2, 1)),
      count: (site: Site) => (site.in / 3) * angles(3),
    },
  ],
  starts: [{ options: {}, moments: { rotation: never } }],
  refusals: [
    {
      options: { blockSize: 7 },
      site: linearSite(24, 20, 'mid.attn2.to_k'),
      code: 'FACTOR_DOES_NOT_DIVIDE',
      says: ['mid.attn2.to_k (24 x 20)', 'blockSize = 7', 'input size 20', 'near it 5, 4, 10'],
    },
    {
      options: { blocks: 3 },
      site: linearSite(24, 20),
      code: 'FACTOR_DOES_NOT_DIVIDE',
      says: ['blocks = 3', 'near it 2, 4, 1'],
    },
    {
      options: { blocks: 20 },
      site: linearSite(24, 20),
      code: 'BLOCK_TOO_SMALL',
      says: ['blocks = 20', 'use 10 blocks at most'],
    },
  ],
};

/** U·diag(s)·Uᵀ·W or W·V·diag(s)·Vᵀ with s = (max(0, σ + δ) − σ)/σ */
const shifted: DeltaWeight = (own, { site, weight }) => {
  const [values, shifts] = [named(own, 'values'), named(own, 'shifts')];
  const change = matrix(values.rows, 1, (i) => {
    const value = at(values, i, 0);
    return (Math.max(0, value + at(shifts, i, 0)) - value) / value;
  });
  const rows = named(own, 'vectors');
  const inner = product(transposed(rows), rowsTimes(rows, change));
  return site.out > site.in ? product(weight, inner) : product(inner, weight);
};

export const svdiff: Contract = {
  cases: [
    {
      options: {},
      sites: [...squares.slice(0, 2), narrow, ...rows, ...convolutions, uneven],
      deltaWeight: shifted,
      count: (site: Site) => Math.min(site.out, site.in),
    },
  ],
  starts: [{ options: {}, moments: { shifts: never } }],
  refusals: [],
};
