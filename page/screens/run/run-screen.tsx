/** @file Screen: one run, live while it trains; at its end, what it draws. */
import type { RunDetail } from '../../../src/studio/interface/run-operations.ts';
import { useLook } from '../../backend/use-look.ts';
import { ErrorNotice } from '../../parts/notice.tsx';
import { ScreenTitle } from '../../parts/screen-title.tsx';
import { modelName } from '../../parts/words/model-words.ts';
import { useWords } from '../../words/use-words.tsx';
import type { ScreenProps } from '../registry.ts';
import { RunActions } from './run-actions.tsx';
import { RunCurves } from './run-curves.tsx';
import { RunFacts } from './run-facts.tsx';
import { RunResults } from './run-results.tsx';
import styles from './run-screen.module.css';
import { RunStatus } from './run-status.tsx';
import { RunSamples } from './samples/run-samples.tsx';

export function RunScreen({ id }: ScreenProps) {
  const { t } = useWords();
  const { data: run, error } = useLook('runs.get', id === undefined ? undefined : { id });
  if (run === undefined || run.id !== id) {
    return (
      <>
        <ScreenTitle title={t('run.title')} />
        <ErrorNotice error={error} />
      </>
    );
  }
  return <ShownRun run={run} />;
}

function ShownRun({ run }: { run: RunDetail }) {
  const { name, subject, base, adapter } = run;
  return (
    <>
      <ScreenTitle title={name} lead={`${subject} · ${modelName(base)} · ${adapter}`}>
        <RunActions run={run} />
      </ScreenTitle>
      <RunStatus run={run} />
      {run.state.state === 'finished' && <RunResults run={run} />}
      <div className={styles.columns}>
        <RunSamples run={run} />
        <RunCurves run={run} />
      </div>
      <RunFacts run={run} />
    </>
  );
}
