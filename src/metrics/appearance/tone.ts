/** @file How strong light and colour of a picture are. */
import { luminance } from '../../base/numbers/luminance.ts';
import type { Image } from '../../data/image.ts';
import { deviation, mean } from '../cosine.ts';
import { pixelsOf } from './pixels.ts';

/** Root-mean-square contrast: standard deviation of the luminance (Peli 1990), of a range from 0 to 1. */
export function contrast(image: Image): number {
  return deviation(pixelsOf(image, (...colour) => luminance(colour) / 255)) ?? 0;
}

/** Mean saturation of the pixels: (max - min) / max of red, green and blue, the S of HSV; 0 of black. */
export function saturation(image: Image): number {
  const ofPixel = (...colour: readonly number[]) => {
    const highest = Math.max(...colour);
    return highest === 0 ? 0 : (highest - Math.min(...colour)) / highest;
  };
  return mean(pixelsOf(image, ofPixel));
}
