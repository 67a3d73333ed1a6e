import { expect, test } from 'vitest';
import { requireSupported } from './unsupported-syntax.ts';

test.each([
  ['a dog <lora:dog:0.8>', '<lora:dog:0.8>'],
  ['a dog AND a cat', 'AND'],
  ['a [red|blue] car', '[red|blue]'],
  ['a [dog:cat:0.5]', '[dog:cat:0.5]'],
  ['a [[dog]:2]', '[[dog]:2]'],
  ['a [dog: 3 ] b', '[dog: 3 ]'],
  ['((a [b:.5]', '[b:.5]'],
])('%s is refused', (text, written) => {
  expect(() => requireSupported(text, { where: 'prompt' })).toThrow(
    expect.objectContaining({
      code: 'PROMPT_UNSUPPORTED',
      message: expect.stringContaining(`"${written}"`),
    }),
  );
});

test.each([
  'a [red] car, a | b, <dog>, SANDY ANDROID',
  '[a:b] [unclosed:3',
  '\\[dog:0.5\\] \\[a|b\\] [(a|b)] [a:(b:3)]',
  '(cat:1.5) [(cat:1.5)]',
])('%s is not', (text) => {
  expect(() => requireSupported(text, { where: 'prompt' })).not.toThrow();
});

test('AND is a word of a negative prompt', () => {
  expect(() => requireSupported('a AND b', { where: 'negative', isNegative: true })).not.toThrow();
});
