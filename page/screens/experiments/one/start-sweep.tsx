/** @file Begins an experiment, or goes on with it: how many workers, and where they compute. */
import { type FormEvent, useState } from 'react';
import type { SweepDetail } from '../../../../src/studio/interface/experiment-operations.ts';
import { usePlace } from '../../../backend/place.ts';
import { useChange, useLook } from '../../../backend/use-look.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { SelectField } from '../../../parts/controls/field.tsx';
import { NumberSlider } from '../../../parts/controls/number-slider.tsx';
import { Modal } from '../../../parts/modal.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { usualWorkers } from '../usual-workers.ts';

interface StartSweepProps {
  readonly sweep: SweepDetail;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function StartSweep({
  sweep: { id, workers: before, state },
  isOpen,
  onClose,
}: StartSweepProps) {
  const { t, formats } = useWords();
  const place = usePlace();
  const { data: session } = useLook('session.get', {});
  const start = useChange('sweeps.start');
  const { cores = 1, devices = ['cpu'], memoryBytes = 0 } = session?.machine ?? {};
  const usual = before ?? usualWorkers(cores);
  const [chosen, setChosen] = useState<number>();
  const [device, setDevice] = useState('cpu');
  const workers = chosen ?? usual;
  const begin = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({ id, workers, device }, { onSuccess: onClose });
  };
  const verb = state.state === 'new' ? t('experiments.start') : t('experiments.go-on');
  return (
    <Modal title={verb} isOpen={isOpen} onClose={onClose}>
      <form onSubmit={begin}>
        {/* In a tab its own worker trains one task after the other. */}
        {place === 'server' && (
          <>
            <NumberSlider
              label={t('experiments.workers')}
              min={1}
              max={Math.max(cores, usual)}
              value={workers}
              onChange={setChosen}
            />
            <p>{t('experiments.workers-hint', { cores, memory: formats.bytes(memoryBytes) })}</p>
          </>
        )}
        {devices.length > 1 && (
          <SelectField
            label={t('experiments.device')}
            value={device}
            onChange={({ target }) => setDevice(target.value)}
          >
            {devices.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </SelectField>
        )}
        <p>
          <Button kind="main" type="submit" isBusy={start.isPending}>
            {verb}
          </Button>
        </p>
      </form>
      <ErrorNotice error={start.error} />
    </Modal>
  );
}
