/** @file A slider over the sizes that files can have: at most so many bytes. */
import { useId } from 'react';
import type { SizedEntry } from '../../../../src/studio/interface/adapter-operations.ts';
import { useWords } from '../../../words/use-words.tsx';
import styles from './budget-planner.module.css';
import { fileSizes } from './size-grid.ts';

interface SizeLimitProps {
  readonly entries: readonly SizedEntry[];
  /** Bytes. */
  readonly limit: number;
  readonly onChange: (limit: number) => void;
}

export function SizeLimit({ entries, limit, onChange }: SizeLimitProps) {
  const { t, formats } = useWords();
  const id = useId();
  const sizes = fileSizes(entries);
  const held = sizes.findLastIndex((size) => size <= limit);
  const fitting = entries.filter(({ fileBytes }) => fileBytes !== null && fileBytes <= limit);
  const size = formats.bytes(sizes[held] ?? 0);
  return (
    <div className={styles.limit}>
      <label htmlFor={id}>{t('adapters.limit')}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={sizes.length - 1}
        value={held}
        aria-valuetext={size}
        onChange={({ target: { valueAsNumber } }) =>
          onChange(sizes[valueAsNumber] ?? Number.POSITIVE_INFINITY)
        }
      />
      <output htmlFor={id}>
        <strong>{size}</strong>{' '}
        <span className={styles.fact}>{t('adapters.fitting', { n: fitting.length })}</span>
      </output>
    </div>
  );
}
