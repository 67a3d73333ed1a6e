/** @file What every registered adapter promises, stated a second time: options to try, and results by another method. */
import type { AdapterName } from '../../src/adapters/index.ts';
import type { Site } from '../../src/nn/index.ts';
import { kron, matmul } from '../../src/tensor/linear-algebra.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';

export type Tensors = Readonly<Record<string, Tensor<'f32'>>>;
export type Options = Readonly<Record<string, unknown>>;

/** One set of options and the sites it is tried at. */
export interface ContractCase {
  readonly options: Options;
  readonly sites: readonly Site[];
  /** ΔW [out, in] from the parameters, on the host. */
  readonly deltaWeight: (tensors: Tensors) => Tensor<'f32'>;
  /** Trainable parameters of a site. */
  readonly count: (site: Site) => number;
  /** Why ΔW is not zero at the start; it must be where this is left out. */
  readonly startsMoved?: string;
}

/** Distribution that a parameter starts from. */
export interface Moments {
  readonly deviation: number;
  /** Largest absolute value there can be; infinite for normals. */
  readonly bound: number;
}

/** Options that cannot be used at a site. */
export interface Refusal {
  readonly options: Options;
  readonly site: Site;
  readonly code: string;
  /** Parts of the message: what was asked, and what would work. */
  readonly says: readonly string[];
}

export interface Contract {
  readonly cases: readonly ContractCase[];
  readonly starts: readonly {
    readonly options: Options;
    readonly moments: Readonly<Record<string, Moments>>;
  }[];
  readonly refusals: readonly Refusal[];
}

export function site(out: number, inner: number, name = 'block.attn1.to_q'): Site {
  return { name, kind: 'linear', out, in: inner };
}

/** Large, so that a sample of its parameters shows their moments. */
export const largeSite = site(4096, 2048);

const squares = [site(24, 24), site(48, 32), site(96, 64)];
const narrow = site(10, 15);
const rows = [site(1, 7), site(7, 1)];

const never: Moments = { deviation: 0, bound: 0 };
const normal = (deviation: number): Moments => ({ deviation, bound: Number.POSITIVE_INFINITY });
const uniform = (bound: number): Moments => ({ deviation: bound / Math.sqrt(3), bound });

function scaled(source: Tensor<'f32'>, factor: number): Tensor<'f32'> {
  return { ...source, data: source.data.map((value) => value * factor) };
}

function named(tensors: Tensors, name: string): Tensor<'f32'> {
  const found = tensors[name];
  if (found === undefined) throw new Error(`the adapter has no parameter ${name}`);
  return found;
}

const kronecker =
  (scale = 1) =>
  (tensors: Tensors) =>
    scaled(kron(named(tensors, 'A'), named(tensors, 'B')), scale);

/** a1·a2 + d·h / (a1·a2) */
const kroneckerCount = (product: number) => (at: Site) => product + (at.out * at.in) / product;

const lowRank =
  (scale = 1) =>
  (tensors: Tensors) =>
    scaled(matmul(named(tensors, 'B'), named(tensors, 'A')), scale);

const lowRankCount = (rank: number) => (at: Site) => rank * (at.out + at.in);

const krona: Contract = {
  cases: [
    {
      options: { a1: 4, a2: 8 },
      sites: squares,
      deltaWeight: kronecker(),
      count: kroneckerCount(32),
    },
    {
      options: { a1: 2, a2: 16, scale: 0.5 },
      sites: squares.slice(1),
      deltaWeight: kronecker(0.5),
      count: kroneckerCount(32),
    },
    {
      options: { a1: 5, a2: 3, scale: -3 },
      sites: [narrow],
      deltaWeight: kronecker(-3),
      count: kroneckerCount(15),
    },
    {
      // B is a single number.
      options: { a1: 10, a2: 15 },
      sites: [narrow],
      deltaWeight: kronecker(),
      count: kroneckerCount(150),
    },
    {
      // A is a single number.
      options: { a1: 1, a2: 1 },
      sites: [narrow, ...rows],
      deltaWeight: kronecker(),
      count: kroneckerCount(1),
    },
    {
      // The last pattern that matches decides; the default does not even divide.
      options: { a1: 5, a2: 5, factors: { to_q: [2, 3], 'attn*.to_*': [8, 6], 'ff.*': [1, 1] } },
      sites: [site(24, 24)],
      deltaWeight: kronecker(),
      count: kroneckerCount(48),
    },
    {
      options: { a1: 4, a2: 8, initialA: 'zero', initialB: 'kaiming-uniform' },
      sites: squares.slice(0, 1),
      deltaWeight: kronecker(),
      count: kroneckerCount(32),
    },
    {
      options: { a1: 4, a2: 8, initialB: 'xavier-uniform' },
      sites: squares.slice(0, 1),
      deltaWeight: kronecker(),
      count: kroneckerCount(32),
      startsMoved: 'neither factor starts at zero',
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
  ],
  refusals: [
    {
      options: { a1: 7, a2: 8 },
      site: site(24, 24, 'mid.attn2.to_k'),
      code: 'FACTOR_DOES_NOT_DIVIDE',
      says: ['mid.attn2.to_k (24 x 24)', 'a1 = 7', 'output size 24', 'near it 6, 8, 4 would'],
    },
    {
      options: { a1: 1, a2: 64 },
      site: site(24, 20, 'mid.attn2.to_k'),
      code: 'FACTOR_DOES_NOT_DIVIDE',
      says: ['mid.attn2.to_k (24 x 20)', 'a2 = 64', 'input size 20', 'of all: 1, 2, 4, 5, 10, 20'],
    },
    {
      options: { a1: 1, a2: 1, factors: { 'attn2.*': [5, 1] } },
      site: site(24, 20, 'mid.attn2.to_k'),
      code: 'FACTOR_DOES_NOT_DIVIDE',
      says: ['a1 = 5', 'near it 4, 6, 3 would'],
    },
  ],
};

const lora: Contract = {
  cases: [
    { options: {}, sites: squares, deltaWeight: lowRank(), count: lowRankCount(4) },
    {
      options: { rank: 4, alpha: 8 },
      sites: squares.slice(0, 2),
      deltaWeight: lowRank(2),
      count: lowRankCount(4),
    },
    {
      options: { rank: 10, alpha: 1 },
      sites: [narrow],
      deltaWeight: lowRank(0.1),
      count: lowRankCount(10),
    },
    { options: { rank: 1 }, sites: rows, deltaWeight: lowRank(), count: lowRankCount(1) },
  ],
  starts: [
    // A is rank × in: U(±1/√fan_in).
    { options: { rank: 8 }, moments: { A: uniform(1 / Math.sqrt(2048)), B: never } },
  ],
  refusals: [
    {
      options: { rank: 11 },
      site: site(10, 15, 'mid.attn2.to_k'),
      code: 'RANK_TOO_LARGE',
      says: ['mid.attn2.to_k (10 x 15)', 'rank = 11', 'use 10 at most'],
    },
  ],
};

/** A registered adapter without an entry does not compile. */
export const contracts: Readonly<Record<AdapterName, Contract>> = { krona, lora };
