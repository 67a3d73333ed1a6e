/** @file Through the grids that stand one behind the other: all pictures change at once. */
import { useId } from 'react';
import type { Axis } from '../../../../src/studio/interface/comparison-operations.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { useAxisWords } from '../axes/use-axis-words.ts';
import styles from './comparison-view.module.css';

interface LayerSliderProps {
  readonly axis: Axis;
  readonly layer: number;
  readonly onChange: (layer: number) => void;
}

export function LayerSlider({ axis, layer, onChange }: LayerSliderProps) {
  const { t } = useWords();
  const { nameOf, textOf } = useAxisWords();
  const id = useId();
  const last = axis.values.length - 1;
  const value = axis.values[layer];
  const text = value === undefined ? '' : textOf(axis.name, value);
  return (
    <div className={styles.slider}>
      <label htmlFor={id}>{nameOf(axis.name)}</label>
      <Button
        icon="left"
        aria-label={t('compare.before')}
        disabled={layer === 0}
        onClick={() => onChange(layer - 1)}
      />
      <input
        id={id}
        type="range"
        min={0}
        max={Math.max(1, last)}
        value={layer}
        disabled={last < 1}
        aria-valuetext={text}
        onChange={({ target }) => onChange(Math.min(last, target.valueAsNumber))}
      />
      <Button
        icon="right"
        aria-label={t('compare.after')}
        disabled={layer >= last}
        onClick={() => onChange(layer + 1)}
      />
      <output htmlFor={id} className={styles.layer}>
        {text}
      </output>
    </div>
  );
}
