/** @file Opens CLIP's tokenizer from the files a Hugging Face model folder holds. */
import * as z from 'zod';
import { ModelError } from '../base/errors.ts';
import { schemaProblems } from '../base/messages/schema-problems.ts';
import { parsePythonJson } from '../formats/python-json.ts';
import { createHash } from '../platform/hashes.ts';
import { join } from '../platform/paths.ts';
import { readTextIfPresent } from '../storage/files/text-file.ts';
import { endOfText, parseMerges, startOfText, vocabularyFromMerges } from './clip-vocabulary.ts';
import { type ClipTokenizer, clipTokenizer } from './tokenizer.ts';

const tokenSchema = z.union([
  z.string(),
  z.looseObject({ content: z.string() }).transform((token) => token.content),
]);

const specialTokensSchema = z.looseObject({
  bos_token: tokenSchema.nullish(),
  eos_token: tokenSchema.nullish(),
  pad_token: tokenSchema.nullish(),
  unk_token: tokenSchema.nullish(),
});

const configSchema = specialTokensSchema.extend({
  model_max_length: z.number().nullish(),
  added_tokens_decoder: z.record(z.string(), z.looseObject({ content: z.string() })).nullish(),
});

const idsSchema = z.record(z.string(), z.int().nonnegative());

/**
 * Opens a folder with `merges.txt` and, where they exist, `vocab.json`, `tokenizer_config.json`,
 * `special_tokens_map.json` and `added_tokens.json`.
 *
 * @throws ModelError where the files are missing or not those of a CLIP tokenizer
 */
export async function openTokenizer(folder: string): Promise<ClipTokenizer> {
  const files: Files = new Map();
  for (const name of fileNames) files.set(name, await readTextIfPresent(join(folder, name)));
  const key = contentKey(files);
  const tokenizer = opened.get(key) ?? tokenizerOfFiles(folder, files);
  // The oldest goes first: a tokenizer holds some 20 MB.
  opened.delete(key);
  opened.set(key, tokenizer);
  for (const oldest of [...opened.keys()].slice(0, -mostOpened)) opened.delete(oldest);
  return tokenizer;
}

const fileNames = [
  'merges.txt',
  'vocab.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
] as const;

/** The texts of a folder's files, undefined of those that are not there. */
type Files = Map<(typeof fileNames)[number], string | undefined>;

/**
 * Tokenizers by the content of their files. Published models share one vocabulary, a tokenizer never changes, and making
 * one takes a tenth of a second.
 */
const opened = new Map<string, ClipTokenizer>();
const mostOpened = 4;

function contentKey(files: Files): string {
  return createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex');
}

function tokenizerOfFiles(folder: string, files: Files): ClipTokenizer {
  const mergesPath = join(folder, 'merges.txt');
  const mergesText = files.get('merges.txt');
  if (mergesText === undefined) {
    throw new ModelError(
      'TOKENIZER_MISSING',
      `${mergesPath} is missing: a CLIP tokenizer folder holds merges.txt and usually vocab.json; ` +
        'check that the model was downloaded with its tokenizer folder',
    );
  }
  const read = <T>(name: (typeof fileNames)[number], schema: z.ZodType<T>) =>
    parseJson(join(folder, name), files.get(name), schema);
  const merges = parseMerges(mergesText, mergesPath);
  const vocabulary = read('vocab.json', idsSchema) ?? vocabularyFromMerges(merges);
  const config = read('tokenizer_config.json', configSchema) ?? {};
  const map = read('special_tokens_map.json', specialTokensSchema) ?? {};
  const addedFile = read('added_tokens.json', idsSchema) ?? {};
  // transformers reads special_tokens_map.json last, unless the configuration lists its added tokens:
  // SD 2's two files disagree on padding, and "!" of the map is what the model was trained with.
  const special = config.added_tokens_decoder ? { ...map, ...config } : { ...config, ...map };
  const added = Object.entries(config.added_tokens_decoder ?? {}).map(
    ([id, { content }]) => [content, Number(id)] as const,
  );
  const maxLength = config.model_max_length ?? 77;
  const allAdded = new Map([...added, ...Object.entries(addedFile)]);
  return clipTokenizer({
    where: folder,
    vocabulary,
    merges,
    added: allAdded,
    sequences: numberedSequences(allAdded),
    bos: special.bos_token ?? startOfText,
    eos: special.eos_token ?? endOfText,
    pad: special.pad_token ?? endOfText,
    unknown: special.unk_token ?? endOfText,
    // transformers writes 1e30 where it knows no limit; CLIP's text encoders have 77 positions.
    modelMaxLength: maxLength > 1e6 ? 77 : maxLength,
  });
}

/** A word of several vectors: the added tokens `<dog>`, `<dog>_1`, ..., which diffusers puts where a prompt has `<dog>`. */
function numberedSequences(
  added: ReadonlyMap<string, number>,
): ReadonlyMap<number, readonly number[]> {
  const sequences = new Map<number, readonly number[]>();
  for (const [token, first] of added) {
    const ids = [first];
    for (let id = added.get(`${token}_1`); id !== undefined; ) {
      ids.push(id);
      id = added.get(`${token}_${ids.length}`);
    }
    if (ids.length > 1) sequences.set(first, ids);
  }
  return sequences;
}

function parseJson<T>(path: string, text: string | undefined, schema: z.ZodType<T>): T | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = parsePythonJson(text);
  } catch (error) {
    throw new ModelError(
      'TOKENIZER_JSON',
      `${path} is not JSON (${error instanceof Error ? error.message : String(error)}); download it again`,
      { cause: error },
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ModelError(
    'TOKENIZER_JSON',
    `${path} is not a tokenizer file: ${schemaProblems(schema, value, parsed.error)}`,
  );
}
