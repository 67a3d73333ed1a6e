/** @file One experiment: how far it is, its tasks, its report, its file. */
import type { SweepDetail } from '../../../../src/studio/interface/experiment-operations.ts';
import { useLook } from '../../../backend/use-look.ts';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { ScreenTitle } from '../../../parts/screen-title.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { SweepActions } from './sweep-actions.tsx';
import { SweepFile } from './sweep-file.tsx';
import { SweepReport } from './sweep-report.tsx';
import { SweepStatus } from './sweep-status.tsx';
import { SweepTasks } from './sweep-tasks.tsx';

export function OneSweep({ id }: { id: string }) {
  const { t } = useWords();
  const { data: sweep, error } = useLook('sweeps.get', { id });
  if (sweep?.id === id) return <ShownSweep sweep={sweep} />;
  return (
    <>
      <ScreenTitle title={t('experiments.title')} />
      <ErrorNotice error={error} />
    </>
  );
}

function ShownSweep({ sweep }: { sweep: SweepDetail }) {
  return (
    <>
      <ScreenTitle title={sweep.title}>
        <SweepActions sweep={sweep} />
      </ScreenTitle>
      <SweepStatus sweep={sweep} />
      <SweepTasks tasks={sweep.tasks} />
      <SweepReport sweep={sweep} />
      <SweepFile sweep={sweep} />
    </>
  );
}
