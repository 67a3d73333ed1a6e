/** @file A picture in memory, and what a file says of one at its beginning. */

/** An 8-bit sRGB picture, rows from the top, interleaved: [height, width, 3]. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What a file says at its beginning. */
export interface PictureHeader {
  /** `jpeg`, `png`, `webp`, `gif`, `tiff`, `avif`, `heic`, or what cannot be decoded. */
  readonly format: string;
  /** The type of a sample: `uchar`, `ushort`, `float` and others. */
  readonly depth: string | undefined;
  readonly width: number;
  readonly height: number;
}
