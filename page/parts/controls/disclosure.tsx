/** @file What is there for those who open it. */
import type { ReactNode } from 'react';
import styles from './disclosure.module.css';

export function Disclosure({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className={styles.disclosure}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}
