/** @file Asks a run at work for a picture of any prompt. */
import { type FormEvent, useState } from 'react';
import type { RunDetail } from '../../../src/studio/interface/run-operations.ts';
import { useChange } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { TextField } from '../../parts/controls/field.tsx';
import { useMessages } from '../../parts/messages.tsx';
import { Modal } from '../../parts/modal.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { useWords } from '../../words/use-words.tsx';

interface AskSampleProps {
  readonly run: RunDetail;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function AskSample({ run: { id, subject }, isOpen, onClose }: AskSampleProps) {
  const { t } = useWords();
  const { show } = useMessages();
  const sample = useChange('runs.sample');
  const [prompt, setPrompt] = useState(`a ${subject}`);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (prompt.trim() === '') return;
    const onSuccess = () => {
      onClose();
      show({ text: t('run.sample-asked') });
    };
    sample.mutate({ id, prompt: prompt.trim() }, { onSuccess });
  };
  return (
    <Modal title={t('run.sample-title')} isOpen={isOpen} onClose={onClose}>
      <form onSubmit={ask}>
        <TextField
          label={t('run.sample-prompt')}
          hint={t('run.sample-hint', { subject })}
          value={prompt}
          onChange={({ target }) => setPrompt(target.value)}
        />
        <p>
          <Button kind="main" type="submit" isBusy={sample.isPending}>
            {t('run.sample')}
          </Button>
        </p>
      </form>
      <ErrorNotice error={sample.error} />
    </Modal>
  );
}
