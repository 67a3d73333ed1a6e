/** @file Pictures as programs have them. */

/** A picture: the path of its file, or the bytes of one. */
export type PictureSource = string | Uint8Array;
