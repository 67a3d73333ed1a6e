/** @file A part of the screen of a run: its heading, with what chooses how it is shown. */
import type { ReactNode } from 'react';
import styles from './run-section.module.css';

interface RunSectionProps {
  readonly title: string;
  readonly choice: ReactNode;
  readonly children: ReactNode;
}

export function RunSection({ title, choice, children }: RunSectionProps) {
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <h2>{title}</h2>
        {choice}
      </header>
      {children}
    </section>
  );
}
