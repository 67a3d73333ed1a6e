/** @file A slider with its number beside it, for those who know the number. */
import { useId } from 'react';
import styles from './number-slider.module.css';

interface NumberSliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly onChange: (value: number) => void;
  /** What the number means, for who cannot see what it changes. */
  readonly valueText?: string;
}

export function NumberSlider({
  label,
  value,
  min,
  max,
  step = 1,
  onChange,
  valueText,
}: NumberSliderProps) {
  const id = useId();
  const shared = { min, max, step, value };
  return (
    <div className={styles.slider}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        id={id}
        type="range"
        {...shared}
        aria-valuetext={valueText}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
      <input
        type="number"
        {...shared}
        aria-label={label}
        className={styles.number}
        onChange={({ target: { valueAsNumber: typed } }) => {
          if (typed >= min && typed <= max) onChange(typed);
        }}
      />
    </div>
  );
}
