/** @file Textual Inversion: new words, whose rows in the token table are all that is trained (Gal et al. 2022). */
import * as z from 'zod';
import { AdapterError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { Site } from '../../nn/index.ts';
import { concatenated, rowsOf, type Tensor } from '../../tensor/tensor.ts';
import { defineAdapter, type NewToken, parameter } from '../adapter.ts';
import { fromWeight } from '../algebra/initial.ts';

const wordOptions = {
  token: z
    .string()
    .regex(/^\S+$/, 'a word without spaces, such as <dog>')
    .default('<subject>')
    .describe('the new word, as prompts write it'),
  vectors: z.number().int().positive().default(1).describe('rows of the table that it stands for'),
  position: z
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'index in the tokens of a prompt at which they stand, wherever the prompt has the word; where it has it if not given',
    ),
  initialIds: z
    .record(z.string(), z.array(z.number().int().nonnegative()).min(1))
    .default({})
    .describe('rows of the table to start from, by site, taken in turn; the first where not given'),
};

const wordSchema = z.strictObject(wordOptions);

/** A new word and what it starts as. */
type Word = z.output<typeof wordSchema>;

const schema = z.strictObject({
  ...wordOptions,
  furtherWords: z
    .array(wordSchema)
    .min(1)
    .optional()
    .describe(
      'more new words, whose rows follow in this order; each as above: { "token": "<cat>" }',
    )
    .meta({ placeholder: 'json' }),
});

/** All words, in the order of their rows. */
function wordsOf({ furtherWords = [], ...first }: z.output<typeof schema>): readonly Word[] {
  return [first, ...furtherWords];
}

/** Options of one adapter with the words of several, in their order. */
export function joinedWordOptions(
  several: readonly Readonly<Record<string, unknown>>[],
): Readonly<Record<string, unknown>> {
  const [first, ...furtherWords] = several.flatMap((options) => wordsOf(schema.parse(options)));
  return furtherWords.length === 0 ? { ...first } : { ...first, furtherWords };
}

export const textualInversion = defineAdapter({
  name: 'textual-inversion',
  title: 'Textual Inversion, new rows of the token table',
  kinds: ['table'],
  defaults: { targets: ['*.token_embedding'], newToken: true, learningRate: 5e-3 },
  schema,
  newTokens: (options) =>
    wordsOf(options).map(
      ({ token, vectors, position }): NewToken => ({
        token,
        vectors,
        ...(position && { position }),
      }),
    ),
  parameters(site, options) {
    const words = wordsOf(options);
    for (const { initialIds } of words) requireRows(site, initialIds[site.name] ?? [0]);
    return [
      {
        name: 'vectors',
        shape: [rowCount(words), site.in],
        initial: fromWeight((table) =>
          concatenated(words.flatMap((word) => rows(site, word, table))),
        ),
      },
    ];
  },
  deltaWeight: ({ parameters }) => parameter(parameters, 'vectors'),
  parameterCount: (site, options) => rowCount(wordsOf(options)) * site.in,
});

function rowCount(words: readonly Word[]): number {
  return words.reduce((sum, { vectors }) => sum + vectors, 0);
}

/** The rows that a word starts as. */
function rows(
  { name }: Site,
  { vectors, initialIds }: Word,
  table: Tensor<'f32'>,
): readonly Tensor<'f32'>[] {
  const ids = initialIds[name] ?? [0];
  return Array.from({ length: vectors }, (_, vector) => {
    const id = required(ids, vector % ids.length);
    return rowsOf(table, id, id + 1);
  });
}

function requireRows({ name, out }: Site, ids: readonly number[]): void {
  const beyond = ids.find((id) => id >= out);
  if (beyond === undefined) return;
  throw new AdapterError(
    'NO_SUCH_ROW',
    `textual-inversion: initialIds asks for row ${beyond} of ${name}, which has ${out}; give ids from 0 to ${out - 1}`,
  );
}
