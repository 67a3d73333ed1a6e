/** @file A slider with its number beside it, for those who know the number. */
import { useId } from 'react';
import { classNames } from '../class-names.ts';
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
  /** Shown along the slider. */
  readonly marks?: readonly number[];
  /** A double click on the slider goes back to it. */
  readonly usual?: number;
  /** The label above, where there is little room. */
  readonly isStacked?: boolean;
}

export function NumberSlider({
  label,
  value,
  min,
  max,
  step = 1,
  onChange,
  valueText,
  marks = [],
  usual,
  isStacked = false,
}: NumberSliderProps) {
  const id = useId();
  const shared = { min, max, step, value };
  return (
    <div className={classNames(styles.slider, isStacked && styles.stacked)}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        id={id}
        type="range"
        {...shared}
        list={marks.length > 0 ? `${id}-marks` : undefined}
        aria-valuetext={valueText}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        onDoubleClick={usual === undefined ? undefined : () => onChange(usual)}
      />
      {marks.length > 0 && (
        <datalist id={`${id}-marks`}>
          {marks.map((mark) => (
            <option key={mark} value={mark} />
          ))}
        </datalist>
      )}
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
