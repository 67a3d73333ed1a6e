/** @file What went wrong, and what there is to know. */
import type { ReactNode } from 'react';
import { StudioError } from '../backend/studio-error.ts';
import { useWords } from '../words/use-words.tsx';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';
import styles from './notice.module.css';

/** Nothing where there is no error. Codes are those of the command. */
export function ErrorNotice({ error }: { error: unknown }) {
  const { t } = useWords();
  if (error === null || error === undefined) return null;
  const isSilent = error instanceof StudioError && error.code === 'NO_ANSWER';
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div role="alert" className={classNames(styles.notice, styles.bad)}>
      <Icon name="warning" />
      <p>
        {isSilent ? t('parts.no-answer') : message}
        {error instanceof StudioError && !isSilent && <code>{error.code}</code>}
      </p>
    </div>
  );
}

export function Notice({ children }: { children: ReactNode }) {
  return (
    <div className={styles.notice}>
      <Icon name="warning" />
      <div>{children}</div>
    </div>
  );
}
