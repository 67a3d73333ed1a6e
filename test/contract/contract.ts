/** @file What every registered adapter promises, stated a second time: options to try, and results by another method. */
import type { Site } from '../../src/nn/index.ts';
import type { Matrix } from './matrix.ts';

export type Options = Readonly<Record<string, unknown>>;

/** Parameters and constants of a site, in float64. */
export type Matrices = Readonly<Record<string, Matrix>>;

/** A frozen weight [out, in] and its site. */
export interface Frozen {
  readonly site: Site;
  readonly weight: Matrix;
}

/** ΔW on the host: [out, in], of a table its new rows. */
export type DeltaWeight = (matrices: Matrices, frozen: Frozen) => Matrix;

/** One set of options and the sites it is tried at. */
export interface ContractCase {
  readonly options: Options;
  readonly sites: readonly Site[];
  readonly deltaWeight: DeltaWeight;
  /** ΔW with what the gradient takes for constant held at its value for some matrices. */
  readonly held?: (around: Matrices, frozen: Frozen) => DeltaWeight;
  /** Trainable parameters of a site. */
  readonly count: (site: Site) => number;
  /** Why ΔW is not exactly zero at the start, and how large it may be relative to W. */
  readonly startsMoved?: { readonly why: string; readonly atMost: number };
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
  /** Of parameters that are drawn; those computed from the weight are left out. */
  readonly starts: readonly {
    readonly options: Options;
    readonly moments: Readonly<Record<string, Moments>>;
  }[];
  readonly refusals: readonly Refusal[];
}

export const never: Moments = { deviation: 0, bound: 0 };
export const normal = (deviation: number): Moments => ({
  deviation,
  bound: Number.POSITIVE_INFINITY,
});
export const uniform = (bound: number): Moments => ({ deviation: bound / Math.sqrt(3), bound });

export function named(matrices: Matrices, name: string): Matrix {
  const found = matrices[name];
  if (found === undefined) throw new Error(`the adapter has no parameter ${name}`);
  return found;
}
