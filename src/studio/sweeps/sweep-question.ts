/** @file What Studio asks the process that reads sweeps and writes reports. */
import type { SweepFigures } from '../interface/experiment-operations.ts';
import type { SweepFiles } from './sweep-source.ts';

export type SweepQuestion =
  /** What a sweep would be; its files lie nowhere yet. */
  | { readonly ask: 'check'; readonly files: SweepFiles }
  /** Writes the results so far, and the report of them. */
  | {
      readonly ask: 'report';
      /** The sweep's file. */
      readonly sweep: string;
      readonly store: string;
      /** Folder of the results. */
      readonly results: string;
      /** Folder of the report. */
      readonly report: string;
    };

/** Of a check. */
export type CheckAnswer =
  | { readonly problem: string }
  | { readonly problem: undefined; readonly figures: SweepFigures };

/** A report is written and needs no answer. */
export type SweepAnswer = CheckAnswer | null;
