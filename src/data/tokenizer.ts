/** @file CLIP's tokenizer, opened from the files a Hugging Face model folder holds. */
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { ModelError } from '../base/errors.ts';
import { parsePythonJson } from '../formats/python-json.ts';
import { readTextIfPresent } from '../storage/files/text-file.ts';
import {
  endOfText,
  endOfWord,
  parseMerges,
  startOfText,
  vocabularyFromMerges,
} from './clip-vocabulary.ts';

/** Ids of a prompt at a fixed length. */
export interface PaddedIds {
  /** Exactly the length asked for: start, text, end, padding. */
  readonly ids: number[];
  /** The end of the text that did not fit, or undefined where all of it did. */
  readonly truncated: string | undefined;
}

/** Text to the ids CLIP was trained with. */
export interface ClipTokenizer {
  readonly bosId: number;
  readonly eosId: number;
  readonly padId: number;
  /** Number of tokens, added ones included. */
  readonly vocabularySize: number;
  /** Length the text encoder expects: 77 in published models. */
  readonly modelMaxLength: number;
  /** Ids between start and end token, never truncated. */
  encode(text: string): number[];
  /** Ids truncated (the end token stays last) or padded to `length`. @default length modelMaxLength */
  encodePadded(text: string, length?: number): PaddedIds;
  /** Text of the ids without start, end and padding where that is a special token. */
  decode(ids: readonly number[]): string;
  /** The id of one token as the vocabulary spells it, undefined where there is none. */
  idOf(token: string): number | undefined;
  /** A tokenizer that also knows these words, found regardless of case; their ids follow the vocabulary. */
  addTokens(tokens: readonly string[]): ClipTokenizer;
  /** A tokenizer that also knows these words, found regardless of case, each standing for its ids. */
  addWords(words: ReadonlyMap<string, readonly number[]>): ClipTokenizer;
}

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

/** What a folder says, with every default filled in. */
interface Definition {
  readonly where: string;
  readonly vocabulary: Readonly<Record<string, number>>;
  readonly merges: [string, string][];
  readonly added: ReadonlyMap<string, number>;
  /** Ids that stand for several, by the first of them. */
  readonly sequences?: ReadonlyMap<number, readonly number[]>;
  readonly bos: string;
  readonly eos: string;
  readonly pad: string;
  readonly unknown: string;
  readonly modelMaxLength: number;
}

/**
 * Opens a folder with `merges.txt` and, where they exist, `vocab.json`, `tokenizer_config.json`,
 * `special_tokens_map.json` and `added_tokens.json`.
 *
 * @throws ModelError where the files are missing or not those of a CLIP tokenizer
 */
export async function openTokenizer(folder: string): Promise<ClipTokenizer> {
  const mergesPath = join(folder, 'merges.txt');
  const mergesText = await readTextIfPresent(mergesPath);
  if (mergesText === undefined) {
    throw new ModelError(
      'TOKENIZER_MISSING',
      `${mergesPath} is missing: a CLIP tokenizer folder holds merges.txt and usually vocab.json; ` +
        'check that the model was downloaded with its tokenizer folder',
    );
  }
  const merges = parseMerges(mergesText, mergesPath);
  const vocabulary =
    (await readJson(join(folder, 'vocab.json'), idsSchema)) ?? vocabularyFromMerges(merges);
  const config = (await readJson(join(folder, 'tokenizer_config.json'), configSchema)) ?? {};
  const map = (await readJson(join(folder, 'special_tokens_map.json'), specialTokensSchema)) ?? {};
  const addedFile = (await readJson(join(folder, 'added_tokens.json'), idsSchema)) ?? {};
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

/** The tokenizer that follows from a merges.txt alone. `where` names it in errors. */
export function tokenizerFromMerges(
  mergesText: string,
  where: string,
  { pad = endOfText }: { readonly pad?: string } = {},
): ClipTokenizer {
  const merges = parseMerges(mergesText, where);
  return clipTokenizer({
    where,
    vocabulary: vocabularyFromMerges(merges),
    merges,
    added: new Map(),
    bos: startOfText,
    eos: endOfText,
    pad,
    unknown: endOfText,
    modelMaxLength: 77,
  });
}

function clipTokenizer(definition: Definition): ClipTokenizer {
  const { where, vocabulary, added, modelMaxLength } = definition;
  const idOf = (token: string) =>
    added.get(token) ?? (Object.hasOwn(vocabulary, token) ? vocabulary[token] : undefined);
  const requiredId = (token: string) => {
    const id = idOf(token);
    if (id === undefined) {
      throw new ModelError(
        'TOKENIZER_SPECIAL_TOKEN',
        `${where}: the special token ${JSON.stringify(token)} has no id in vocab.json; ` +
          'vocab.json and tokenizer_config.json are not of one model',
      );
    }
    return id;
  };
  const bosId = requiredId(definition.bos);
  const eosId = requiredId(definition.eos);
  const padId = requiredId(definition.pad);
  const library = new Tokenizer(tokenizerJson(definition, requiredId), {
    clean_up_tokenization_spaces: false,
  });
  const vocabularySize =
    [...Object.values(vocabulary), ...added.values()].reduce((a, b) => Math.max(a, b), -1) + 1;

  const { sequences = new Map<number, readonly number[]>() } = definition;
  const encode = (text: string) => {
    const ids: readonly number[] = library.encode(text).ids;
    return ids.flatMap((id) => sequences.get(id) ?? id);
  };
  const decode = (ids: readonly number[]) =>
    ids.length === 0 ? '' : library.decode([...ids], { skip_special_tokens: true });

  return {
    bosId,
    eosId,
    padId,
    vocabularySize,
    modelMaxLength,
    encode,
    decode,
    idOf,
    encodePadded(text, length = modelMaxLength) {
      const ids = encode(text);
      if (ids.length <= length) {
        return { ids: padded(ids, length, padId), truncated: undefined };
      }
      const kept = [...ids.slice(0, length - 1), eosId];
      return { ids: kept, truncated: decode(ids.slice(length - 1, -1)) };
    },
    addTokens(tokens) {
      const next = new Map(added);
      let id = vocabularySize;
      for (const token of tokens) {
        if (idOf(token) === undefined && !next.has(token)) next.set(token, id++);
      }
      return clipTokenizer({ ...definition, added: next });
    },
    addWords(words) {
      const firsts = [...words].map(([word, [first = eosId]]) => [word, first] as const);
      const rows = [...words.values()].map((ids) => [ids[0] ?? eosId, ids] as const);
      return clipTokenizer({
        ...definition,
        added: new Map([...added, ...firsts]),
        sequences: new Map([...sequences, ...rows]),
      });
    },
  };
}

function padded(ids: readonly number[], length: number, padId: number): number[] {
  return [...ids, ...new Array<number>(length - ids.length).fill(padId)];
}

/** The `tokenizer.json` transformers builds for CLIPTokenizer. */
function tokenizerJson(definition: Definition, idOf: (token: string) => number): object {
  const { vocabulary, merges, added, bos, eos, unknown } = definition;
  // Padding with "!" does not make every exclamation mark special: only start and end are cut out of the text.
  const special = new Set([bos, eos]);
  const words = [...added].filter(([content]) => !special.has(content) && content !== '');
  return {
    added_tokens: [
      ...[...special].map((content) => ({
        id: idOf(content),
        content,
        special: true,
        normalized: false,
      })),
      ...words.map(([content, id]) => ({ id, content, special: false, normalized: true })),
    ],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        // The reference lowers character by character; toLowerCase alone would turn a word's last Σ into ς.
        { type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
      ],
    },
    post_processor: { type: 'RobertaProcessing', cls: [bos, idOf(bos)], sep: [eos, idOf(eos)] },
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      vocab: vocabulary,
      merges,
      unk_token: unknown,
      end_of_word_suffix: endOfWord,
    },
  };
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readTextIfPresent(path);
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
    `${path} is not a tokenizer file: ${z.prettifyError(parsed.error)}`,
  );
}
