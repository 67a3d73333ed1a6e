/** @file What the adapters draw together, before they are one: the same picture as afterwards. */
import { useState } from 'react';
import type { UsedAdapter } from '../../../../src/studio/interface/drawing-operations.ts';
import { StudioError } from '../../../backend/studio-error.ts';
import { useChange, useLook } from '../../../backend/use-look.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { TextField } from '../../../parts/controls/field.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { Picture } from '../../../parts/pictures/picture.tsx';
import { Progress } from '../../../parts/progress.tsx';
import { isUnderWay } from '../../../parts/words/drawing-words.ts';
import { useWords } from '../../../words/use-words.tsx';
import styles from './merge-adapters.module.css';

/** The same for every preview, so that strengths alone make the difference. */
const seed = 1;

export function MergePreview({ used }: { used: readonly UsedAdapter[] }) {
  const { t } = useWords();
  const [prompt, setPrompt] = useState('a {subject}');
  const start = useChange('drawings.start');
  const { data: drawings = [] } = useLook('drawings.list', {});
  const drawing = drawings.find(({ id }) => id === start.data?.id) ?? start.data;
  const isDrawing = drawing !== undefined && isUnderWay(drawing);
  const failure = drawing?.error === undefined ? null : new StudioError(drawing.error);
  const [picture] = drawing?.pictures ?? [];
  return (
    <section className={styles.column} aria-label={t('adapters.preview')}>
      <h2>{t('adapters.preview')}</h2>
      <TextField
        label={t('adapters.prompt')}
        hint={t('adapters.prompt-hint', { subject: '{subject}' })}
        value={prompt}
        onChange={({ target }) => setPrompt(target.value)}
      />
      <div>
        <Button
          disabled={used.length === 0 || prompt.trim() === ''}
          isBusy={start.isPending || isDrawing}
          onClick={() => start.mutate({ adapters: used, settings: { prompt, seed, count: 1 } })}
        >
          {t('adapters.draw-preview')}
        </Button>
      </div>
      {picture === undefined ? (
        <div className={styles.place} />
      ) : (
        <Picture
          picture={picture}
          alt={t('run.result', { prompt, seed })}
          className={styles.picture}
        />
      )}
      {isDrawing && (
        <Progress
          label={t('adapters.preview')}
          share={drawing?.state === 'waiting' ? undefined : drawing?.progress}
        />
      )}
      <ErrorNotice error={start.error ?? failure} />
    </section>
  );
}
