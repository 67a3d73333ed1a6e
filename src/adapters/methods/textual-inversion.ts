/** @file Textual Inversion: a new word, whose rows in the token table are all that is trained (Gal et al. 2022). */
import * as z from 'zod';
import { AdapterError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import type { Site } from '../../nn/index.ts';
import { concatenated, rowsOf } from '../../tensor/tensor.ts';
import { defineAdapter, parameter } from '../adapter.ts';
import { fromWeight } from '../algebra/initial.ts';

const schema = z.strictObject({
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
});

export const textualInversion = defineAdapter({
  name: 'textual-inversion',
  title: 'Textual Inversion, new rows of the token table',
  kinds: ['table'],
  defaults: { targets: ['*.token_embedding'], newToken: true, learningRate: 5e-3 },
  schema,
  newToken: ({ token, vectors, position }) => ({ token, vectors, ...(position && { position }) }),
  parameters(site, { vectors, initialIds }) {
    const ids = initialIds[site.name] ?? [0];
    requireRows(site, ids);
    return [
      {
        name: 'vectors',
        shape: [vectors, site.in],
        initial: fromWeight((table) =>
          concatenated(
            Array.from({ length: vectors }, (_, vector) => {
              const id = required(ids, vector % ids.length);
              return rowsOf(table, id, id + 1);
            }),
          ),
        ),
      },
    ];
  },
  deltaWeight: ({ parameters }) => parameter(parameters, 'vectors'),
  parameterCount: (site, { vectors }) => vectors * site.in,
});

function requireRows({ name, out }: Site, ids: readonly number[]): void {
  const beyond = ids.find((id) => id >= out);
  if (beyond === undefined) return;
  throw new AdapterError(
    'NO_SUCH_ROW',
    `textual-inversion: initialIds asks for row ${beyond} of ${name}, which has ${out}; give ids from 0 to ${out - 1}`,
  );
}
