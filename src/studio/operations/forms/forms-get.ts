/** @file The form of training or of generating, with the options of every method. */
import * as z from 'zod';
import { adapters } from '../../../adapters/index.ts';
import { generateSchema } from '../../../generate/generate-options.ts';
import { trainSchema } from '../../../train/train-options.ts';
import { formFields } from '../../forms/form-fields.ts';
import { generatePaths, trainPaths } from '../../work/page-settings.ts';
import { defineOperation } from '../operation.ts';

/** A page gives ids of data sets and runs, and no files. */
const withoutInTraining = new Set([...trainPaths, 'ema', 'prediction']);
const withoutInGenerating = new Set([
  ...generatePaths,
  // What a picture that no page sends shows.
  'subject',
  ...['tolerate', 'prediction', 'ema'],
]);

export const formsGet = defineOperation({
  name: 'forms.get',
  kind: 'look',
  schema: z.strictObject({ form: z.enum(['train', 'generate']) }),
  run: async ({ form }, { host }) => {
    const flagOf = host.commands?.flagOf;
    if (form === 'generate') {
      const fields = formFields(generateSchema, { without: withoutInGenerating, flagOf });
      return { fields, methods: {} };
    }
    const place = { group: 'method', level: 'more' } as const;
    // Options of a method are one flag together.
    const flagOfOption = flagOf && ((key: string) => `${flagOf('adapterOptions')} ${key}=`);
    const methods = Object.values(adapters).map(({ name, schema }) => {
      return [name, formFields(schema, { flagOf: flagOfOption, place })] as const;
    });
    return {
      fields: formFields(trainSchema, { without: withoutInTraining, flagOf }),
      methods: Object.fromEntries(methods),
    };
  },
});
