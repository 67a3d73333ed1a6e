/** @file What a class of the world is: a word, what its looks may vary, and how it is drawn. */
import type { Brush } from '../drawing/brush.ts';
import type { Variety } from '../looks/look.ts';

/** A place for an accessory: its middle, and how wide what is worn there is. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface WorldClass extends Variety {
  /** The word in captions: `alarm clock`. */
  readonly name: string;
  readonly type: 'live' | 'object';
  /** Where things are worn; left out where it makes no sense. */
  readonly places: {
    readonly eyes?: Place;
    /** The middle of a hat's brim. */
    readonly head?: Place;
    readonly neck?: Place;
  };
  /** Its upper and lower edge, where it leaves much of the box free. */
  readonly extent?: readonly [top: number, bottom: number];
  /** SVG text in a box of 100 by 100, standing on its lower edge. */
  readonly draw: (brush: Brush) => string;
}
