/** @file How large a form is that is near to an adapter. */
import { TextField } from '../../../parts/controls/field.tsx';
import { useWords } from '../../../words/use-words.tsx';
import type { FormChoice, FormSizes } from './form-choices.ts';
import styles from './size-fields.module.css';

interface SizeFieldsProps {
  readonly choice: FormChoice;
  readonly sizes: FormSizes;
  readonly onChange: (sizes: FormSizes) => void;
}

const needed: Readonly<Record<FormChoice, readonly (keyof FormSizes)[]>> = {
  'as it is': [],
  'exact lora': [],
  lora: ['rank'],
  krona: ['a1', 'a2'],
  diff: [],
};

/** Nothing for forms without a size. */
export function SizeFields({ choice, sizes, onChange }: SizeFieldsProps) {
  const { t } = useWords();
  const keys = needed[choice];
  if (keys.length === 0) return null;
  return (
    <div className={styles.sizes}>
      {keys.map((key) => (
        <TextField
          key={key}
          type="number"
          min={1}
          step={1}
          title={key}
          label={t(`adapters.size.${key}`)}
          value={sizes[key] || ''}
          onChange={({ target: { valueAsNumber } }) =>
            onChange({ ...sizes, [key]: Math.round(valueAsNumber) || 0 })
          }
        />
      ))}
    </div>
  );
}
