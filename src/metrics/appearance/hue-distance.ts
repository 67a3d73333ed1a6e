/** @file How far the hues of a picture are from a colour that its prompt asks for. */
import type { Image } from '../../data/image.ts';
import { chroma, hue, labOf } from './lab.ts';
import { pixelsOf } from './pixels.ts';

/**
 * The basic colour terms of English (Berlin and Kay 1969) that have a hue of their own, as CSS Color 4 has them. Brown is
 * a dark orange.
 */
const named: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [255, 0, 0],
  orange: [255, 165, 0],
  yellow: [255, 255, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
  purple: [128, 0, 128],
  pink: [255, 192, 203],
};

/** Hues in degrees that a prompt names; none where it names no colour. */
export function askedHues(prompt: string): readonly number[] {
  const words = prompt.toLowerCase().split(/[^a-z]+/);
  return Object.entries(named).flatMap(([word, colour]) =>
    words.includes(word) ? [hue(labOf(...colour))] : [],
  );
}

/**
 * Mean distance of the pixels' hues from the nearest that is asked for, in degrees from 0 to 180; pixels count by their
 * chroma, since a grey has no hue.
 *
 * @param asked in degrees, at least one
 * @returns undefined of a picture without colour
 */
export function hueDistance(image: Image, asked: readonly number[]): number | undefined {
  let sum = 0;
  let weights = 0;
  for (const lab of pixelsOf(image, labOf)) {
    const weight = chroma(lab);
    const own = hue(lab);
    sum += weight * Math.min(...asked.map((angle) => angleBetween(own, angle)));
    weights += weight;
  }
  // The chroma of greys is a rounding error.
  return weights < 1e-3 * image.width * image.height ? undefined : sum / weights;
}

/** The shorter way round. */
function angleBetween(first: number, second: number): number {
  const apart = Math.abs(first - second) % 360;
  return Math.min(apart, 360 - apart);
}
