/** @file The pictures of a drawing, or of a sweep: each in its place as soon as it is there, the next with how far it is. */
import { useEffect } from 'react';
import type { Drawing } from '../../../../src/studio/interface/drawing-operations.ts';
import { StudioError } from '../../../backend/studio-error.ts';
import { classNames } from '../../../parts/class-names.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { useMessages } from '../../../parts/messages.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { Picture } from '../../../parts/pictures/picture.tsx';
import { Progress } from '../../../parts/progress.tsx';
import { isUnderWay, promptOf } from '../../../parts/words/drawing-words.ts';
import { useWaitsWords } from '../../../parts/words/waits-words.ts';
import { useWords } from '../../../words/use-words.tsx';
import styles from './now.module.css';
import { type Place, placesOf } from './places.ts';

interface DrawnPicturesProps {
  /** One, or those of a sweep. */
  readonly drawings: readonly Drawing[];
  readonly onOpen: (picture: string) => void;
  readonly onCancel: () => void;
}

export function DrawnPictures({ drawings, onOpen, onCancel }: DrawnPicturesProps) {
  const { t } = useWords();
  const { announce } = useMessages();
  const [first] = drawings;
  const isGoing = drawings.some(isUnderWay);
  const state = useStateWords(drawings);
  const done = drawings.reduce((sum, drawing) => sum + drawing.done, 0);
  useEffect(() => {
    if (done > 0) announce(state);
  }, [done, state, announce]);
  const notes = [...new Set(drawings.flatMap((drawing) => drawing.notes))];
  const failed = drawings.find(({ error }) => error !== undefined)?.error;
  const { places, more } = placesOf(drawings);
  return (
    <article className={styles.drawing}>
      <header className={styles.head}>
        <p className={styles.prompt}>{first !== undefined && promptOf(first)}</p>
        <p className={styles.state}>{state}</p>
        {isGoing && (
          <Button kind="quiet" icon="close" onClick={onCancel}>
            {t('parts.cancel')}
          </Button>
        )}
      </header>
      {failed !== undefined && <ErrorNotice error={new StudioError(failed)} />}
      <ul className={classNames(styles.places, drawings.length > 1 && styles.swept)}>
        {places.map((place, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a place, which a picture fills later
          <li key={n} className={styles.place}>
            <PlaceOfPicture place={place} onOpen={onOpen} />
          </li>
        ))}
      </ul>
      {more > 0 && <p className={styles.state}>{t('generate.more-below', { n: more })}</p>}
      {notes.map((note) => (
        <p key={note} lang="en" className={styles.state}>
          {note}
        </p>
      ))}
    </article>
  );
}

function PlaceOfPicture({ place, onOpen }: { place: Place; onOpen: (picture: string) => void }) {
  const { t, formats } = useWords();
  const { picture, share, strength } = place;
  const caption =
    strength === undefined ? undefined : (
      <span className={styles.caption}>{formats.short(strength)}</span>
    );
  if (picture === undefined) {
    return (
      <>
        <div className={styles.empty}>
          {share !== undefined && <Progress label={t('generate.drawing-one')} share={share} />}
        </div>
        {caption}
      </>
    );
  }
  return (
    <button type="button" className={styles.open} onClick={() => onOpen(picture)}>
      <Picture picture={picture} alt={place.alt} width={320} />
      {caption}
    </button>
  );
}

/** How far it is, or what it waits for. */
function useStateWords(drawings: readonly Drawing[]): string {
  const { t, formats } = useWords();
  const waits = useWaitsWords();
  const total = drawings.reduce((sum, drawing) => sum + drawing.total, 0);
  const done = drawings.reduce((sum, drawing) => sum + drawing.done, 0);
  const at = (state: Drawing['state']) => drawings.find((drawing) => drawing.state === state);
  const drawing = at('drawing');
  const waiting = at('waiting');
  if (drawing !== undefined) {
    const left = drawings.length === 1 ? drawing.secondsLeft : undefined;
    const far = t('generate.done-of', { done, total });
    return left === undefined ? far : `${far} · ${t('run.left', { time: formats.clock(left) })}`;
  }
  if (waiting?.waitsFor !== undefined) return waits(waiting.waitsFor);
  if (waiting !== undefined) return t('generate.waiting');
  if (at('failed') !== undefined) return t('generate.failed');
  return at('cancelled') === undefined
    ? t('generate.pictures', { n: done })
    : t('generate.cancelled', { done, total });
}
