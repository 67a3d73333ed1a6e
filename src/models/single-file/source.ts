/** @file Where a tensor of today's name lies in a single-file checkpoint. */

/** A tensor of the file, or a part of one. */
export interface Source {
  /** Name in the file. */
  readonly name: string;
  /** One of three equal parts of the rows: query 0, key 1, value 2. Undefined: all rows. */
  readonly third?: 0 | 1 | 2;
  /** The file holds the transpose. @default false */
  readonly transposed?: boolean;
}

/** What replaces the start of a name. */
export type Replacement = readonly [from: string, to: string];

/** The name with the first replacement that fits it applied; undefined where none does. */
export function replaceStart(
  name: string,
  replacements: readonly Replacement[],
): string | undefined {
  for (const [from, to] of replacements) {
    if (name === from || name.startsWith(`${from}.`)) return to + name.slice(from.length);
  }
  return undefined;
}
