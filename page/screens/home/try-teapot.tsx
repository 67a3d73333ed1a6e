/** @file One click from nothing to a training: bundled pictures, the bundled toy. */
import { useLook } from '../../backend/use-look.ts';
import { Button } from '../../parts/controls/button.tsx';
import { ErrorNotice } from '../../parts/notice.tsx';
import { useBeginTraining } from '../../parts/use-begin-training.ts';
import { subjectOf } from '../../parts/words/subject-words.ts';
import { useWords } from '../../words/use-words.tsx';
import styles from './try-teapot.module.css';

const className = 'teapot';
const stepsBetweenSamples = 50;

export function TryTeapot({ onBegun }: { onBegun: (run: string) => void }) {
  const { t } = useWords();
  const { data: datasets = [] } = useLook('datasets.list', {});
  const { begin, isBusy, error } = useBeginTraining(onBegun);
  const teapot = datasets.find((each) => each.isBundled && each.className === className);
  if (teapot === undefined) return null;
  const subject = subjectOf(className);
  const settings = { base: 'pocket', subject, sampleEvery: stepsBetweenSamples };
  const request = { kind: 'train', settings, dataset: teapot.id } as const;
  return (
    <div className={styles.place}>
      <Button isBusy={isBusy} onClick={() => begin(request)}>
        {t('home.try')}
      </Button>
      <p className={styles.hint}>{t('home.try-hint')}</p>
      <ErrorNotice error={error} />
    </div>
  );
}
