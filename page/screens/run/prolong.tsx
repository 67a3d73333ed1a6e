/** @file Lets a finished run go on to more steps. */
import { type FormEvent, useState } from 'react';
import type { RunDetail } from '../../../src/studio/interface/run-operations.ts';
import { useChange } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { TextField } from '../../parts/controls/field.tsx';
import { Modal } from '../../parts/modal.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { useWords } from '../../words/use-words.tsx';

interface ProlongProps {
  readonly run: RunDetail;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function Prolong({ run: { id, steps: made }, isOpen, onClose }: ProlongProps) {
  const { t } = useWords();
  const add = useChange('jobs.add');
  const [typed, setTyped] = useState(String(Math.round(made * 1.5)));
  const steps = Number(typed);
  const isMore = Number.isInteger(steps) && steps > made;
  const goOn = (event: FormEvent) => {
    event.preventDefault();
    if (isMore) add.mutate({ kind: 'resume', run: id, steps }, { onSuccess: onClose });
  };
  return (
    <Modal title={t('run.prolong')} isOpen={isOpen} onClose={onClose}>
      <form onSubmit={goOn}>
        <TextField
          label={t('run.prolong-steps')}
          hint={t('run.prolong-hint', { steps: made })}
          error={isMore ? undefined : t('run.prolong-hint', { steps: made })}
          inputMode="numeric"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <p>
          <Button kind="main" type="submit" isBusy={add.isPending} disabled={!isMore}>
            {t('run.prolong')}
          </Button>
        </p>
      </form>
      <ErrorNotice error={add.error} />
    </Modal>
  );
}
