/** @file Under an experiment: its file, and what its processes said. */
import type { SweepDetail } from '../../../../src/studio/interface/experiment-operations.ts';
import { LinkButton } from '../../../parts/controls/button.tsx';
import { Disclosure } from '../../../parts/controls/disclosure.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './sweep-file.module.css';

export function SweepFile({ sweep: { id, source, log } }: { sweep: SweepDetail }) {
  const { t } = useWords();
  return (
    <div className={styles.facts}>
      <Disclosure title={t('experiments.file')}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
        <pre tabIndex={0}>{source}</pre>
        <p>
          <LinkButton icon="copy" to={`/experiments/new?like=${encodeURIComponent(id)}`}>
            {t('experiments.like-this')}
          </LinkButton>
        </p>
      </Disclosure>
      {log.length > 0 && (
        <Disclosure title={t('experiments.log')}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
          <pre tabIndex={0}>{log.join('\n')}</pre>
        </Disclosure>
      )}
    </div>
  );
}
