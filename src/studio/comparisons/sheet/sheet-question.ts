/** @file What the process is asked that makes one file of a comparison. */

export interface SheetLayer {
  /** What its grid is of; empty where there is one grid alone. */
  readonly title: string;
  readonly rows: readonly {
    readonly label: string;
    /** Paths of pictures; undefined where none is drawn. */
    readonly pictures: readonly (string | undefined)[];
  }[];
}

export interface SheetQuestion {
  readonly form: 'png' | 'html';
  readonly title: string;
  /** What all pictures share. */
  readonly subtitle: string;
  readonly columns: readonly string[];
  readonly layers: readonly SheetLayer[];
  /** Where to write it. */
  readonly path: string;
}
