/** @file What lies under a run: the command that goes on with it, notes, and every setting. */
import type { RunDetail } from '../../../src/studio/interface/run-operations.ts';
import { LinkButton } from '../../parts/controls/button.tsx';
import { CopyLine } from '../../parts/controls/copy-line.tsx';
import { Disclosure } from '../../parts/controls/disclosure.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useWords } from '../../words/use-words.tsx';
import styles from './run-facts.module.css';

export function RunFacts({
  run: { id, settings, notes, warnings, resumeCommand },
}: {
  run: RunDetail;
}) {
  const { t } = useWords();
  return (
    <div className={styles.facts}>
      {warnings.length > 0 && (
        <Notice>
          <Lines texts={warnings} />
        </Notice>
      )}
      {resumeCommand !== undefined && (
        <section>
          <h2>{t('run.command')}</h2>
          <CopyLine text={resumeCommand} />
        </section>
      )}
      {notes.length > 0 && (
        <Disclosure title={t('run.notes')}>
          <Lines texts={notes} />
        </Disclosure>
      )}
      <Disclosure title={t('run.settings')}>
        <p>
          <LinkButton to={`/train?from=${encodeURIComponent(id)}`}>{t('run.again')}</LinkButton>
        </p>
        <dl className={styles.settings}>
          {Object.entries(settings).map(([key, value]) => (
            <div key={key}>
              <dt>
                <code>{key}</code>
              </dt>
              <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
            </div>
          ))}
        </dl>
      </Disclosure>
    </div>
  );
}

function Lines({ texts }: { texts: readonly string[] }) {
  return (
    <ul>
      {texts.map((text) => (
        <li key={text} lang="en">
          {text}
        </li>
      ))}
    </ul>
  );
}
