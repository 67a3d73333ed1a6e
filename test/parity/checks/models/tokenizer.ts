/** @file Checks the tokenizer against the ids of `expected.json` (and `expected-full-vocab.json` where the merges are at hand). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { openTokenizer } from '../../../../src/data/open-tokenizer.ts';
import type { ClipTokenizer } from '../../../../src/data/tokenizer.ts';
import { type Check, compared } from '../../check.ts';

const ids = z.array(z.int());
const rowSchema = z.looseObject({
  text: z.string(),
  ids,
  ids_77: ids.optional(),
  ids_77_pad_bang: ids.optional(),
  decoded: z.string().optional(),
  attention_mask_length: z.int().optional(),
});
const expectedSchema = z.looseObject({
  vocab_size: z.int(),
  bos: z.int(),
  eos: z.int(),
  model_max_length: z.int().optional(),
  rows: z.array(rowSchema),
  added_tokens: z.record(z.string(), z.int()).optional(),
  added_rows: z.array(rowSchema).optional(),
});

type Expected = z.infer<typeof expectedSchema>;
type Row = z.infer<typeof rowSchema>;

/** Every group of ids in a tokenizer fixture; `error` counts the texts that differ. */
export async function checkTokenizer(folder: string): Promise<Check[]> {
  const expected = await readExpected(join(folder, 'expected.json'));
  const tokenizer = await openTokenizer(join(folder, 'tokenizer'));
  const withAdded = tokenizer.addTokens(Object.keys(expected.added_tokens ?? {}));
  return [
    ...checkRows(tokenizer, expected),
    ...(await checkPadBang(folder, expected)),
    exact('added_tokens', Object.entries(expected.added_tokens ?? {}), ([token, id]) =>
      same(id, withAdded.idOf(token)),
    ),
    exact('added_rows', expected.added_rows ?? [], (row) =>
      same(row.ids, withAdded.encode(row.text)),
    ),
  ];
}

/** The second pad convention, of SD 2.x and SDXL's second encoder: "!" instead of the end token. */
async function checkPadBang(folder: string, expected: Expected): Promise<Check[]> {
  const rows = expected.rows.filter((row) => row.ids_77_pad_bang !== undefined);
  if (rows.length === 0) return [];
  const bang = await openTokenizer(join(folder, 'tokenizer_pad_bang'));
  return [
    exact('ids_77_pad_bang', rows, (row) =>
      same(row.ids_77_pad_bang, bang.encodePadded(row.text, 77).ids),
    ),
  ];
}

/** The same for a vocabulary whose merges lie in another folder. */
export async function checkFullVocabulary(
  expectedPath: string,
  tokenizerFolder: string,
): Promise<Check[]> {
  return checkRows(await openTokenizer(tokenizerFolder), await readExpected(expectedPath));
}

async function readExpected(path: string): Promise<Expected> {
  return expectedSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

function checkRows(tokenizer: ClipTokenizer, expected: Expected): Check[] {
  const { rows } = expected;
  const decodable = rows.filter((row) => row.decoded !== undefined);
  const limit = expected.model_max_length ?? tokenizer.modelMaxLength;
  const constants: [number, number][] = [
    [expected.vocab_size, tokenizer.vocabularySize],
    [expected.bos, tokenizer.bosId],
    [expected.eos, tokenizer.eosId],
    [limit, tokenizer.modelMaxLength],
  ];
  return [
    exact('vocabulary/size, bos, eos, model_max_length', constants, ([want, got]) => want === got),
    exact('ids', rows, (row) => same(row.ids, tokenizer.encode(row.text))),
    exact('ids_77', rows, (row) => same(row.ids_77, tokenizer.encodePadded(row.text, 77).ids)),
    exact('truncated', rows, (row) => truncatedRightly(tokenizer, row, limit)),
    exact('decoded', decodable, (row) => row.decoded === tokenizer.decode(row.ids)),
  ];
}

function truncatedRightly(tokenizer: ClipTokenizer, row: Row, limit: number): boolean {
  const { truncated } = tokenizer.encodePadded(row.text);
  return (truncated !== undefined) === row.ids.length > limit;
}

function same(expected: unknown, got: unknown): boolean {
  return JSON.stringify(expected) === JSON.stringify(got);
}

function exact<T>(tensor: string, cases: readonly T[], agrees: (item: T) => boolean): Check {
  const wrong = cases.filter((item) => !agrees(item));
  return {
    ...compared(tensor, wrong.length, 0),
    ...(wrong.length > 0 && { note: `first: ${JSON.stringify(wrong[0]).slice(0, 200)}` }),
  };
}
