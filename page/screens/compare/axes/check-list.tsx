/** @file Values to tick. */
import type { Axis } from '../../../../src/studio/interface/comparison-operations.ts';
import { CheckField } from '../../../parts/controls/field.tsx';
import styles from './axis-editor.module.css';

type Value = Axis['values'][number];

interface CheckListProps {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly values: readonly Value[];
  readonly onChange: (values: readonly Value[]) => void;
}

/** Ticked ones keep the order of the list. */
export function CheckList({ label, options, values, onChange }: CheckListProps) {
  // What an address asks for and is not there any more can still be taken away.
  const gone = values.filter((value) => !options.some((option) => option.value === value));
  const all = [...options, ...gone.map((value) => ({ value, label: String(value) }))];
  const toggled = (value: Value) =>
    all.map((option) => option.value).filter((each) => values.includes(each) !== (each === value));
  return (
    <fieldset className={styles.checks} aria-label={label}>
      {all.map((option) => (
        <CheckField
          key={String(option.value)}
          label={option.label}
          checked={values.includes(option.value)}
          onChange={() => onChange(toggled(option.value))}
        />
      ))}
    </fieldset>
  );
}
