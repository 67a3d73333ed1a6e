/** @file Table 2 of the DiffuseKronA supplement (arXiv 2402.17412), as printed: parameters of KronA on SDXL. */
import * as z from 'zod';
import { packageFile } from '../platform/paths.ts';
import { readJson } from '../storage/files/json-file.ts';

const tableSchema = z.object({
  rows: z.array(z.object({ a1: z.number(), a2: z.number(), parameters: z.number() })),
});

/** The sizes a1 x a2 of A, in the paper's order; the targets are SDXL's 560 attention matrices. */
export interface PaperGrid {
  readonly a1: readonly number[];
  readonly a2: readonly number[];
  readonly printed: (a1: number, a2: number) => number | undefined;
}

/** Reads the table. */
export async function paperGrid(): Promise<PaperGrid> {
  const path = packageFile('experiments/paper/table2.json');
  const { rows } = tableSchema.parse(await readJson(path, 'table'));
  return {
    a1: [...new Set(rows.map((row) => row.a1))],
    a2: [...new Set(rows.map((row) => row.a2))],
    printed: (a1, a2) => rows.find((row) => row.a1 === a1 && row.a2 === a2)?.parameters,
  };
}
