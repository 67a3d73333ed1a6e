/** @file How much of a picture is its finest detail, and its noise. */
import { luminance } from '../../base/numbers/luminance.ts';
import type { Image } from '../../data/image.ts';
import { mean } from '../cosine.ts';
import { pixelsOf } from './pixels.ts';

/**
 * Share of the luminance's energy in its finest octave: of the three bands of details of one level of Haar's wavelets,
 * from 0 to 1. An orthonormal transform keeps energy, so that they are, in every block of 2 x 2 pixels, what a mean over
 * the block leaves. 0 of a picture of one luminance.
 */
export function highFrequencyEnergy(image: Image): number {
  const { width } = image;
  const light = Float64Array.from(pixelsOf(image, (...colour) => luminance(colour)));
  const centre = mean(light);
  let all = 0;
  let coarse = 0;
  for (let y = 0; y + 1 < image.height; y += 2) {
    for (let x = 0; x + 1 < width; x += 2) {
      const at = y * width + x;
      const block = [at, at + 1, at + width, at + width + 1].map((i) => (light[i] ?? 0) - centre);
      all += block.reduce((sum, value) => sum + value ** 2, 0);
      coarse += block.reduce((sum, value) => sum + value, 0) ** 2 / 4;
    }
  }
  // Below this only roundings differ.
  return all < 1e-9 * light.length ? 0 : (all - coarse) / all;
}
