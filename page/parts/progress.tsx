/** @file How far something is. */
import styles from './progress.module.css';

/** @param share 0 to 1; undefined where nobody knows */
export function Progress({ label, share }: { label: string; share: number | undefined }) {
  return <progress className={styles.progress} aria-label={label} max={1} value={share} />;
}
