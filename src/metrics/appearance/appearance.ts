/** @file What is measured on the pixels of a picture, without an encoder. */
import type { Image } from '../../data/image.ts';
import { mean } from '../cosine.ts';
import { type ColourProfile, colourDistance, colourProfile } from './colour-distance.ts';
import { highFrequencyEnergy } from './high-frequency.ts';
import { askedHues, hueDistance } from './hue-distance.ts';
import { contrast, saturation } from './tone.ts';

export interface Appearance {
  /** Standard deviation of the luminance, of a range from 0 to 1. */
  readonly contrast: number;
  /** Mean saturation of the pixels, from 0 to 1. */
  readonly saturation: number;
  /** Mean distance of the hues from the colour that the prompt names, in degrees; undefined where it names none. */
  readonly hueDistance: number | undefined;
  /** Mean distance of the colours from those of the real pictures, in units of L*. */
  readonly colourDistance: number;
  /** Share of the luminance's energy in its finest octave. */
  readonly highFrequency: number;
}

/**
 * Measures a picture.
 *
 * @param real colours of the subject's real pictures
 */
export function appearanceOf(
  image: Image,
  { prompt, real }: { readonly prompt: string; readonly real: readonly ColourProfile[] },
): Appearance {
  const asked = askedHues(prompt);
  const own = colourProfile(image);
  return {
    contrast: contrast(image),
    saturation: saturation(image),
    hueDistance: asked.length === 0 ? undefined : hueDistance(image, asked),
    colourDistance: mean(real.map((other) => colourDistance(own, other))),
    highFrequency: highFrequencyEnergy(image),
  };
}
