/** @file Heading of a screen, with what one can do about the whole of it. */
import { type ReactNode, useEffect } from 'react';
import styles from './screen-title.module.css';

interface ScreenTitleProps {
  readonly title: string;
  /** A line below the title. */
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
}

export function ScreenTitle({ title, lead, children }: ScreenTitleProps) {
  useEffect(() => {
    document.title = `${title} · krona studio`;
  }, [title]);
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        <h1>{title}</h1>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      </div>
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </header>
  );
}
