/** @file A byte-pair vocabulary in which every word of the world is one token, and the folder it is published as. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  endOfText,
  endOfWord,
  startOfText,
  vocabularyFromMerges,
} from '../../src/data/clip-vocabulary.ts';
import { type ClipTokenizer, tokenizerFromMerges } from '../../src/data/tokenizer.ts';
import { writeFileAtomic } from '../../src/storage/files/atomic-file.ts';
import { writeJson } from '../model-folder.ts';

/** Tokens of a text. */
export const textLength = 32;

/** Learns the vocabulary of some texts and writes it as a CLIPTokenizer. */
export async function writeTokenizer(
  folder: string,
  texts: Iterable<string>,
): Promise<ClipTokenizer> {
  const pairs = learntMerges(texts);
  const merges = ['#version: 0.2', ...pairs.map((pair) => pair.join(' ')), ''].join('\n');
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, 'merges.txt'), merges);
  await writeJson(join(folder, 'vocab.json'), vocabularyFromMerges(pairs));
  await writeJson(join(folder, 'tokenizer_config.json'), configJson);
  await writeJson(join(folder, 'special_tokens_map.json'), specialTokens);
  return tokenizerFromMerges(merges, 'the learnt merges');
}

const specialTokens = {
  bos_token: startOfText,
  eos_token: endOfText,
  pad_token: endOfText,
  unk_token: endOfText,
} as const;

const configJson = {
  tokenizer_class: 'CLIPTokenizer',
  do_lower_case: true,
  model_max_length: textLength,
  ...specialTokens,
} as const;

type Pair = readonly [string, string];

interface Word {
  readonly count: number;
  symbols: readonly string[];
}

/**
 * Merges of the most frequent pair, until every word is one token (Sennrich et al. 2016); of equally frequent pairs
 * the first by code units.
 */
export function learntMerges(texts: Iterable<string>): readonly Pair[] {
  const words = countedWords(texts);
  const merges: Pair[] = [];
  for (let pair = mostFrequent(words); pair !== undefined; pair = mostFrequent(words)) {
    merges.push(pair);
    for (const word of words) word.symbols = merged(word.symbols, pair);
  }
  return merges;
}

function countedWords(texts: Iterable<string>): Word[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of text.toLowerCase().match(/\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu) ?? []) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts].map(([word, count]) => {
    const letters = [...word];
    return { count, symbols: [...letters.slice(0, -1), `${letters.at(-1) ?? ''}${endOfWord}`] };
  });
}

function mostFrequent(words: readonly Word[]): Pair | undefined {
  const counts = new Map<string, number>();
  for (const { symbols, count } of words) {
    for (const [i, left] of symbols.slice(0, -1).entries()) {
      const key = `${left} ${symbols[i + 1]}`;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  const [best] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const [left, right] = best?.[0].split(' ') ?? [];
  return left === undefined || right === undefined ? undefined : [left, right];
}

function merged(symbols: readonly string[], [left, right]: Pair): readonly string[] {
  const result: string[] = [];
  for (const symbol of symbols) {
    if (symbol === right && result.at(-1) === left) result[result.length - 1] = left + right;
    else result.push(symbol);
  }
  return result;
}
