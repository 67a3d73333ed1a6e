/** @file All samples: a column for each prompt, a row for each step, the newest first. */
import type { CSSProperties } from 'react';
import { useRoving } from '../../../parts/controls/use-roving.ts';
import { Picture } from '../../../parts/pictures/picture.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './sample-grid.module.css';
import type { SampleTable } from './sample-table.ts';

interface SampleGridProps {
  readonly table: SampleTable;
  readonly onChoose: (step: number) => void;
}

export function SampleGrid({ table, onChoose }: SampleGridProps) {
  const { t } = useWords();
  const { prompts } = table;
  const steps = [...table.steps].reverse();
  const { onKeyDown, item } = useRoving(steps.length * prompts.length, prompts.length);
  const columns: CSSProperties = {
    gridTemplateColumns: `auto repeat(${prompts.length}, minmax(88px, 160px))`,
  };
  return (
    <fieldset className={styles.scroll} aria-label={t('run.view.all')} onKeyDown={onKeyDown}>
      <div className={styles.grid} style={columns}>
        <span />
        {prompts.map((prompt) => (
          <span key={prompt ?? ''} className={styles.prompt}>
            {prompt ?? t('run.all-prompts')}
          </span>
        ))}
        {steps.map((step, row) => [
          <span key={step} className={styles.step}>
            {step}
          </span>,
          ...prompts.map((prompt, column) => {
            const sample = table.at(step, prompt);
            const alt = t('run.sample-alt', { prompt: prompt ?? t('run.all-prompts'), step });
            return (
              <button
                key={`${step} ${prompt}`}
                type="button"
                className={styles.cell}
                {...item(row * prompts.length + column)}
                onClick={() => onChoose(step)}
              >
                {sample !== undefined && <Picture picture={sample.picture} alt={alt} width={320} />}
              </button>
            );
          }),
        ])}
      </div>
    </fieldset>
  );
}
