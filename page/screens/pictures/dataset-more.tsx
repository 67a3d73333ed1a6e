/** @file What one does rarely with a set: copy it, remove it. */
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Dataset } from '../../../src/studio/interface/dataset-operations.ts';
import { useChange } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Modal } from '../../parts/modal.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { Removal } from '../../parts/removal.tsx';
import { useWords } from '../../words/use-words.tsx';
import { CopyButton } from './bundled-notice.tsx';

export function DatasetMore({ dataset: { id, name, count, isBundled } }: { dataset: Dataset }) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const [, navigate] = useLocation();
  const remove = useChange('datasets.remove');
  if (isBundled) return null;
  return (
    <>
      <Button icon="more" aria-label={t('pictures.more')} onClick={() => setOpen(true)} />
      <Modal title={name} isOpen={isOpen} onClose={() => setOpen(false)}>
        <CopyButton id={id} name={name} />
        <Removal
          warning={t('pictures.remove-sure', { n: count })}
          label={t('pictures.remove-set')}
          isBusy={remove.isPending}
          onRemove={() => remove.mutate({ id }, { onSuccess: () => navigate('/datasets') })}
        />
        <ErrorNotice error={remove.error} />
      </Modal>
    </>
  );
}
