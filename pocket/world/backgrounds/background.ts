/** @file What a background of the world is. */
import type { Chance } from '../chance.ts';

/** SVG text in a box of 100 by 100, behind and before the object. */
export interface Backdrop {
  readonly behind: string;
  readonly before?: string;
}

export interface Background {
  /** `beach`, `plain-red` */
  readonly name: string;
  /** What a caption says after the object, all alike right: `on the beach`. */
  readonly phrases: readonly string[];
  /** The same without an object: `a beach`. */
  readonly words: string;
  /** What is under the object: ground has its shadow, a surface hides its lower edge. */
  readonly footing: 'ground' | 'air' | 'surface';
  readonly draw: (chance: Chance) => Backdrop;
}
