/** @file What the methods with a rank share: its options, and the factor on what they add. */
import * as z from 'zod';

/** Options of a method whose ΔW is a product of inner size `rank`. */
export function rankOptions(defaultRank: number) {
  return {
    rank: z
      .number()
      .int()
      .positive()
      .default(defaultRank)
      .describe('inner size of the products that are trained'),
    alpha: z
      .number()
      .positive()
      .optional()
      .describe('scale is alpha / rank; the rank where not given'),
    rankStabilized: z
      .boolean()
      .default(false)
      .describe('scale by alpha / √rank instead, which keeps steps alike at any rank'),
  };
}

interface RankOptions {
  readonly rank: number;
  readonly alpha?: number | undefined;
  readonly rankStabilized: boolean;
}

/** α/r, or α/√r where rank-stabilised (Kalajdzievski 2023). */
export function rankScale({ rank, alpha = rank, rankStabilized }: RankOptions): number {
  return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
}
