/** @file Two pictures in one place, divided where the slider stands. */
import { useState } from 'react';
import styles from './before-after.module.css';
import { Picture } from './picture.tsx';

/** One of two pictures. */
export interface Side {
  readonly picture: string;
  readonly alt: string;
  /** Word in the corner. */
  readonly word: string;
}

export function BeforeAfter({
  label,
  before,
  after,
}: {
  readonly label: string;
  readonly before: Side;
  readonly after: Side;
}) {
  const [share, setShare] = useState(50);
  return (
    <div className={styles.place}>
      <Picture picture={after.picture} alt={after.alt} />
      <div className={styles.before} style={{ clipPath: `inset(0 ${100 - share}% 0 0)` }}>
        <Picture picture={before.picture} alt={before.alt} />
      </div>
      <span aria-hidden="true" className={styles.line} style={{ left: `${share}%` }} />
      <span aria-hidden="true" className={styles.left}>
        {before.word}
      </span>
      <span aria-hidden="true" className={styles.right}>
        {after.word}
      </span>
      <input
        type="range"
        min={0}
        max={100}
        value={share}
        aria-label={label}
        className={styles.slider}
        onChange={({ target }) => setShare(target.valueAsNumber)}
      />
    </div>
  );
}
