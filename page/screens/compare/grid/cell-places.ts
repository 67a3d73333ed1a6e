/** @file Places in a comparison. */
import type {
  Axis,
  Comparison,
  ComparisonCell,
} from '../../../../src/studio/interface/comparison-operations.ts';

export interface Place {
  readonly layer: number;
  readonly row: number;
  readonly column: number;
}

export function cellAt({ cells }: Comparison, place: Place): ComparisonCell | undefined {
  return cells[place.layer]?.[place.row]?.[place.column];
}

export function samePlace(a: Place, b: Place): boolean {
  return a.layer === b.layer && a.row === b.row && a.column === b.column;
}

/** What axes say of a place, by their names. */
export function valuesAt(
  { request: { x, y, z } }: Comparison,
  { layer, row, column }: Place,
): ReadonlyMap<string, Axis['values'][number]> {
  const all = [
    [y, row],
    [x, column],
    [z, layer],
  ] as const;
  return new Map(
    all.flatMap(([axis, at]) => {
      const value = axis?.values[at];
      return axis === undefined || value === undefined ? [] : [[axis.name, value]];
    }),
  );
}
