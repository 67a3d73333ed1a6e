/** @file What is known of a claim, before it is put into words. */
import type { Claim } from '../../sweep/spec/spec.ts';
import type { PairedComparison } from '../statistics/paired.ts';

export const verdicts = ['supported', 'contradicted', 'cannot tell', 'not run yet'] as const;
export type Verdict = (typeof verdicts)[number];

export interface Evidence {
  readonly claim: Claim;
  /** Names of the variants that are compared. */
  readonly names: readonly [first: string, second: string];
  readonly verdict: Verdict;
  /** Of scores, where both have some. */
  readonly comparison?: PairedComparison;
  /** Subjects that the sweep has for it. */
  readonly planned: number;
  /** The sweep that has decided it, where another one has the same measurement on as many subjects or more. */
  readonly from?: string;
  /** Two-sided, of the test: against no difference, or against the margin. */
  readonly p?: number;
  /** p after Holm's correction over the tested claims of the file, and how many those are. */
  readonly corrected?: { readonly p: number; readonly claims: number };
  /** The least difference that so many subjects would show in 80 of 100 repetitions. */
  readonly leastSeen?: number;
  /** No outcome with so few subjects could be told from chance. */
  readonly tooFew: boolean;
  /** Of a claim that one is the best: how many there are. The second name is of the one that decides. */
  readonly among?: number;
  /** Of a claim about parameters. */
  readonly counts?: readonly [first: number, second: number];
}
