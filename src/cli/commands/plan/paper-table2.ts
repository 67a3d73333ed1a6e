/** @file Table 2 of the DiffuseKronA supplement (arXiv 2402.17412), as printed: parameters of KronA on SDXL. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const tableSchema = z.object({
  rows: z.array(z.object({ a1: z.number(), a2: z.number(), parameters: z.number() })),
});

/** The sizes a1 x a2 of A, in the paper's order; the targets are SDXL's 560 attention matrices. */
export interface PaperGrid {
  readonly a1: readonly number[];
  readonly a2: readonly number[];
  readonly printed: (a1: number, a2: number) => number | undefined;
}

/** Reads the table; two levels above this file, in the sources and in the built package alike. */
export function paperGrid(): PaperGrid {
  const path = new URL('../../../../experiments/paper/table2.json', import.meta.url);
  const { rows } = tableSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return {
    a1: [...new Set(rows.map((row) => row.a1))],
    a2: [...new Set(rows.map((row) => row.a2))],
    printed: (a1, a2) => rows.find((row) => row.a1 === a1 && row.a2 === a2)?.parameters,
  };
}
