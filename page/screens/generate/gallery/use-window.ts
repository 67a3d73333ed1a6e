/** @file Which rows of a long grid are on the screen: only those are there, whatever the length. */
import { type RefObject, useEffect, useState } from 'react';

/** Rows above and below that are there already when one scrolls. */
const spare = 3;

interface GridShape {
  readonly gap: number;
  /** Of a tile, at least. */
  readonly smallest: number;
}

export interface GridWindow {
  readonly columns: number;
  /** Of a tile, which is square. */
  readonly side: number;
  readonly firstRow: number;
  /** Behind the last. */
  readonly endRow: number;
}

/** @param place the element that is as high as the whole grid */
export function useGridWindow(
  place: RefObject<HTMLElement | null>,
  { gap, smallest }: GridShape,
): GridWindow {
  const [window_, setWindow] = useState<GridWindow>({
    columns: 1,
    side: 0,
    firstRow: 0,
    endRow: 0,
  });
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      const { top, width } = element.getBoundingClientRect();
      const columns = Math.max(1, Math.floor((width + gap) / (smallest + gap)));
      const side = (width - gap * (columns - 1)) / columns;
      const row = (y: number) => Math.floor(y / (side + gap));
      const next = {
        ...{ columns, side },
        firstRow: Math.max(0, row(-top) - spare),
        endRow: Math.max(0, row(window.innerHeight - top) + 1 + spare),
      };
      setWindow((before) => (isSame(before, next) ? before : next));
    };
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    look();
    const sizes = new ResizeObserver(soon);
    sizes.observe(element);
    // What stands above may grow and push the grid down.
    sizes.observe(document.body);
    window.addEventListener('scroll', soon, { passive: true });
    window.addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      window.removeEventListener('scroll', soon);
      window.removeEventListener('resize', soon);
    };
  }, [place, gap, smallest]);
  return window_;
}

function isSame(a: GridWindow, b: GridWindow): boolean {
  return (
    a.columns === b.columns &&
    a.side === b.side &&
    a.firstRow === b.firstRow &&
    a.endRow === b.endRow
  );
}
