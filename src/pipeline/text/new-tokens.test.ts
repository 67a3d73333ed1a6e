import { expect, test } from 'vitest';
import { configureAdapter, type PlacedAdapter, placeAdapter } from '../../adapters/index.ts';
import { baseSites } from '../adapters/site-weights.ts';
import { outlineModel } from '../base/model-outline.ts';
import { withNewTokens } from './new-tokens.ts';

const base = await outlineModel('sdxl', 'sdxl');
const tables = baseSites(base).filter(({ kind }) => kind === 'table');

function word(token: string, vectors: number, parts: readonly number[]): PlacedAdapter {
  const sites = tables.filter((_, i) => parts.includes(i));
  return placeAdapter(configureAdapter('textual-inversion', { token, vectors }), sites);
}

/** The ids of a prompt in every text encoder, without start and end. */
function idsOf(prompt: string, placed: readonly PlacedAdapter[], strengths = {}) {
  const { textEncoders } = withNewTokens(base, [{ placed, strengths }]);
  return textEncoders.map(({ tokenizer }) => tokenizer.encode(prompt).slice(1, -1));
}

test('words are rows after the table of each text encoder, in the order of the adapters', () => {
  const [first = 0, second = 0] = base.textEncoders.map(({ config }) => config.vocabulary);
  const both = [word('<cat>', 2, [0, 1]), word('<dog>', 1, [0, 1])];
  expect(idsOf('<dog><cat>', both)).toEqual([
    [first + 2, first, first + 1],
    [second + 2, second, second + 1],
  ]);
});

test('a word of one text encoder stays what it was in the other, and takes no row there', () => {
  const [first = 0, second = 0] = base.textEncoders.map(({ config }) => config.vocabulary);
  const placed = [word('<cat>', 2, [1]), word('<dog>', 1, [0, 1])];
  const [plain] = idsOf('<cat>', []);
  expect(idsOf('<cat>', placed)).toEqual([plain, [second, second + 1]]);
  expect(idsOf('<dog>', placed)).toEqual([[first], [second + 2]]);
});

test('a file for each text encoder may bring the same word', () => {
  const placed = [word('<cat>', 2, [0]), word('<cat>', 1, [1])];
  expect(idsOf('<cat>', placed).map(({ length }) => length)).toEqual([2, 1]);
});

test('a word of strength 0 is not there', () => {
  const placed = [word('<cat>', 1, [0, 1])];
  expect(idsOf('<cat>', placed, { 'text_encoder_2.*': 0 })[1]).toEqual(idsOf('<cat>', [])[1]);
  expect(idsOf('<cat>', placed, { 'text_encoder_2.*': 0 })[0]).toHaveLength(1);
});
