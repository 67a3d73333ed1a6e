/** @file Of opentype.js, which comes without types, what the typeface asks of it. */
declare module 'opentype.js' {
  /** In font units, y upwards; a curve's control points are numbered. */
  export type PathCommand =
    | { readonly type: 'M' | 'L'; readonly x: number; readonly y: number }
    | {
        readonly type: 'Q';
        readonly x1: number;
        readonly y1: number;
        readonly x: number;
        readonly y: number;
      }
    | {
        readonly type: 'C';
        readonly x1: number;
        readonly y1: number;
        readonly x2: number;
        readonly y2: number;
        readonly x: number;
        readonly y: number;
      }
    | { readonly type: 'Z' };

  export interface Glyph {
    readonly index: number;
    readonly advanceWidth: number;
    readonly path: { readonly commands: readonly PathCommand[] };
  }

  export interface Lookup {
    readonly lookupType: number;
  }

  export interface Font {
    readonly unitsPerEm: number;
    readonly tables: { readonly os2: { readonly sxHeight: number; readonly sCapHeight: number } };
    readonly position: {
      /** The pair lookups of the default script. */
      readonly defaultKerningTables: readonly Lookup[];
      /** Of the first of the lookups that knows the left glyph. */
      getKerningValue(lookups: readonly Lookup[], left: number, right: number): number;
    };
    /** Whether there is a glyph for the character. */
    hasChar(character: string): boolean;
    charToGlyph(character: string): Glyph;
  }

  const opentype: { parse(bytes: ArrayBuffer): Font };
  // biome-ignore lint/style/noDefaultExport: it is CommonJS, of which Node knows nothing else
  export default opentype;
}
