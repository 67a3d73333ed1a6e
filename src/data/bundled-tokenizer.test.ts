import { expect, test } from 'vitest';
import { bundledTokenizer } from './bundled-tokenizer.ts';

test('the bundled tokenizer has the ids of CLIP', async () => {
  const tokenizer = await bundledTokenizer();
  expect(tokenizer.vocabularySize).toBe(49408);
  // The published example of a cat.
  expect(tokenizer.encode('a photo of a cat')).toEqual([49406, 320, 1125, 539, 320, 2368, 49407]);
  expect(tokenizer.encodePadded('a cat').ids.slice(0, 5)).toEqual([49406, 320, 2368, 49407, 49407]);
  expect(tokenizer.encodePadded('a cat').ids).toHaveLength(77);
});

test('padded with "!", as Stable Diffusion 2.x was trained, it fills with id 0', async () => {
  const tokenizer = await bundledTokenizer('!');
  expect(tokenizer.encodePadded('a cat').ids.slice(2, 6)).toEqual([2368, 49407, 0, 0]);
});
