/** @file CLIP's tokenizer: a prompt to ids, and back. */
import { Tokenizer } from '@huggingface/tokenizers';
import { ModelError } from '../base/errors.ts';
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
  /** Whether it knows words that have a place of their own in padded texts. */
  readonly placesWords: boolean;
  /** Ids between start and end token, never truncated. */
  encode(text: string): number[];
  /** The same without start and end, in what must not be divided: tokens, and words of several vectors. */
  encodeWords(text: string): (readonly number[])[];
  /** Ids truncated (the end token stays last) or padded to `length`. @default length modelMaxLength */
  encodePadded(text: string, length?: number): PaddedIds;
  /** Text of the ids without start, end and padding where that is a special token. */
  decode(ids: readonly number[]): string;
  /** The id of one token as the vocabulary spells it, undefined where there is none. */
  idOf(token: string): number | undefined;
  /** A tokenizer that also knows these words, found regardless of case; their ids follow the vocabulary. */
  addTokens(tokens: readonly string[]): ClipTokenizer;
  /** A tokenizer that also knows these words, found regardless of case, each standing for its ids. */
  addWords(words: ReadonlyMap<string, AddedWord>): ClipTokenizer;
}

/** What a word stands for. */
export interface AddedWord {
  readonly ids: readonly number[];
  /**
   * The index in a padded text at which its ids stand, once, wherever and however often the text has the word.
   *
   * @default where the text has it
   */
  readonly position?: number | undefined;
}

/** What a tokenizer follows from. */
export interface TokenizerDefinition {
  /** Names it in errors. */
  readonly where: string;
  readonly vocabulary: Readonly<Record<string, number>>;
  readonly merges: [string, string][];
  readonly added: ReadonlyMap<string, number>;
  /** Ids that stand for several, by the first of them. */
  readonly sequences?: ReadonlyMap<number, readonly number[]>;
  /** Where in padded texts those stand that have a place of their own, by the first of their ids. */
  readonly positions?: ReadonlyMap<number, number>;
  readonly bos: string;
  readonly eos: string;
  readonly pad: string;
  readonly unknown: string;
  readonly modelMaxLength: number;
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

/** @throws ModelError TOKENIZER_SPECIAL_TOKEN where a special token has no id */
export function clipTokenizer(definition: TokenizerDefinition): ClipTokenizer {
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
  const { positions = new Map<number, number>() } = definition;
  const idsOf = (text: string): readonly number[] => library.encode(text).ids;
  const wordOf = (id: number): readonly number[] => sequences.get(id) ?? [id];
  const encode = (text: string) => idsOf(text).flatMap(wordOf);
  const decode = (ids: readonly number[]) =>
    ids.length === 0 ? '' : library.decode([...ids], { skip_special_tokens: true });

  return {
    bosId,
    eosId,
    padId,
    vocabularySize,
    modelMaxLength,
    placesWords: positions.size > 0,
    encode,
    encodeWords: (text) => idsOf(text).slice(1, -1).map(wordOf),
    decode,
    idOf,
    encodePadded(text, length = modelMaxLength) {
      const words = idsOf(text);
      const placed = [...positions].filter(([first]) => words.includes(first));
      const ids = words.filter((id) => !positions.has(id)).flatMap(wordOf);
      const room = placed.reduce((left, [first]) => left - wordOf(first).length, length);
      const isWhole = ids.length <= room;
      const kept = isWhole ? padded(ids, room, padId) : [...ids.slice(0, room - 1), eosId];
      for (const [first, at] of placed) kept.splice(at, 0, ...wordOf(first));
      return { ids: kept, truncated: isWhole ? undefined : decode(ids.slice(room - 1, -1)) };
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
      const rows = [...words].map(([word, { ids, position }]) => {
        const [first = eosId] = ids;
        return { word, first, ids, position };
      });
      const own = rows.flatMap(({ first, position }) =>
        position === undefined ? [] : [[first, position] as const],
      );
      return clipTokenizer({
        ...definition,
        added: new Map([...added, ...rows.map(({ word, first }) => [word, first] as const)]),
        sequences: new Map([...sequences, ...rows.map(({ first, ids }) => [first, ids] as const)]),
        positions: new Map([...positions, ...own]),
      });
    },
  };
}

/** The ids of texts by a tokenizer.json, as transformers writes it for any kind of tokenizer. */
export function idsByJson(tokenizerJson: object): (text: string) => readonly number[] {
  const library = new Tokenizer(tokenizerJson, {});
  return (text) => library.encode(text).ids;
}

function padded(ids: readonly number[], length: number, padId: number): number[] {
  return [...ids, ...new Array<number>(length - ids.length).fill(padId)];
}

/** The `tokenizer.json` transformers builds for CLIPTokenizer. */
function tokenizerJson(definition: TokenizerDefinition, idOf: (token: string) => number): object {
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
