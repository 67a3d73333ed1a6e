/** @file How much of each pixel an outline covers, exactly, and the same on every machine. */
// Additions, multiplications, divisions and square roots alone: IEEE 754 leaves no choice in them.
import type { Contour } from './typeface.ts';

/** What has been covered of each pixel, rows from the top: [height, width]. */
export interface Coverage {
  readonly width: number;
  readonly height: number;
  /** 0 to 1. */
  readonly share: Float64Array;
}

/** Largest distance of a chord from its curve, in pixels: a hundredth is far less than a level of grey. */
const flatness = 0.01;

/**
 * Gathers outlines, then gives their coverage. Outlines that overlap are one, as by the nonzero rule; where edges of two
 * cross inside a pixel, their shares are added.
 */
export class CoverageCanvas {
  readonly #width: number;
  readonly #height: number;
  /** For each pixel, by how much its covered height grows against the pixel left of it; one more column than pixels. */
  readonly #growth: Float64Array;

  /** In pixels; what lies above or below is cut off, and everything must lie right of the left edge. */
  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#growth = new Float64Array((width + 2) * height);
  }

  /** An outline with its origin at a point of the canvas, y downwards, enlarged by pixels a font unit. */
  add(outline: readonly Contour[], x: number, y: number, scale: number): void {
    for (const { start, strokes } of outline) {
      let from = [x + start[0] * scale, y - start[1] * scale] as const;
      const first = from;
      for (const { control, to } of strokes) {
        const end = [x + to[0] * scale, y - to[1] * scale] as const;
        const middle = control && ([x + control[0] * scale, y - control[1] * scale] as const);
        for (const point of flattened(from, middle, end)) {
          this.#edge(from, point);
          from = point;
        }
      }
      this.#edge(from, first);
    }
  }

  coverage(): Coverage {
    const [width, height] = [this.#width, this.#height];
    const share = new Float64Array(width * height);
    for (let row = 0; row < height; row++) {
      let covered = 0;
      for (let column = 0; column < width; column++) {
        covered += this.#growth[row * (width + 2) + column] ?? 0;
        share[row * width + column] = Math.min(1, Math.abs(covered));
      }
    }
    return { width, height, share };
  }

  /** Whatever is right of the edge is covered once more, or once less where the edge leads upwards. */
  #edge([x0, y0]: Point, [x1, y1]: Point): void {
    if (y0 === y1) return;
    const sign = y0 < y1 ? 1 : -1;
    const slope = (x1 - x0) / (y1 - y0);
    const [top, bottom] = [Math.max(0, Math.min(y0, y1)), Math.min(this.#height, Math.max(y0, y1))];
    for (let row = Math.floor(top); row < bottom; row++) {
      const [from, to] = [Math.max(top, row), Math.min(bottom, row + 1)];
      const a = x0 + (from - y0) * slope;
      const b = x0 + (to - y0) * slope;
      this.#piece(row, Math.min(a, b), Math.max(a, b), sign * (to - from));
    }
  }

  /** A piece of an edge inside one row of pixels, from its left end to its right one. */
  #piece(row: number, left: number, right: number, height: number): void {
    const at = row * (this.#width + 2);
    let before = 0;
    const last = Math.min(this.#width, Math.floor(right)) + 1;
    for (let column = Math.floor(left); column <= last; column++) {
      const covered = height * coveredOfColumn(column + 1 - left, column + 1 - right);
      this.#growth[at + column] = (this.#growth[at + column] ?? 0) + covered - before;
      before = covered;
    }
  }
}

type Point = readonly [number, number];

/** Points of a parabola's piece after its first, close enough that chords do for it; of a line, its end. */
function* flattened([x0, y0]: Point, control: Point | undefined, [x2, y2]: Point) {
  if (control === undefined) {
    yield [x2, y2] as const;
    return;
  }
  const [x1, y1] = control;
  const [bendX, bendY] = [x0 - 2 * x1 + x2, y0 - 2 * y1 + y2];
  // A chord of one nth of the parameter is off by |bend| / 4n² at most.
  const pieces = Math.ceil(
    Math.sqrt(Math.sqrt(bendX * bendX + bendY * bendY) / (4 * flatness)) || 1,
  );
  for (let n = 1; n <= pieces; n++) {
    const t = n / pieces;
    const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
    yield [a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2] as const;
  }
}

/** Mean of clamp(t, 0, 1) for t from `least` to `most`: what a straight edge leaves to its right in a column of pixels. */
function coveredOfColumn(most: number, least: number): number {
  // The difference quotient loses its digits over a hair's breadth, where the middle is as good.
  if (most - least < 1e-6) return Math.min(1, Math.max(0, (most + least) / 2));
  return (integral(most) - integral(least)) / (most - least);
}

/** Of clamp(t, 0, 1), from 0. */
function integral(t: number): number {
  if (t <= 0) return 0;
  return t < 1 ? (t * t) / 2 : t - 0.5;
}
