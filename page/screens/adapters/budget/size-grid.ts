/** @file The grid of sizes as rows and columns, and how dark each field is. */
import type { SizedEntry } from '../../../../src/studio/interface/adapter-operations.ts';

export interface SizeGrid {
  readonly a1: readonly number[];
  readonly a2: readonly number[];
  readonly at: (a1: number, a2: number) => SizedEntry | undefined;
  /** 0 for the fewest parameters, 1 for the most, by orders of magnitude. */
  readonly shareOf: (parameters: number) => number;
}

export function sizeGrid(entries: readonly SizedEntry[]): SizeGrid {
  const counts = entries.flatMap(({ parameters }) => parameters ?? []).map(Math.log);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return {
    a1: [...new Set(entries.map(({ a1 }) => a1))],
    a2: [...new Set(entries.map(({ a2 }) => a2))],
    at: (a1, a2) => entries.find((entry) => entry.a1 === a1 && entry.a2 === a2),
    shareOf: (parameters) => (most > least ? (Math.log(parameters) - least) / (most - least) : 1),
  };
}

/** Every size that a file can have, the smallest first. */
export function fileSizes(entries: readonly SizedEntry[]): readonly number[] {
  const sizes = new Set(entries.flatMap(({ fileBytes }) => fileBytes ?? []));
  return [...sizes].sort((a, b) => a - b);
}
