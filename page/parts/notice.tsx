/** @file What went wrong, and what there is to know. */
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';
import styles from './notice.module.css';
import { FailureText } from './words/failure-text.tsx';
import { failureOf } from './words/failure-words.ts';

/** Nothing where there is no error. Codes are those of the command. */
export function ErrorNotice({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <div role="alert" className={classNames(styles.notice, styles.bad)}>
      <Icon name="warning" />
      <FailureText failure={failureOf(error)} />
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
