/** @file Samples of a run: prompts at one step with a slider through all, before and after, or the whole table. */
import { useMemo, useState } from 'react';
import type { RunDetail } from '../../../../src/studio/interface/run-operations.ts';
import { Choice } from '../../../parts/controls/choice.tsx';
import { EmptyState } from '../../../parts/empty-state.tsx';
import { useWords } from '../../../words/use-words.tsx';
import { RunSection } from '../run-section.tsx';
import styles from './run-samples.module.css';
import { SampleComparison } from './sample-comparison.tsx';
import { SampleGrid } from './sample-grid.tsx';
import { SamplePicture } from './sample-picture.tsx';
import { SampleSlider } from './sample-slider.tsx';
import { sampleTable } from './sample-table.ts';

type View = 'step' | 'compare' | 'all';

export function RunSamples({ run: { samples, state } }: { run: RunDetail }) {
  const { t } = useWords();
  const table = useMemo(() => sampleTable(samples), [samples]);
  const [view, setView] = useState<View>('step');
  // The newest is followed until another step is chosen.
  const [chosen, setChosen] = useState<number>();
  const { steps, prompts, asked } = table;
  const newest = steps.at(-1);
  const step = chosen !== undefined && steps.includes(chosen) ? chosen : newest;
  const choose = (next: number) => setChosen(next === newest ? undefined : next);
  const none = state.state === 'running' ? t('run.no-samples') : t('run.no-samples-kept');
  return (
    <RunSection
      title={t('run.samples')}
      choice={
        steps.length > 1 && (
          <Choice
            label={t('run.view')}
            value={view}
            onChange={setView}
            options={[
              { value: 'step', label: t('run.view.step') },
              { value: 'compare', label: t('run.view.compare') },
              { value: 'all', label: t('run.view.all') },
            ]}
          />
        )
      }
    >
      {step === undefined && <EmptyState text={none} />}
      {step !== undefined && view !== 'all' && (
        <>
          <SampleSlider steps={steps} step={step} onChange={choose} />
          <ul className={prompts.length === 1 ? styles.single : styles.list}>
            {prompts.map((prompt) => (
              <li key={prompt ?? ''}>
                {view === 'step' ? (
                  <SamplePicture sample={table.at(step, prompt)} prompt={prompt} />
                ) : (
                  <SampleComparison table={table} step={step} prompt={prompt} />
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {view === 'all' && (
        <SampleGrid
          table={table}
          onChoose={(next) => {
            choose(next);
            setView('step');
          }}
        />
      )}
      {asked.length > 0 && (
        <>
          <h3>{t('run.asked')}</h3>
          <ul className={styles.list}>
            {asked.map((sample) => (
              <li key={sample.picture}>
                <SamplePicture sample={sample} prompt={sample.prompt} isDated />
              </li>
            ))}
          </ul>
        </>
      )}
    </RunSection>
  );
}
