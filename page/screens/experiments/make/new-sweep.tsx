/** @file A new experiment: put together in the form or typed, its file beside it, counted as it changes. */
import { useEffect, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useChange, useLook } from '../../../backend/use-look.ts';
import { classNames } from '../../../parts/class-names.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { ScreenTitle } from '../../../parts/screen-title.tsx';
import { useSettled } from '../../../parts/use-settled.ts';
import { useWords } from '../../../words/use-words.tsx';
import { usualWorkers } from '../usual-workers.ts';
import { DraftForm } from './draft-form.tsx';
import styles from './new-sweep.module.css';
import { draftText, firstDraft, type SweepDraft } from './sweep-draft.ts';
import { SweepText } from './sweep-text.tsx';
import { useBeginning } from './use-beginning.ts';

/** Milliseconds without a key after which a text is looked at. */
const pause = 400;

export function NewSweep() {
  const { t } = useWords();
  const beginning = useBeginning(useSearch());
  const [draft, setDraft] = useState<SweepDraft>(firstDraft);
  /** Undefined while the form writes it. */
  const [typed, setTyped] = useState<string>();
  useEffect(() => {
    if (beginning?.draft !== undefined) setDraft(beginning.draft);
    if (beginning?.source !== undefined) setTyped(beginning.source);
  }, [beginning]);
  const source = typed ?? draftText(draft, t('experiments.untitled'));
  const {
    data: check,
    isFetching,
    error,
  } = useLook('sweeps.check', { source: useSettled(source, pause) });
  // What was typed since the last look is looked at again when it is kept.
  const isSound = check?.problems.length === 0;
  return (
    <>
      <ScreenTitle title={t('experiments.new')} lead={t('experiments.new-lead')}>
        <BeginActions source={source} isSound={isSound} />
      </ScreenTitle>
      <ErrorNotice error={error} />
      <div className={classNames(styles.columns, typed !== undefined && styles.typed)}>
        <DraftForm
          draft={draft}
          isTyped={typed !== undefined}
          onChange={setDraft}
          onSource={setTyped}
        />
        <SweepText source={source} check={check} isChecking={isFetching} onChange={setTyped} />
      </div>
    </>
  );
}

interface BeginProps {
  readonly source: string;
  readonly isSound: boolean;
}

function BeginActions({ source, isSound }: BeginProps) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const { data: session } = useLook('session.get', {});
  const create = useChange('sweeps.create');
  const start = useChange('sweeps.start');
  const isBusy = create.isPending || start.isPending;
  const keep = async (isStarted: boolean) => {
    const { id } = await create.mutateAsync({ source });
    // Where it cannot be started now, its own screen says so and starts it later.
    if (isStarted) {
      const workers = usualWorkers(session?.machine.cores ?? 1);
      await start.mutateAsync({ id, workers }).catch(() => undefined);
    }
    navigate(`/experiments/${encodeURIComponent(id)}`);
  };
  // What fails is shown by the mutation's own error.
  const shown = () => undefined;
  return (
    <>
      <Button disabled={!isSound} isBusy={isBusy} onClick={() => keep(false).catch(shown)}>
        {t('experiments.keep')}
      </Button>
      <Button
        kind="main"
        icon="play"
        disabled={!isSound}
        isBusy={isBusy}
        onClick={() => keep(true).catch(shown)}
      >
        {t('experiments.start')}
      </Button>
      <ErrorNotice error={create.error} />
    </>
  );
}
