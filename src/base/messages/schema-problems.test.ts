import { expect, test } from 'vitest';
import * as z from 'zod';
import { schemaProblems } from './schema-problems.ts';

const schema = z.strictObject({
  title: z.string().min(1),
  seeds: z.array(z.number().int().nonnegative()).min(1).optional(),
  vary: z.record(z.string(), z.array(z.number()).min(1)).optional(),
  subjects: z.union([z.number().int().positive(), z.array(z.string())]).optional(),
  side: z.number().positive().multipleOf(8).max(64).optional(),
  kind: z.enum(['linear', 'constant']).optional(),
  show: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('table') }),
        z.strictObject({ kind: z.literal('curve'), x: z.string() }),
      ]),
    )
    .optional(),
  name: z.string({ error: 'expected a name of a person' }).optional(),
  even: z
    .number()
    .refine((value) => value % 2 === 0, 'expected an even number')
    .optional(),
});

function problems(value: unknown): string {
  const parsed = schema.safeParse(value);
  return parsed.success ? 'none' : schemaProblems(schema, value, parsed.error);
}

test.each<[object, string]>([
  [{ title: undefined }, 'title: expected text, found nothing'],
  [{ title: '' }, 'title: expected text that is not empty, found ""'],
  [{ seeds: [0, -1] }, 'seeds[1]: expected a number of at least 0, found -1'],
  [{ seeds: [1.5] }, 'seeds[0]: expected a whole number, found 1.5'],
  [{ seeds: [] }, 'seeds: expected a list of at least 1, found an empty list'],
  [{ vary: { 'a.b': [] } }, 'vary["a.b"]: expected a list of at least 1, found an empty list'],
  [{ subjects: true }, 'subjects: expected a number or a list, found true'],
  [{ subjects: [1] }, 'subjects[0]: expected text, found 1'],
  [{ subjects: 0 }, 'subjects: expected a number above 0, found 0'],
  [{ side: 12 }, 'side: expected a multiple of 8, found 12'],
  [{ side: Number.NaN }, 'side: expected a number, found NaN'],
  [
    { kind: 'lineer' },
    'kind: expected one of linear, constant, found "lineer"; did you mean "linear"?',
  ],
  [
    { show: [{ kind: 'curve', x: 'a', serie: 1 }] },
    'show[0]: there is no "serie" (there are kind, x)',
  ],
  [{ tilte: 1 }, 'there is no "tilte"; did you mean "title"? (there are title, seeds, '],
  [{ name: 3 }, 'name: expected a name of a person'],
  [{ even: 3 }, 'even: expected an even number'],
])('%j', (value, words) => {
  expect(problems({ title: 'x', ...value })).toContain(words);
  expect(problems({ title: 'x', ...value })).not.toMatch(/✖|Invalid input|received/);
});

test('many problems are counted, long values cut', () => {
  const subjects = Array.from({ length: 8 }, () => 1);
  expect(problems({ title: 'x', subjects })).toMatch(/; and 3 more$/);
  expect(problems({ title: 'x', kind: 'y'.repeat(10_000) }).length).toBeLessThan(200);
});
