/** @file What one can do with an experiment in the state that it is in. */
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { SweepDetail } from '../../../../src/studio/interface/experiment-operations.ts';
import { useChange } from '../../../backend/use-look.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { Modal } from '../../../parts/modal.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { Removal } from '../../../parts/removal.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { StartSweep } from './start-sweep.tsx';

type Opened = 'start' | 'remove' | undefined;

export function SweepActions({ sweep }: { sweep: SweepDetail }) {
  const { t } = useWords();
  const [opened, setOpened] = useState<Opened>();
  const stop = useChange('sweeps.stop');
  const report = useChange('sweeps.report');
  const { id, state, done, hasReport, reportProblem } = sweep;
  const isRunning = state.state === 'running';
  const close = () => setOpened(undefined);
  return (
    <>
      {isRunning && (
        <Button icon="pause" isBusy={stop.isPending} onClick={() => stop.mutate({ id })}>
          {stop.isPending ? t('experiments.stopping') : t('experiments.stop')}
        </Button>
      )}
      {state.state === 'waiting' && (
        <Button icon="close" isBusy={stop.isPending} onClick={() => stop.mutate({ id })}>
          {t('experiments.wait-no-more')}
        </Button>
      )}
      {!isRunning && !['finished', 'waiting'].includes(state.state) && (
        <Button kind="main" icon="play" onClick={() => setOpened('start')}>
          {state.state === 'new' ? t('experiments.start') : t('experiments.go-on')}
        </Button>
      )}
      {done > 0 && (isRunning || !hasReport || reportProblem !== undefined) && (
        <Button isBusy={report.isPending} onClick={() => report.mutate({ id })}>
          {report.isPending ? t('experiments.reporting') : t('experiments.report-now')}
        </Button>
      )}
      {!isRunning && (
        <Button
          icon="more"
          aria-label={t('experiments.more')}
          onClick={() => setOpened('remove')}
        />
      )}
      <ErrorNotice error={stop.error ?? report.error} />
      <StartSweep sweep={sweep} isOpen={opened === 'start'} onClose={close} />
      <RemoveSweep id={id} isOpen={opened === 'remove'} onClose={close} />
    </>
  );
}

interface RemoveProps {
  readonly id: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function RemoveSweep({ id, isOpen, onClose }: RemoveProps) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const remove = useChange('sweeps.remove');
  const onSuccess = () => navigate('/experiments');
  return (
    <Modal title={t('experiments.more')} isOpen={isOpen} onClose={onClose}>
      <Removal
        warning={t('experiments.remove-sure')}
        label={t('experiments.remove')}
        isBusy={remove.isPending}
        onRemove={() => remove.mutate({ id }, { onSuccess })}
      />
      <ErrorNotice error={remove.error} />
    </Modal>
  );
}
