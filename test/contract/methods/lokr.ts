/** @file The contract of LoKr. */
import type { Site } from '../../../src/nn/index.ts';
import {
  type Contract,
  type DeltaWeight,
  type Matrices,
  named,
  never,
  uniform,
} from '../contract.ts';
import { kron, type Matrix, product, times } from '../matrix.ts';
import { convolutions, linearSite, narrow, rows, squares, uneven } from '../sites.ts';
import { withDora, withInputDora } from './low-rank.ts';

/** A factor as it stands, or multiplied out. */
function factor(own: Matrices, name: 'w1' | 'w2'): Matrix {
  return own[name] ?? product(named(own, `${name}_a`), named(own, `${name}_b`));
}

const lokrDelta =
  (scale = 1): DeltaWeight =>
  (own) =>
    times(kron(factor(own, 'w1'), factor(own, 'w2')), scale);

/** Counts by size; each worked out by hand beside its case. */
const counts = (bySize: Readonly<Record<string, number>>) => (site: Site) =>
  bySize[`${site.out} x ${site.in}`] ?? Number.NaN;

const attention = linearSite(24, 20, 'mid.attn2.to_k');

export const lokr: Contract = {
  cases: [
    {
      // (4,6)², (6,8) x (4,8), (8,12) x (8,8): w1 full, w2 of rank 2.
      options: { rank: 2 },
      sites: squares,
      deltaWeight: lokrDelta(),
      count: counts({
        '24 x 24': 4 * 4 + 2 * (6 + 6),
        '48 x 32': 6 * 4 + 2 * (8 + 8),
        '96 x 64': 8 * 8 + 2 * (12 + 8),
      }),
    },
    {
      // (2,5) x (3,5): the rank is not below half of 5, nor of 3: both full, and alpha means nothing.
      options: { rank: 3, alpha: 1, decomposeBoth: true },
      sites: [narrow],
      deltaWeight: lokrDelta(),
      count: counts({ '10 x 15': 2 * 3 + 5 * 5 }),
    },
    {
      // 4 divides all: (4,6)², (4,12) x (4,8): both factors are products of rank 1.
      options: { factor: 4, rank: 1, alpha: 3, decomposeBoth: true },
      sites: squares.slice(0, 2),
      deltaWeight: lokrDelta(3),
      count: counts({ '24 x 24': 4 + 4 + 6 + 6, '48 x 32': 4 + 4 + 12 + 8 }),
    },
    {
      // 8 x 12 of 96 and 8 x 8 of 64, whatever the rank.
      options: { factor: 8, full: true, scale: -0.5, alpha: 7 },
      sites: [linearSite(96, 64)],
      deltaWeight: lokrDelta(-0.5),
      count: counts({ '96 x 64': 8 * 8 + 12 * 8 }),
    },
    {
      // 5 x 3 of 15 with the larger number first, as PEFT orders it; w1 is a product, w2 is not.
      options: { rank: 2, alpha: 1, decomposeBoth: true, factors: { to_q: [5, 5] } },
      sites: [narrow],
      deltaWeight: lokrDelta(0.5),
      count: counts({ '10 x 15': 2 * (5 + 5) + 2 * 3 }),
    },
    {
      options: { rank: 1, alpha: 4, rankStabilized: true },
      sites: rows,
      deltaWeight: lokrDelta(4),
      count: counts({ '1 x 7': 1 + (1 + 7), '7 x 1': 1 + (7 + 1) }),
    },
    {
      // Channels are factored, (2,5) x (2,3), (2,2) x (2,3), (2,3) x (2,2); the second factor carries the kernel.
      options: { rank: 1, alpha: 2 },
      sites: [...convolutions, uneven],
      deltaWeight: lokrDelta(2),
      count: counts({
        '10 x 54': 2 * 2 + (5 + 3 * 9),
        '4 x 6': 2 * 2 + (2 + 3),
        '6 x 12': 2 * 2 + (3 + 2 * 3),
      }),
    },
    withInputDora({
      options: { rank: 2, alpha: 1 },
      sites: [convolutions[0] ?? narrow],
      deltaWeight: lokrDelta(0.5),
      count: counts({ '10 x 54': 2 * 2 + 2 * (5 + 3 * 9) }),
    }),
    withDora({
      options: { rank: 2, alpha: 1 },
      sites: [...squares.slice(0, 2), convolutions[0] ?? narrow],
      deltaWeight: lokrDelta(0.5),
      count: counts({
        '24 x 24': 4 * 4 + 2 * (6 + 6),
        '48 x 32': 6 * 4 + 2 * (8 + 8),
        '10 x 54': 2 * 2 + 2 * (5 + 3 * 9),
      }),
    }),
  ],
  starts: [
    {
      // w1 is 64 x 32, w2 is 64 x 64: U(±1/√fan_in) and zero.
      options: { factor: -1, full: true },
      moments: { w1: uniform(1 / Math.sqrt(32)), w2: never },
    },
    {
      options: { rank: 31, factor: -1, decomposeBoth: true, factors: { to_q: [64, 64] } },
      moments: {
        w1_a: uniform(1 / Math.sqrt(31)),
        w1_b: uniform(1 / Math.sqrt(64)),
        w2_a: uniform(1 / Math.sqrt(31)),
        w2_b: never,
      },
    },
  ],
  refusals: [
    {
      options: { factors: { to_k: [5, 4] } },
      site: attention,
      code: 'FACTOR_DOES_NOT_DIVIDE',
      says: ['mid.attn2.to_k (24 x 20)', 'factors[0] = 5', 'output size 24', 'near it 4, 6, 3'],
    },
    {
      options: { factors: { to_k: [4, 3] } },
      site: attention,
      code: 'FACTOR_DOES_NOT_DIVIDE',
      says: ['factors[1] = 3', 'input size 20', 'of all: 1, 2, 4, 5, 10, 20'],
    },
  ],
};
