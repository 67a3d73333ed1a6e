/** @file A byte-pair vocabulary in which every word of the world is one token. */
import { endOfWord } from '../../src/data/clip-vocabulary.ts';

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

/** As merges.txt holds them. */
export function mergesText(merges: readonly Pair[]): string {
  return ['#version: 0.2', ...merges.map((pair) => pair.join(' ')), ''].join('\n');
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
