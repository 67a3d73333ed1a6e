/** @file How opaque a picture is. */
import { required } from '../../base/required.ts';
import type { Image } from './picture.ts';

/** The fourth of four channels, as grey. */
export function opacity({
  width,
  height,
  data,
}: {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}): Image {
  const grey = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    grey.fill(required(data, 4 * at + 3), 3 * at, 3 * at + 3);
  }
  return { width, height, data: grey };
}
