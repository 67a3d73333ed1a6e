/** @file Words that adapters bring along: tokenizers that know them. */
import type { NewToken, PlacedAdapter } from '../adapters/index.ts';
import { ConfigError } from '../base/errors.ts';
import type { BaseModel } from './base-model.ts';
import type { TextPart } from './model-part.ts';

/** The words that adapters add, in the order of their rows. */
export function newTokensOf(
  adapters: readonly { readonly placed: readonly PlacedAdapter[] }[],
): readonly NewToken[] {
  return adapters.flatMap(({ placed }) => placed.flatMap(({ adapter }) => adapter.newToken ?? []));
}

/**
 * The model with tokenizers that know the words of its adapters; their ids are the rows that follow the token table.
 *
 * @throws ConfigError TOKEN_TWICE where two adapters add the same word
 */
export function withNewTokens(
  base: BaseModel,
  adapters: readonly { readonly placed: readonly PlacedAdapter[] }[] = [],
): BaseModel {
  const tokens = newTokensOf(adapters);
  const names = tokens.map(({ token }) => token);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    throw new ConfigError(
      'TOKEN_TWICE',
      `two adapters add the word "${twice}"; use one of them, or train one again with another word`,
    );
  }
  if (tokens.length === 0) return base;
  return { ...base, textEncoders: base.textEncoders.map((part) => extended(part, tokens)) };
}

function extended(part: TextPart, tokens: readonly NewToken[]): TextPart {
  const words = new Map<string, number[]>();
  let next = part.config.vocabulary;
  for (const { token, vectors } of tokens) {
    words.set(
      token,
      Array.from({ length: vectors }, () => next++),
    );
  }
  return { ...part, tokenizer: part.tokenizer.addWords(words) };
}
