import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fixturePath } from '../../../test/fixtures.ts';
import { promptFragments } from './prompt-fragments.ts';

interface ParsedCase {
  readonly text: string;
  readonly fragments: readonly ([text: string, weight: number] | null)[];
}

const { parsed }: { parsed: readonly ParsedCase[] } = JSON.parse(
  readFileSync(fixturePath('prompts/cases.json'), 'utf8'),
);

test.each(parsed)('the weights of "$text" are those of the reference', ({ text, fragments }) => {
  const found = promptFragments(text, 'prompt');
  expect(found).toHaveLength(fragments.length);
  for (const [i, fragment] of found.entries()) {
    const expected = fragments[i];
    if (fragment === 'break' || expected === null || expected === undefined) {
      expect([fragment, expected]).toEqual(['break', null]);
      continue;
    }
    expect(fragment.text).toBe(expected[0]);
    // Products of the same factors, maybe in another order.
    expect(fragment.weight).toBeCloseTo(expected[1], 12);
  }
});

test.each(['(a:1.2.3)', '(a:1,5)', '(a:1 3)', '(a:.)', '((a:50%))', `(a:${'9'.repeat(400)})`])(
  'a weight that is no number is refused: %s',
  (text) => {
    expect(() => promptFragments(text, 'prompt')).toThrow(
      expect.objectContaining({ code: 'PROMPT_WEIGHT' }),
    );
  },
);

test('words and times after a colon are no weights', () => {
  expect(promptFragments('(at 10:30pm) 9:15, (a:b)', 'prompt')).toEqual([
    { text: 'at 10:30pm', weight: 1.1 },
    { text: ' 9:15, ', weight: 1 },
    { text: 'a:b', weight: 1.1 },
  ]);
});

test('a hundred open brackets are enough', () => {
  expect(promptFragments(`${'('.repeat(100)}a`, 'prompt')).toHaveLength(1);
  expect(() => promptFragments(`${'(['.repeat(51)}a`, 'prompt')).toThrow(
    expect.objectContaining({ code: 'PROMPT_NESTING' }),
  );
});
