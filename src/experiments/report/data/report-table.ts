/** @file A table of a report, before it is HTML or Markdown. */

export interface ReportColumn {
  readonly title: string;
  /** A heading over neighbours with the same one. */
  readonly group?: string;
  /** @default 'right' */
  readonly align?: 'left' | 'right';
}

export interface ReportCell {
  readonly text: string;
  /** Smaller lines under it. */
  readonly small?: readonly string[];
}

export interface ReportRow {
  readonly cells: readonly ReportCell[];
  /** Context, not a result: shown paler. */
  readonly isContext?: boolean;
}

export interface ReportTable {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly ReportRow[];
  /** What the reader must know to read it. */
  readonly notes: readonly string[];
}

/** What stands where there is no number. */
export const noCell: ReportCell = { text: '–' };
