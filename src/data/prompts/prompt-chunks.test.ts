import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fixturePath } from '../../../test/fixtures.ts';
import { openTokenizer } from '../open-tokenizer.ts';
import { emptyChunk, isWeighted, promptChunks } from './prompt-chunks.ts';
import { promptFragments } from './prompt-fragments.ts';

interface CutCase {
  readonly name: string;
  readonly prompt: string;
  readonly ids: readonly (readonly number[])[];
  readonly ids_pad_bang: readonly (readonly number[])[];
}

const { chunks: cut }: { chunks: readonly CutCase[] } = JSON.parse(
  readFileSync(fixturePath('prompts/cases.json'), 'utf8'),
);
const tokenizer = await openTokenizer(fixturePath('clip-tokenizer/tokenizer'));
const bang = await openTokenizer(fixturePath('clip-tokenizer/tokenizer_pad_bang'));
const place = { length: 77, where: 'prompt' };

const chunksOf = (text: string, own = tokenizer) =>
  promptChunks(promptFragments(text, 'prompt'), own, place);

test.each(cut)('the chunks of $name are those of the reference', ({ prompt, ...expected }) => {
  expect(chunksOf(prompt).map(({ ids }) => ids)).toEqual(expected.ids);
  expect(chunksOf(prompt, bang).map(({ ids }) => ids)).toEqual(expected.ids_pad_bang);
});

test.each(['', 'a photo of a red cat', 'red '.repeat(75)])(
  'a short prompt without brackets is the one chunk that it always was: "%s"',
  (text) => {
    for (const own of [tokenizer, bang]) {
      const [chunk, ...others] = chunksOf(text, own);
      expect(others).toEqual([]);
      expect(chunk?.ids).toEqual(own.encodePadded(text, 77).ids);
      expect(chunk && isWeighted(chunk)).toBe(false);
    }
  },
);

test('a word of several vectors begins a chunk where it does not fit into one', () => {
  const own = tokenizer.addWords(new Map([['<it>', { ids: [900, 901, 902] }]]));
  const [first, second] = chunksOf(`${'red '.repeat(73)}(<it>:1.5) cat`, own);
  expect(first?.ids.slice(73, 76)).toEqual([first?.ids[1], tokenizer.eosId, tokenizer.eosId]);
  expect(second?.ids.slice(1, 4)).toEqual([900, 901, 902]);
  expect(second?.weights.slice(0, 6)).toEqual([1, 1.5, 1.5, 1.5, 1, 1]);
  const [whole, none] = chunksOf(`${'red '.repeat(72)}<it>`, own);
  expect(none).toBeUndefined();
  expect(whole?.ids.slice(73, 77)).toEqual([900, 901, 902, tokenizer.eosId]);
});

test('what no text encoder takes is refused', () => {
  const own = tokenizer.addWords(
    new Map([['<it>', { ids: Array.from({ length: 76 }, (_, i) => 900 + i) }]]),
  );
  const refusal = expect.objectContaining({ code: 'PROMPT_LENGTH' });
  expect(() => chunksOf('<it>', own)).toThrow(refusal);
  expect(chunksOf('red '.repeat(16 * 75))).toHaveLength(16);
  expect(() => chunksOf('red '.repeat(16 * 75 + 1))).toThrow(refusal);
});

test('an empty chunk is that of an empty prompt', () => {
  expect([emptyChunk(bang, 77)]).toEqual(chunksOf('', bang));
});
