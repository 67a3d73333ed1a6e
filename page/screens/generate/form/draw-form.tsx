/** @file The form of a drawing. */
import type { FormEvent, KeyboardEvent } from 'react';
import type { AdapterSummary } from '../../../../src/studio/interface/adapter-operations.ts';
import type { FormField } from '../../../../src/studio/interface/form-operations.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { type Draft, promptsOf } from '../draft/draft.ts';
import type { ChangeDraft } from '../draft/use-drawing-draft.ts';
import { AdapterFields } from './adapter-fields.tsx';
import { BeginFields } from './begin-fields.tsx';
import styles from './form.module.css';
import { MoreFields } from './more-fields.tsx';
import { PromptFields } from './prompt-fields.tsx';
import { SeedFields } from './seed-fields.tsx';

interface DrawFormProps {
  readonly draft: Draft;
  readonly change: ChangeDraft;
  readonly adapters: readonly AdapterSummary[];
  readonly fields: readonly FormField[];
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly onDraw: () => void;
  readonly onSweep: (adapter: string) => void;
  /** Hears one, to begin with. */
  readonly onFiles: (files: readonly File[]) => void;
}

export function DrawForm(props: DrawFormProps) {
  const { draft, change, adapters, fields, isBusy, error, onDraw, onSweep, onFiles } = props;
  const { t } = useWords();
  const isReady = promptsOf(draft).length > 0;
  const used = draft.adapters.flatMap(({ id }) => adapters.find((each) => each.id === id) ?? []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !isBusy) onDraw();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  };
  return (
    <form className={styles.form} onSubmit={submit} onKeyDown={onKeyDown} noValidate>
      <PromptFields draft={draft} change={change} used={used} />
      <AdapterFields draft={draft} change={change} adapters={adapters} onSweep={onSweep} />
      <SeedFields draft={draft} change={change} />
      <div className={styles.draw}>
        <Button kind="main" type="submit" isBusy={isBusy} disabled={!isReady}>
          {t('generate.draw')}
        </Button>
        <kbd className={styles.keys}>{isApple() ? '⌘ ↵' : 'Ctrl ↵'}</kbd>
      </div>
      <ErrorNotice error={error} />
      <details open={draft.begin !== undefined}>
        <summary className={styles.summary}>{t('generate.begin')}</summary>
        <BeginFields draft={draft} change={change} onFiles={onFiles} />
      </details>
      <details>
        <summary className={styles.summary}>{t('generate.more')}</summary>
        <MoreFields fields={fields} draft={draft} change={change} />
      </details>
    </form>
  );
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(window.navigator.userAgent);
}
