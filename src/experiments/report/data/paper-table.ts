/** @file The tables of the paper's supplement (arXiv 2402.17412), as printed, and the row that stands beside a variant. */
import * as z from 'zod';
import { ConfigError, ModelError } from '../../../base/errors.ts';
import { schemaProblems } from '../../../base/messages/schema-problems.ts';
import { didYouMean } from '../../../base/nearest.ts';
import { packageFile } from '../../../platform/paths.ts';
import { readJson } from '../../../storage/files/json-file.ts';
import type { ResultVariant } from '../../sweep/run/results.ts';
import type { Measure } from '../../sweep/spec/spec.ts';
import { settingValue } from '../words/number-words.ts';

/** A number as printed, with its deviation where the table has one. */
export interface PaperScore {
  readonly mean: number;
  readonly std?: number | undefined;
}

const scoreSchema = z.union([
  z.number().transform((mean): PaperScore => ({ mean })),
  z.strictObject({ mean: z.number(), std: z.number() }),
]);

const rowSchema = z.looseObject({
  method: z.string().optional(),
  setting: z.string().optional(),
  subject: z.string().optional(),
  a1: z.number().optional(),
  a2: z.number().optional(),
  /** Exact, or as short as the table has it: "5.8M". */
  parameters: z.union([z.number(), z.string()]).optional(),
  clipI: scoreSchema.optional(),
  clipT: scoreSchema.optional(),
  dino: scoreSchema.optional(),
});

const tableSchema = z.looseObject({
  /** The model it is of; the tables of DreamBench mix several. */
  base: z.string().optional(),
  rows: z.array(rowSchema).min(1),
});

export const paperTables = ['table1', 'table2', 'table3', 'table4', 'table5'] as const;
type PaperTableName = (typeof paperTables)[number];

export interface PaperRow {
  /** "LoRA-DreamBooth, rank=4", "a1=4, a2=64", or a subject: "Teapot". */
  readonly name: string;
  readonly parameters?: number | string | undefined;
  readonly scores: Readonly<Partial<Record<Measure, PaperScore>>>;
}

export interface PaperTable {
  readonly name: PaperTableName;
  /** "Table 3" */
  readonly title: string;
  /** "SDXL" */
  readonly base: string | undefined;
  /** Whether a row is a subject; otherwise it is a method with its settings. */
  readonly bySubject: boolean;
  readonly rows: readonly PaperRow[];
}

/**
 * Reads a table by the name that a sweep gives it.
 *
 * @throws ConfigError PAPER_TABLE
 */
export async function readPaperTable(name: string): Promise<PaperTable> {
  const known = paperTables.find((table) => table === name);
  if (known === undefined) {
    throw new ConfigError(
      'PAPER_TABLE',
      `the paper has no table "${name}"${didYouMean(name, paperTables)}; its tables are ${paperTables.join(', ')}`,
    );
  }
  const path = packageFile(`experiments/paper/${known}.json`);
  const found = await readJson(path, 'table of the paper');
  const parsed = tableSchema.safeParse(found);
  if (!parsed.success) {
    throw new ModelError(
      'PAPER_DAMAGED',
      `${path} is damaged: ${schemaProblems(tableSchema, found, parsed.error)}; install the package again`,
    );
  }
  const { base, rows } = parsed.data;
  return {
    name: known,
    title: known.replace('table', 'Table '),
    base,
    bySubject: rows.every(({ subject }) => subject !== undefined),
    rows: rows.map(paperRow),
  };
}

function paperRow(row: z.output<typeof rowSchema>): PaperRow {
  const { method, setting, subject, a1, a2, parameters, clipI, clipT, dino } = row;
  const factors = a1 === undefined || a2 === undefined ? undefined : `a1=${a1}, a2=${a2}`;
  const name = [subject, method, setting, factors].filter((part) => part !== undefined).join(', ');
  const scores = Object.entries({ clipI, clipT, dino }).filter(([, value]) => value !== undefined);
  return { name, parameters, scores: Object.fromEntries(scores) };
}

/** Rows of a grid are named by what varies, whatever the case. */
const usualRow: Readonly<Partial<Record<PaperTableName, string>>> = {
  table2: 'a1={adapter.a1}, a2={adapter.a2}',
};

/**
 * The row beside a variant; undefined where the table has none, or none was named.
 *
 * @param template the case's `paper`: a row's name, with `{path}` in place of what varies
 */
export function rowBeside(
  table: PaperTable,
  variant: Pick<ResultVariant, 'factors'>,
  template = usualRow[table.name],
): PaperRow | undefined {
  const name = template?.replaceAll(/\{([^}]+)\}/g, (_, path: string) =>
    settingValue(variant.factors[path]),
  );
  return table.rows.find((row) => row.name === name);
}

/** The row of a subject, however its words are joined: "duck_toy" is "Duck Toy". */
export function rowOfSubject(table: PaperTable, subject: string): PaperRow | undefined {
  return table.bySubject
    ? table.rows.find((row) => plainName(row.name) === plainName(subject))
    : undefined;
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
