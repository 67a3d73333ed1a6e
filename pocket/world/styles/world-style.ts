/** @file What a style of a whole scene is. */
import type { Chance } from '../chance.ts';
import type { Raster } from './raster.ts';

export interface Style {
  readonly name: 'pencil' | 'pixel' | 'black-white' | 'neon' | 'sepia' | 'van-gogh';
  /** A caption with the object's words in it. */
  readonly caption: (object: string) => string;
  /** The same without an object: `a pencil sketch`. */
  readonly words: string;
  /** The picture in this style, of the same size. @param chance grain and strokes */
  readonly apply: (raster: Raster, chance: Chance) => Raster;
}
