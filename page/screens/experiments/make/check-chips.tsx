/** @file Any of several: boxes to tick that look like chips. At least one stays. */
import { useState } from 'react';
import { Button } from '../../../parts/controls/button.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './chips.module.css';

interface CheckChipsProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly chosen: readonly string[];
  /** In the order of the options. */
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Options that are shown at once; of more, these and the chosen ones until somebody asks. */
const few = 12;

export function CheckChips({ label, options, chosen, onChange }: CheckChipsProps) {
  const { t } = useWords();
  const [areAll, setAll] = useState(false);
  const shown = areAll
    ? options
    : options.filter(({ value }, i) => i < few || chosen.includes(value));
  const toggle = (value: string) => {
    const next = options
      .map((option) => option.value)
      .filter((each) => (each === value ? !chosen.includes(each) : chosen.includes(each)));
    if (next.length > 0) onChange(next);
  };
  return (
    <fieldset className={styles.group}>
      <legend>{label}</legend>
      <div className={styles.chips}>
        {shown.map((option) => (
          <label key={option.value} className={styles.option}>
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={() => toggle(option.value)}
            />
            {option.label}
          </label>
        ))}
        {shown.length < options.length && (
          <Button kind="quiet" onClick={() => setAll(true)}>
            {t('experiments.all-options', { n: options.length })}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
