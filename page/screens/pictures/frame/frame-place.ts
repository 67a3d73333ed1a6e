/** @file Where the frame of a picture stands: it just fits one way, and can be moved the other. */
import type { DatasetPicture } from '../../../../src/studio/interface/dataset-operations.ts';

type Framed = Pick<DatasetPicture, 'width' | 'height' | 'crop'>;

/** The way in which there is room; undefined where a pixel or less of the trained picture is left. */
export function freeWay({
  width,
  height,
  crop,
  trainedWidth,
}: Framed & Pick<DatasetPicture, 'trainedWidth'>): 'x' | 'y' | undefined {
  const pixel = crop.width / trainedWidth;
  const across = width - crop.width;
  const down = height - crop.height;
  if (Math.max(across, down) <= pixel) return undefined;
  return across > down ? 'x' : 'y';
}

/** How far along its way it is, from 0 to 1. */
export function placeOf({ width, height, crop }: Framed, way: 'x' | 'y'): number {
  return way === 'x' ? crop.x / (width - crop.width) : crop.y / (height - crop.height);
}

/** The frame so far along its way. */
export function frameAt({ width, height, crop }: Framed, way: 'x' | 'y', place: number) {
  return way === 'x'
    ? { ...crop, x: place * (width - crop.width) }
    : { ...crop, y: place * (height - crop.height) };
}

/** What stands in its middle then, in shares of the picture; null where that is the picture's middle. */
export function aroundAt(picture: Framed, way: 'x' | 'y', place: number) {
  if (place === 0.5) return null;
  const { x, y, width, height } = frameAt(picture, way, place);
  const share = (middle: number, whole: number) => Math.min(1, Math.max(0, middle / whole));
  return {
    x: way === 'x' ? share(x + width / 2, picture.width) : 0.5,
    y: way === 'y' ? share(y + height / 2, picture.height) : 0.5,
  };
}
