/** @file One stop of the Tab key for a whole grid; arrows go on inside. */
import { type KeyboardEvent, useState } from 'react';

interface RovingItem {
  readonly tabIndex: 0 | -1;
  readonly 'data-roving': number;
  readonly onFocus: () => void;
}

interface Roving {
  /** For the element around all items. */
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  /** For the item at a place, counted row after row. */
  readonly item: (index: number) => RovingItem;
}

/** @param columns items in a row; 1 for a column, as many as there are for a row */
export function useRoving(count: number, columns: number): Roving {
  const [current, setCurrent] = useState(0);
  const held = Math.min(current, count - 1);
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: held - 1,
    ArrowRight: held + 1,
    ArrowUp: held - columns,
    ArrowDown: held + columns,
    Home: 0,
    End: count - 1,
  };
  return {
    onKeyDown(event) {
      const next = moves[event.key];
      if (next === undefined) return;
      event.preventDefault();
      if (next < 0 || next >= count) return;
      setCurrent(next);
      event.currentTarget.querySelector<HTMLElement>(`[data-roving="${next}"]`)?.focus();
    },
    item: (index) => ({
      tabIndex: index === held ? 0 : -1,
      'data-roving': index,
      onFocus: () => setCurrent(index),
    }),
  };
}
