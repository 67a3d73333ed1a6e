/** @file Interface of Studio: pictures over two axes. A cell is known by what decides it, and never drawn twice. */
import type { DrawRequest } from './drawing-operations.ts';
import type { Change, Look, PictureId } from './operation-shapes.ts';

/** `run` and `checkpoint` put on the adapter of a run, or of one of its checkpoints; others are settings of generating. */
export type AxisName = 'run' | 'checkpoint' | 'prompt' | 'seed' | 'strength' | (string & {});

export interface Axis {
  readonly name: AxisName;
  readonly values: readonly (string | number | boolean)[];
}

export interface ComparisonRequest {
  readonly x: Axis;
  readonly y: Axis;
  /** What all cells share. */
  readonly shared: DrawRequest;
}

export interface ComparisonCell {
  /** Of what decides the picture. */
  readonly key: string;
  /** Undefined until it is drawn. */
  readonly picture: PictureId | undefined;
}

export interface Comparison {
  readonly request: ComparisonRequest;
  /** Row after row. */
  readonly cells: readonly (readonly ComparisonCell[])[];
  readonly toDraw: number;
  readonly secondsLeft: number | undefined;
  readonly isDrawing: boolean;
}

export interface ComparisonOperations {
  readonly 'comparisons.get': Look<{ readonly request: ComparisonRequest }, Comparison>;
  readonly 'comparisons.draw': Change<{ readonly request: ComparisonRequest }, Comparison>;
  /** Keeps the cells that are there. */
  readonly 'comparisons.cancel': Change<{ readonly request: ComparisonRequest }, Comparison>;
  /** One picture with both axes lettered. */
  readonly 'comparisons.sheet': Change<
    { readonly request: ComparisonRequest },
    { readonly picture: PictureId }
  >;
}
