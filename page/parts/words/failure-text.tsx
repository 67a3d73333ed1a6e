/** @file Why something was refused or failed: in the person's language, with the server's own words below. */
import type { Failure } from '../../../src/studio/interface/operation-shapes.ts';
import { useWords } from '../../words/use-words.tsx';
import styles from './failure-text.module.css';

export function FailureText({ failure }: { failure: Failure }) {
  const { t, language, saidOf } = useWords();
  const { code, message } = failure;
  if (code === 'NO_ANSWER') return <p>{t('parts.no-answer')}</p>;
  if (language === 'en') return <Own code={code} message={message} />;
  const said = saidOf(failure);
  return (
    <div>
      <p>{said ?? t('parts.failed')}</p>
      <details open={said === undefined} className={styles.details}>
        <summary>{t('parts.details')}</summary>
        <Own code={code} message={message} />
      </details>
    </div>
  );
}

/** In the words of the command. */
function Own({ code, message }: Failure) {
  return (
    <p lang="en">
      {message} {code !== '' && <code className={styles.code}>{code}</code>}
    </p>
  );
}
