/** @file What stands where there is nothing yet: what would, and the way to it. */
import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

export function EmptyState({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p>{text}</p>
      {children}
    </div>
  );
}
