/** @file All that is drawn of a comparison in one file: a lettered picture, or a page. */
import * as z from 'zod';
import { defineOperation } from '../operation.ts';
import { requestSchema } from './comparison-input.ts';

export const comparisonsSheet = defineOperation({
  name: 'comparisons.sheet',
  kind: 'change',
  schema: requestSchema.extend({ form: z.enum(['png', 'html']) }),
  run: async ({ request, form }, { sheets }) => await sheets.make(request, form),
});
