/** @file How many pictures, and the number that decides the first of them. */
import { Button } from '../../../parts/controls/button.tsx';
import { CheckField, TextField } from '../../../parts/controls/field.tsx';
import { useWords } from '../../../words/use-words.tsx';
import type { Draft } from '../draft/draft.ts';
import { type ChangeDraft, randomSeed } from '../draft/use-drawing-draft.ts';
import styles from './form.module.css';

export function SeedFields({
  draft: { seed, keepsSeed, count },
  change,
}: {
  readonly draft: Draft;
  readonly change: ChangeDraft;
}) {
  const { t } = useWords();
  return (
    <div className={styles.seed}>
      <TextField
        label={t('generate.count')}
        title="count"
        type="number"
        min={1}
        max={1000}
        value={count}
        onChange={({ target: { valueAsNumber: typed } }) => {
          if (Number.isInteger(typed) && typed > 0) change({ count: typed });
        }}
      />
      <TextField
        label={t('generate.seed')}
        title="seed"
        type="number"
        min={0}
        value={seed}
        onChange={({ target: { valueAsNumber: typed } }) => {
          if (Number.isInteger(typed) && typed >= 0) change({ seed: typed, keepsSeed: true });
        }}
      />
      <Button
        icon="dice"
        aria-label={t('generate.dice')}
        onClick={() => change({ seed: randomSeed() })}
      />
      <CheckField
        label={t('generate.keep')}
        title={t('generate.keep-hint')}
        checked={keepsSeed}
        onChange={({ target }) => change({ keepsSeed: target.checked })}
      />
    </div>
  );
}
