/** @file What one can do with a run in the state that it is in. */
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { RunDetail } from '../../../src/studio/interface/run-operations.ts';
import { useChange } from '../../backend/use-look.ts';
import { Button, LinkButton } from '../../parts/controls/button.tsx';
import { useMessages } from '../../parts/messages.tsx';
import { Modal } from '../../parts/modal.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { Removal } from '../../parts/removal.tsx';
import { canGoOn } from '../../parts/words/run-words.ts';
import { useWords } from '../../words/use-words.tsx';
import { AskSample } from './ask-sample.tsx';
import { Prolong } from './prolong.tsx';

type Opened = 'sample' | 'prolong' | 'more' | undefined;

export function RunActions({ run }: { run: RunDetail }) {
  const { t } = useWords();
  const [opened, setOpened] = useState<Opened>();
  const stop = useChange('runs.stop');
  const add = useChange('jobs.add');
  const { id, state, adapterId, checkpoints } = run;
  const close = () => setOpened(undefined);
  return (
    <>
      {state.state === 'running' && (
        <>
          <Button onClick={() => setOpened('sample')}>{t('run.sample')}</Button>
          <Button icon="pause" isBusy={stop.isPending} onClick={() => stop.mutate({ id })}>
            {stop.isPending ? t('run.pausing') : t('run.pause')}
          </Button>
        </>
      )}
      {canGoOn(state) && (
        <Button
          kind="main"
          isBusy={add.isPending}
          onClick={() => add.mutate({ kind: 'resume', run: id })}
        >
          {t('run.go-on')}
        </Button>
      )}
      {(adapterId !== undefined || checkpoints.length > 0) && (
        <LinkButton to={`/compare?run=${encodeURIComponent(id)}`}>{t('run.compare')}</LinkButton>
      )}
      {state.state === 'finished' && (
        <>
          <Button onClick={() => setOpened('prolong')}>{t('run.prolong')}</Button>
          {adapterId !== undefined && (
            <LinkButton kind="main" to={`/generate?adapter=${encodeURIComponent(adapterId)}`}>
              {t('run.draw')}
            </LinkButton>
          )}
        </>
      )}
      <Button icon="more" aria-label={t('run.more')} onClick={() => setOpened('more')} />
      <ErrorNotice error={stop.error ?? add.error} />
      <AskSample run={run} isOpen={opened === 'sample'} onClose={close} />
      <Prolong run={run} isOpen={opened === 'prolong'} onClose={close} />
      <MoreActions run={run} isOpen={opened === 'more'} onClose={close} />
    </>
  );
}

interface DialogProps {
  readonly run: RunDetail;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function MoreActions({ run: { id, state }, isOpen, onClose }: DialogProps) {
  const { t } = useWords();
  const { show } = useMessages();
  const [, navigate] = useLocation();
  const save = useChange('runs.checkpoint');
  const stop = useChange('runs.stop');
  const remove = useChange('runs.remove');
  const isRunning = state.state === 'running';
  const saveNow = async () => {
    await save.mutateAsync({ id });
    show({ text: t('run.checkpoint-asked') });
    onClose();
  };
  const removeIt = async () => {
    if (isRunning) await stop.mutateAsync({ id });
    await remove.mutateAsync({ id });
    navigate('/');
  };
  // What fails is shown by the mutation's own error.
  const shown = () => undefined;
  return (
    <Modal title={t('run.more')} isOpen={isOpen} onClose={onClose}>
      {isRunning && (
        <div>
          <Button isBusy={save.isPending} onClick={() => saveNow().catch(shown)}>
            {t('run.checkpoint')}
          </Button>
        </div>
      )}
      <div>
        <LinkButton to={`/experiments/new?run=${encodeURIComponent(id)}`}>
          {t('run.vary')}
        </LinkButton>
      </div>
      <Removal
        warning={t('run.remove-sure')}
        label={isRunning ? t('run.stop-remove') : t('run.remove')}
        isBusy={stop.isPending || remove.isPending}
        onRemove={() => void removeIt().catch(shown)}
      />
      <ErrorNotice error={save.error ?? stop.error ?? remove.error} />
    </Modal>
  );
}
