/** @file Interface of Studio: pictures over two axes, or three. A cell is known by what decides it, and never drawn twice. */
import type { Drawing, DrawRequest } from './drawing-operations.ts';
import type { Change, Look, PictureId } from './operation-shapes.ts';

/**
 * `run` puts on the adapter of a run, by its id; `checkpoint` has it as it was at a step, 0 for without it. All others
 * are settings of generating.
 */
export type AxisName = 'run' | 'checkpoint' | 'prompt' | 'seed' | 'strength' | (string & {});

export interface Axis {
  readonly name: AxisName;
  readonly values: readonly (string | number | boolean)[];
}

export interface ComparisonRequest {
  readonly x: Axis;
  readonly y: Axis;
  /** Grids one behind the other, with a slider through them. */
  readonly z?: Axis;
  /** Whose adapter all cells have, where no axis is `run`. */
  readonly run?: string;
  /** What all cells share. */
  readonly shared: DrawRequest;
}

export interface ComparisonCell {
  /** Of what decides the picture; undefined where it cannot be drawn. */
  readonly key: string | undefined;
  /** Undefined until it is drawn. */
  readonly picture: PictureId | undefined;
  /** Why it cannot be drawn, or was not. */
  readonly problem: string | undefined;
}

export interface Comparison {
  readonly request: ComparisonRequest;
  /** Grid behind grid, one where there is no third axis; row after row. */
  readonly cells: readonly (readonly (readonly ComparisonCell[])[])[];
  readonly drawn: number;
  readonly toDraw: number;
  /** Of what is to be drawn; undefined before anything was. */
  readonly secondsLeft: number | undefined;
  readonly isDrawing: boolean;
  /** What has the device, while drawing waits for it. */
  readonly waitsFor: Drawing['waitsFor'];
}

/** A comparison that is being drawn. */
export interface ComparisonUnderWay {
  readonly request: ComparisonRequest;
  /** Of the cells that were missing when it was asked for. */
  readonly done: number;
  readonly total: number;
}

/** A comparison as one file, at `/downloads/ID`. */
export interface ComparisonFile {
  readonly download: string;
  readonly name: string;
  readonly bytes: number;
}

export interface ComparisonOperations {
  /** Those that are being drawn, or wait for it; the first asked for first. */
  readonly 'comparisons.list': Look<Record<never, never>, readonly ComparisonUnderWay[]>;
  readonly 'comparisons.get': Look<{ readonly request: ComparisonRequest }, Comparison>;
  readonly 'comparisons.draw': Change<{ readonly request: ComparisonRequest }, Comparison>;
  /** Keeps the cells that are there; answers when nothing of it is being drawn any more. */
  readonly 'comparisons.cancel': Change<{ readonly request: ComparisonRequest }, Comparison>;
  /** All that is drawn with its axes lettered, as one picture, or as a page that needs no other file. */
  readonly 'comparisons.sheet': Change<
    { readonly request: ComparisonRequest; readonly form: 'png' | 'html' },
    ComparisonFile
  >;
}
