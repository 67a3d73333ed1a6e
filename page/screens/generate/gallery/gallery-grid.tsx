/** @file The pictures of the gallery as squares; of thousands, those that are on the screen. */
import { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react';
import type { DrawnEntry } from '../../../../src/studio/interface/drawing-operations.ts';
import { Icon } from '../../../parts/icon.tsx';
import { Picture } from '../../../parts/pictures/picture.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './gallery-grid.module.css';
import { useGridWindow } from './use-window.ts';

const gap = 8;
const smallest = 112;

interface GalleryGridProps {
  readonly entries: readonly DrawnEntry[];
  readonly total: number;
  readonly onNearEnd: () => void;
  readonly onOpen: (picture: string) => void;
}

export function GalleryGrid({ entries, total, onNearEnd, onOpen }: GalleryGridProps) {
  const { t } = useWords();
  const list = useRef<HTMLUListElement>(null);
  const { columns, side, firstRow, endRow } = useGridWindow(list, { gap, smallest });
  const [current, setCurrent] = useState(0);
  const held = Math.max(0, Math.min(current, entries.length - 1));
  const wanted = useRef<number>(undefined);
  const pitch = side + gap;
  const rows = Math.ceil(total / columns);
  const isNearEnd = entries.length < total && endRow * columns >= entries.length;
  useEffect(() => {
    if (isNearEnd) onNearEnd();
  }, [isNearEnd, onNearEnd]);
  useEffect(() => {
    if (wanted.current === undefined) return;
    list.current?.querySelector<HTMLElement>(`[data-place="${wanted.current}"]`)?.focus();
    wanted.current = undefined;
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ...moves(held, columns), Home: 0, End: entries.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    if (next < 0 || next >= entries.length) return;
    wanted.current = next;
    setCurrent(next);
    bringIntoSight(list.current, Math.floor(next / columns) * pitch, side);
  };
  const first = firstRow * columns;
  // The one that the Tab key reaches stays there, wherever one has scrolled.
  const places = [...entries.keys()].slice(first, endRow * columns);
  if (held < entries.length && !places.includes(held)) places.push(held);
  return (
    <ul
      ref={list}
      className={styles.grid}
      style={{ height: Math.max(0, rows * pitch - gap) }}
      aria-label={t('generate.gallery')}
      onKeyDown={onKeyDown}
    >
      {places.map((place) => {
        const entry = entries[place];
        if (entry === undefined) return null;
        return (
          <Tile
            key={entry.picture}
            entry={entry}
            place={place}
            left={(place % columns) * pitch}
            top={Math.floor(place / columns) * pitch}
            side={side}
            total={total}
            isStop={place === held}
            onOpen={onOpen}
            onFocus={setCurrent}
          />
        );
      })}
    </ul>
  );
}

interface TileProps {
  readonly entry: DrawnEntry;
  readonly place: number;
  readonly left: number;
  readonly top: number;
  readonly side: number;
  readonly total: number;
  readonly isStop: boolean;
  readonly onOpen: (picture: string) => void;
  readonly onFocus: (place: number) => void;
}

const Tile = memo(function Tile(props: TileProps) {
  const { entry, place, left, top, side, total, isStop, onOpen, onFocus } = props;
  const { t } = useWords();
  const { picture, prompt, seed, isStarred } = entry;
  return (
    <li
      className={styles.tile}
      style={{ left, top, width: side, height: side }}
      aria-setsize={total}
      aria-posinset={place + 1}
    >
      <button
        type="button"
        className={styles.open}
        tabIndex={isStop ? 0 : -1}
        data-place={place}
        title={prompt}
        onFocus={() => onFocus(place)}
        onClick={() => onOpen(picture)}
      >
        <Picture
          picture={picture}
          alt={t('generate.picture-alt', { prompt, seed: String(seed) })}
          width={240}
          className={styles.picture}
        />
        {isStarred && (
          <span className={styles.star}>
            <Icon name="star" size={16} />
            <span className={styles.hidden}>{t('generate.starred')}</span>
          </span>
        )}
      </button>
    </li>
  );
});

function moves(held: number, columns: number): Readonly<Record<string, number>> {
  return {
    ArrowLeft: held - 1,
    ArrowRight: held + 1,
    ArrowUp: held - columns,
    ArrowDown: held + columns,
  };
}

/** Scrolls the page as little as brings a row of the list between its edges. */
function bringIntoSight(list: HTMLElement | null, rowTop: number, height: number): void {
  const top = (list?.getBoundingClientRect().top ?? 0) + rowTop;
  const edge = 80;
  if (top < edge) window.scrollBy(0, top - edge);
  const below = top + height + edge - window.innerHeight;
  if (below > 0) window.scrollBy(0, below);
}
