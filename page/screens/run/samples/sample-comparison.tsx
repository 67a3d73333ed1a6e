/** @file A prompt before the training and at a step, divided by a slider. */
import { BeforeAfter } from '../../../parts/pictures/before-after.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './sample-picture.module.css';
import { SamplePicture } from './sample-picture.tsx';
import type { SampleTable } from './sample-table.ts';

interface SampleComparisonProps {
  readonly table: SampleTable;
  readonly step: number;
  readonly prompt: string | undefined;
}

export function SampleComparison({ table, step, prompt }: SampleComparisonProps) {
  const { t } = useWords();
  const words = prompt ?? t('run.all-prompts');
  const first = table.steps[0];
  const before = first === undefined ? undefined : table.at(first, prompt);
  const after = table.at(step, prompt);
  if (before === undefined || after === undefined) {
    return <SamplePicture sample={after} prompt={prompt} />;
  }
  const sideOf = (sample: typeof before) => ({
    picture: sample.picture,
    alt: t('run.sample-alt', { prompt: words, step: sample.step }),
    word: t('run.before', { step: sample.step }),
  });
  return (
    <figure>
      <BeforeAfter
        label={t('run.compare-slider', { prompt: words })}
        before={sideOf(before)}
        after={sideOf(after)}
      />
      <figcaption className={styles.prompt}>{words}</figcaption>
    </figure>
  );
}
