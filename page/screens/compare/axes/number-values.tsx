/** @file Numbers of an axis: a list that one types, or filled from one to another. */
import { useState } from 'react';
import { Button } from '../../../parts/controls/button.tsx';
import { TextField } from '../../../parts/controls/field.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { numbersBetween, numbersIn } from '../request/number-list.ts';
import styles from './axis-editor.module.css';

interface NumberValuesProps {
  readonly label: string;
  readonly isInteger: boolean;
  readonly values: readonly unknown[];
  readonly onChange: (values: readonly number[]) => void;
}

const mostFilled = 40;

export function NumberValues({ label, isInteger, values, onChange }: NumberValuesProps) {
  const { t } = useWords();
  const [text, setText] = useState(values.join(', '));
  const typed = numbersIn(text);
  // A preset, or a fill, changes the values without the field.
  const isOurs = typed === undefined || typed.join() === values.join();
  const shown = isOurs ? text : values.join(', ');
  return (
    <>
      <TextField
        label={label}
        value={shown}
        inputMode="text"
        error={typed === undefined && isOurs ? t('compare.no-numbers') : undefined}
        onChange={({ target }) => {
          setText(target.value);
          const numbers = numbersIn(target.value);
          if (numbers !== undefined) onChange(numbers);
        }}
      />
      <Fill
        isInteger={isInteger}
        values={values}
        onFill={(numbers) => {
          setText(numbers.join(', '));
          onChange(numbers);
        }}
      />
    </>
  );
}

interface FillProps extends Pick<NumberValuesProps, 'isInteger' | 'values'> {
  readonly onFill: (values: readonly number[]) => void;
}

function Fill({ isInteger, values, onFill }: FillProps) {
  const { t } = useWords();
  const numbers = values.filter((value) => typeof value === 'number');
  const [from, setFrom] = useState(String(numbers[0] ?? 0));
  const [to, setTo] = useState(String(numbers.at(-1) ?? 1));
  const [count, setCount] = useState(String(Math.max(2, numbers.length)));
  const asked = { from: Number(from), to: Number(to), count: Number(count) };
  const isSound =
    [from, to].every((text) => text.trim() !== '') &&
    [asked.from, asked.to].every(Number.isFinite) &&
    Number.isInteger(asked.count) &&
    asked.count >= 1 &&
    asked.count <= mostFilled;
  return (
    <div className={styles.fill}>
      <TextField
        label={t('compare.from')}
        inputMode="decimal"
        value={from}
        onChange={({ target }) => setFrom(target.value)}
      />
      <TextField
        label={t('compare.to')}
        inputMode="decimal"
        value={to}
        onChange={({ target }) => setTo(target.value)}
      />
      <TextField
        label={t('compare.how-many')}
        inputMode="numeric"
        value={count}
        onChange={({ target }) => setCount(target.value)}
      />
      <Button
        disabled={!isSound}
        onClick={() =>
          onFill(numbersBetween(asked.from, asked.to, { count: asked.count, isInteger }))
        }
      >
        {t('compare.fill')}
      </Button>
    </div>
  );
}
