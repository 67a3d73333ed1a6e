/** @file Words that adapters bring along: tokenizers that know them. */
import type { NewToken } from '../../adapters/index.ts';
import { ConfigError } from '../../base/errors.ts';
import type { AddedWord } from '../../data/tokenizer.ts';
import { strengthAt, type TrainedAdapter } from '../adapters/trained-adapter.ts';
import type { BaseModel, TextPart } from '../base/base-model.ts';
import { textPartName } from './text-network.ts';

/** An adapter that may add words. */
type WithWords = Pick<TrainedAdapter, 'placed' | 'strength' | 'strengths'>;

/**
 * The model with tokenizers that know the words of its adapters; their ids are the rows that follow the token table.
 * Words of strength 0, and words that an encoder has no rows for, stay what they are without the adapter.
 *
 * @throws ConfigError TOKEN_TWICE where two adapters add the same word, TOKEN_POSITION where one would stand behind the end
 */
export function withNewTokens(base: BaseModel, adapters: readonly WithWords[] = []): BaseModel {
  return {
    ...base,
    textEncoders: base.textEncoders.map((part, i) => {
      const tokens = newTokensOf(adapters, textPartName(i));
      return tokens.length === 0 ? part : extended(part, tokens);
    }),
  };
}

/** The words that adapters add to a text encoder, in the order of their rows. */
export function newTokensOf(adapters: readonly WithWords[], part: string): readonly NewToken[] {
  const tokens = adapters.flatMap((each) =>
    each.placed.flatMap(({ adapter: { newTokens }, sites }) => {
      const table = sites.find(({ kind, name }) => kind === 'table' && name.startsWith(`${part}.`));
      return table && strengthAt(each, table) !== 0 ? newTokens : [];
    }),
  );
  const names = tokens.map(({ token }) => token);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return tokens;
  throw new ConfigError(
    'TOKEN_TWICE',
    `two adapters add the word "${twice}"; use one of them, or train one again with another word`,
  );
}

function extended(part: TextPart, tokens: readonly NewToken[]): TextPart {
  const { vocabulary, positions: length } = part.config;
  const words = new Map<string, AddedWord>();
  let next = vocabulary;
  for (const { token, vectors, position } of tokens) {
    const last = length - vectors - 1;
    if (position !== undefined && position > last) {
      throw new ConfigError(
        'TOKEN_POSITION',
        `the word "${token}" of ${vectors} vectors is to stand at ${position} of ${length} tokens, expected at most ${last}, before the end of a prompt; give another position, or leave it out`,
      );
    }
    words.set(token, { ids: Array.from({ length: vectors }, () => next++), position });
  }
  return { ...part, tokenizer: part.tokenizer.addWords(words) };
}
