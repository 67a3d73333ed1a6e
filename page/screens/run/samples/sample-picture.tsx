/** @file One sample with its prompt; an empty place of the same size where it is not drawn yet. */
import type { RunSample } from '../../../../src/studio/interface/run-operations.ts';
import { Picture } from '../../../parts/pictures/picture.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './sample-picture.module.css';

interface SamplePictureProps {
  readonly sample: RunSample | undefined;
  readonly prompt: string | undefined;
  /** Whether the step stands below, too. */
  readonly isDated?: boolean;
}

export function SamplePicture({ sample, prompt, isDated = false }: SamplePictureProps) {
  const { t } = useWords();
  const words = prompt ?? t('run.all-prompts');
  return (
    <figure>
      {sample === undefined ? (
        <div className={styles.empty} />
      ) : (
        <Picture
          picture={sample.picture}
          alt={t('run.sample-alt', { prompt: words, step: sample.step })}
          width={640}
        />
      )}
      <figcaption className={styles.prompt}>
        {words}
        {isDated && sample !== undefined && ` · ${t('run.before', { step: sample.step })}`}
      </figcaption>
    </figure>
  );
}
