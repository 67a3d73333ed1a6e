/** @file Two pictures in one place in turns: what differs moves. Stands still for who wants no motion. */
import { useEffect, useState } from 'react';
import { Button } from '../../../parts/controls/button.tsx';
import type { Side } from '../../../parts/pictures/before-after.tsx';
import { Picture } from '../../../parts/pictures/picture.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './pair-window.module.css';

/** Milliseconds for which each is shown. */
const shownFor = 700;

export function Blink({ sides }: { readonly sides: readonly [Side, Side] }) {
  const { t } = useWords();
  const [shown, setShown] = useState(0);
  const [isPlaying, setPlaying] = useState(
    () => !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
  );
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => setShown((before) => 1 - before), shownFor);
    return () => clearInterval(timer);
  }, [isPlaying]);
  return (
    <figure className={styles.one}>
      <div className={styles.turns}>
        {sides.map(({ picture, alt, word }, i) => (
          // Both stay loaded, so that none flickers.
          <div key={word} className={i === shown ? undefined : styles.hidden}>
            <Picture picture={picture} alt={alt} />
          </div>
        ))}
      </div>
      <figcaption className={styles.controls}>
        <Button icon={isPlaying ? 'pause' : 'play'} onClick={() => setPlaying(!isPlaying)}>
          {isPlaying ? t('compare.hold') : t('compare.play')}
        </Button>
        <Button
          onClick={() => {
            setPlaying(false);
            setShown(1 - shown);
          }}
        >
          {t('compare.swap')}
        </Button>
        <span className={styles.word}>{sides[shown]?.word}</span>
      </figcaption>
    </figure>
  );
}
