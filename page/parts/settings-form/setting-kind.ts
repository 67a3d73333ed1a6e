/** @file What a setting's JSON schema says of its value, as far as a control needs it. */
import type { FormField } from '../../../src/studio/interface/form-operations.ts';

export type SettingKind =
  | { readonly type: 'switch' }
  | { readonly type: 'choice'; readonly values?: readonly string[] }
  | {
      readonly type: 'number';
      readonly isWhole: boolean;
      readonly least: number;
      readonly most: number;
      /** By which arrows go on. */
      readonly step: number;
    }
  | { readonly type: 'list'; readonly isOfNumbers: boolean }
  | { readonly type: 'pairs' }
  | { readonly type: 'text'; readonly placeholder: string | undefined };

export function kindOf(schema: FormField['schema']): SettingKind {
  const number = (key: string) => (typeof schema[key] === 'number' ? schema[key] : undefined);
  if (Array.isArray(schema.enum)) return { type: 'choice', values: schema.enum.map(String) };
  switch (schema.type) {
    case 'boolean':
      return { type: 'switch' };
    case 'integer':
    case 'number': {
      const isWhole = schema.type === 'integer';
      const step = number('multipleOf') ?? 1;
      const above = number('exclusiveMinimum');
      const least = number('minimum') ?? (above === undefined ? undefined : above + step);
      const most = number('maximum') ?? number('exclusiveMaximum');
      return {
        type: 'number',
        ...{ isWhole, step },
        least: least ?? Number.NEGATIVE_INFINITY,
        most: most ?? Number.POSITIVE_INFINITY,
      };
    }
    case 'array': {
      const { type } = Object(schema.items);
      return { type: 'list', isOfNumbers: type === 'integer' || type === 'number' };
    }
    case 'object':
      return { type: 'pairs' };
    default: {
      // "a size such as 8GB, 500MB or 2GiB"
      const [, example] = /such as (\S+?),? /.exec(String(schema.expects ?? '')) ?? [];
      return { type: 'text', placeholder: example };
    }
  }
}
