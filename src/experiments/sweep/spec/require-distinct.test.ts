import { expect, test } from 'vitest';
import { requireDistinct, requireDistinctResults } from './require-distinct.ts';
import { sweepSchema } from './spec.ts';

const check = (content: object) =>
  requireDistinct(sweepSchema.parse({ title: 'test', ...content }), 'test.yaml');

test.each([
  [{ seeds: [0, 1, 0] }, 'seeds: 0 is there twice'],
  [{ subjects: ['dog', 'dog'] }, 'subjects: "dog" is there twice'],
  [{ prompts: ['a {}', 'a {}'] }, 'prompts: "a {}" is there twice'],
  [{ prompts: [3, 3] }, 'prompts: 3 is there twice'],
  [
    { claims: [{ says: 'A wins', metric: 'dino', case: 'A', than: 'A' }] },
    'claim "A wins" compares "A" with itself',
  ],
])('a sweep with %j is refused', (content, problem) => {
  expect(() => check(content)).toThrow(
    expect.objectContaining({ code: 'SWEEP_TWICE', message: expect.stringContaining(problem) }),
  );
});

test('what is listed once, or counted, passes', () => {
  expect(check({ seeds: [0, 1], subjects: 2, prompts: [1, 2] })).toBeUndefined();
});

test('results of several variants or subjects that are one are refused, of several seeds not', () => {
  const result = { key: 'k', variant: 'A', subject: 'dog' };
  expect(requireDistinctResults([result, result], 'x')).toBeUndefined();
  expect(() => requireDistinctResults([result, { ...result, variant: 'B' }], 'x')).toThrow(
    'x: the variants "A" and "B" have equal settings',
  );
  expect(() => requireDistinctResults([result, { ...result, subject: 'cat' }], 'x')).toThrow(
    'x: the subjects "dog" and "cat" are the same pictures',
  );
});
