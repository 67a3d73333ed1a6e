/** @file The control of a setting, chosen by the schema of its value. Its own name, as the command has it, is the tooltip. */
import type { FormField } from '../../../../src/studio/interface/form-operations.ts';
import { CheckField, SelectField, TextField } from '../../../parts/controls/field.tsx';

interface GenerateSettingProps {
  readonly field: FormField;
  readonly label: string;
  readonly hint?: string;
  /** Undefined for the usual value. */
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** What stands for the usual value where the schema has none. */
  readonly usual: string;
}

export function GenerateSetting(props: GenerateSettingProps) {
  const { field, label, hint, value, onChange, usual } = props;
  const { schema, key } = field;
  const shared = {
    label,
    title: [key, field.flag].filter(Boolean).join(' · '),
    ...(hint === undefined ? {} : { hint }),
  };
  const choices = choicesOf(field);
  if (schema.type === 'boolean') {
    const isChecked = (value ?? field.default) === true;
    return (
      <CheckField
        {...{ label, title: shared.title }}
        checked={isChecked}
        onChange={({ target }) => onChange(target.checked)}
      />
    );
  }
  if (choices !== undefined) {
    return (
      <SelectField
        {...shared}
        value={String(value ?? field.default ?? '')}
        onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
      >
        {field.default === null && <option value="">{usual}</option>}
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </SelectField>
    );
  }
  const placeholder = field.default === null ? usual : String(field.default);
  if (schema.type === 'number' || schema.type === 'integer') {
    return (
      <TextField
        {...{ ...shared, placeholder }}
        {...boundsOf(schema)}
        type="number"
        value={typeof value === 'number' ? value : ''}
        onChange={({ target: { valueAsNumber: typed } }) =>
          onChange(Number.isNaN(typed) ? undefined : typed)
        }
      />
    );
  }
  return (
    <TextField
      {...{ ...shared, placeholder }}
      value={typeof value === 'string' ? value : ''}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
    />
  );
}

/** The values of an enum, or those that are known of a text. */
function choicesOf({ schema }: FormField): readonly string[] | undefined {
  const found = schema.enum ?? schema.choices;
  return Array.isArray(found) ? found.map(String) : undefined;
}

function boundsOf({ type, minimum, exclusiveMinimum, maximum }: FormField['schema']) {
  const least = minimum ?? exclusiveMinimum;
  // JSON schema states the largest safe integer where there is no bound.
  const isBound = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER;
  return {
    step: type === 'integer' ? 1 : 'any',
    ...(typeof least === 'number' ? { min: least } : {}),
    ...(isBound ? { max: maximum } : {}),
  } as const;
}
