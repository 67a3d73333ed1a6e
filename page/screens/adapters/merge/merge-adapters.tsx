/** @file Several adapters into one: which, how strong, what that draws, and under which name it is kept. */
import { useState } from 'react';
import type { UsedAdapter } from '../../../../src/studio/interface/drawing-operations.ts';
import { useFreshFiles } from '../../../backend/use-fresh-files.ts';
import { useChange, useLook } from '../../../backend/use-look.ts';
import { Button, LinkButton } from '../../../parts/controls/button.tsx';
import { TextField } from '../../../parts/controls/field.tsx';
import { EmptyState } from '../../../parts/empty-state.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { MadeAdapterNotice } from '../made-adapter.tsx';
import { MakingAdapter } from '../making-adapter.tsx';
import { AdapterChoice } from './adapter-choice.tsx';
import styles from './merge-adapters.module.css';
import { MergePreview } from './merge-preview.tsx';

const fewest = 2;

export function MergeAdapters() {
  const { t } = useWords();
  useFreshFiles('adapters.list');
  const { data: adapters, error } = useLook('adapters.list', {});
  const [used, setUsed] = useState<readonly UsedAdapter[]>([]);
  const [typed, setTyped] = useState<string>();
  const merge = useChange('adapters.merge');
  const usable = adapters?.filter(({ problem }) => problem === undefined) ?? [];
  const names = used.flatMap(({ id }) => usable.find((one) => one.id === id)?.name ?? []);
  const name = typed ?? names.join(' + ');
  const isReady = used.length >= fewest && name.trim() !== '';
  if (adapters !== undefined && usable.length < fewest) {
    return (
      <EmptyState text={t('adapters.merge-few')}>
        <LinkButton to="/train">{t('train.title')}</LinkButton>
      </EmptyState>
    );
  }
  return (
    <div className={styles.columns}>
      <div className={styles.column}>
        <ErrorNotice error={error} />
        <AdapterChoice adapters={usable} used={used} onChange={setUsed} />
        <TextField
          label={t('adapters.new-name')}
          hint={t('adapters.new-name-hint')}
          value={name}
          maxLength={80}
          onChange={({ target }) => setTyped(target.value)}
        />
        <div>
          <Button
            kind="main"
            disabled={!isReady}
            isBusy={merge.isPending}
            onClick={() => merge.mutate({ adapters: used, name, settings: {} })}
          >
            {t('adapters.merge')}
          </Button>
        </div>
        {merge.isPending && (
          <MakingAdapter name={merge.variables.name} text={t('adapters.merging')} />
        )}
        <ErrorNotice error={merge.error} />
        <div role="status">
          {merge.data !== undefined && (
            <MadeAdapterNotice made={merge.data}>{t('adapters.merged-exactly')}</MadeAdapterNotice>
          )}
        </div>
      </div>
      <MergePreview used={used} />
    </div>
  );
}
