import { expect, test } from 'vitest';
import { TorchGenerator } from '../../base/torch-random.ts';
import { blankImage, type Image } from '../../data/image.ts';
import { appearanceOf } from './appearance.ts';
import { colourDistance, colourProfile } from './colour-distance.ts';
import { highFrequencyEnergy } from './high-frequency.ts';
import { askedHues, hueDistance } from './hue-distance.ts';
import { chroma, hue, labOf } from './lab.ts';
import { contrast, saturation } from './tone.ts';

type Colour = readonly [number, number, number];

/** A picture whose pixels are given by their place. */
function picture(width: number, height: number, at: (x: number, y: number) => Colour): Image {
  const image = blankImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) image.data.set(at(x, y), 3 * (y * width + x));
  }
  return image;
}

const flat = (...colour: Colour) => picture(16, 16, () => colour);
const grey = (value: number): Colour => [value, value, value];

test("CIELAB has the published values of sRGB's primaries", () => {
  // Lindbloom's calculator, D65.
  const published: readonly (readonly [Colour, readonly number[]])[] = [
    [
      [255, 0, 0],
      [53.24, 80.09, 67.2],
    ],
    [
      [0, 0, 255],
      [32.3, 79.19, -107.86],
    ],
    [grey(255), [100, 0, 0]],
    [grey(10), [2.74, 0, 0]],
  ];
  for (const [colour, expected] of published) {
    const lab = labOf(...colour);
    for (const [i, value] of expected.entries()) expect(lab[i]).toBeCloseTo(value, 1);
  }
  expect(chroma(labOf(128, 128, 128))).toBeLessThan(0.01);
});

test('contrast is the deviation of the luminance, and doubles where distances from grey do', () => {
  const stripes = (from: number, to: number) => picture(8, 8, (x) => grey(x % 2 ? to : from));
  // 64 values, half of them 40 / 255 below their mean and half above.
  expect(contrast(stripes(88, 168))).toBeCloseTo((40 / 255) * Math.sqrt(64 / 63), 6);
  expect(contrast(stripes(48, 208)) / contrast(stripes(88, 168))).toBeCloseTo(2, 6);
  expect(contrast(flat(200, 10, 10))).toBeCloseTo(0, 12);
});

test('saturation is that of HSV', () => {
  expect(saturation(flat(200, 100, 150))).toBeCloseTo(0.5, 12);
  expect(saturation(flat(0, 0, 0))).toBe(0);
  expect(saturation(picture(2, 1, (x) => (x ? [255, 0, 0] : [90, 90, 90])))).toBe(0.5);
});

test('hues are asked for in the colour words of a prompt', () => {
  expect(askedHues('a toy made of purple color')).toEqual([hue(labOf(128, 0, 128))]);
  expect(askedHues('a red dog on green grass')).toHaveLength(2);
  expect(askedHues('a credenza in the snow')).toEqual([]);
});

test('the distance of hues is that of the nearest colour asked for, by chroma', () => {
  const purple = askedHues('purple');
  expect(hueDistance(flat(128, 0, 128), purple)).toBeCloseTo(0, 6);
  // Another lightness of the same hue, and a mulberry that is redder.
  expect(hueDistance(flat(178, 92, 178), purple)).toBeLessThan(2);
  expect(hueDistance(flat(197, 75, 140), purple)).toBeGreaterThan(10);
  expect(hueDistance(flat(0, 128, 0), purple)).toBeGreaterThan(150);
  // Half is grey, and says nothing.
  const half = picture(2, 1, (x) => (x ? [128, 0, 128] : [128, 128, 128]));
  expect(hueDistance(half, purple)).toBeLessThan(0.1);
  expect(hueDistance(flat(128, 128, 128), purple)).toBeUndefined();
  const both = picture(2, 1, (x) => (x ? [255, 0, 0] : [0, 128, 0]));
  expect(hueDistance(both, askedHues('a red dog on green grass'))).toBeCloseTo(0, 6);
});

test('the distance of colours does not see where they are, and is how far lightness moved', () => {
  const left = picture(64, 64, (x) => (x < 32 ? [200, 30, 30] : [30, 30, 200]));
  const right = picture(64, 64, (x) => (x < 32 ? [30, 30, 200] : [200, 30, 30]));
  const distance = (a: Image, b: Image) => colourDistance(colourProfile(a), colourProfile(b));
  expect(distance(left, right)).toBeCloseTo(0, 12);
  expect(distance(left, flat(30, 30, 200))).toBeGreaterThan(30);
  // Greys differ in L* alone: 1 along L*, 1/√2 on four diagonals of faces, 1/√3 on the four of the cube, 0 on the rest.
  const [dark] = labOf(60, 60, 60);
  const [light] = labOf(180, 180, 180);
  const share = (1 + 4 / Math.sqrt(2) + 4 / Math.sqrt(3)) / 13;
  expect(distance(flat(60, 60, 60), flat(180, 180, 180))).toBeCloseTo((light - dark) * share, 3);
});

test('the share of high frequencies is 1 of single pixels, 3/4 of white noise, about 0 of a slope', () => {
  const board = picture(16, 16, (x, y) => grey((x + y) % 2 ? 255 : 0));
  expect(highFrequencyEnergy(board)).toBeCloseTo(1, 12);
  const generator = new TorchGenerator(0);
  // Three of four coefficients are details. 4,096 blocks: a deviation of about 0.01.
  const noise = generator.randn(128 * 128);
  const snow = picture(128, 128, (x, y) => grey(Math.round(128 + 30 * (noise[128 * y + x] ?? 0))));
  expect(highFrequencyEnergy(snow)).toBeGreaterThan(0.72);
  expect(highFrequencyEnergy(snow)).toBeLessThan(0.78);
  expect(highFrequencyEnergy(picture(64, 64, (x) => grey(4 * x)))).toBeLessThan(0.001);
  expect(highFrequencyEnergy(flat(7, 9, 200))).toBe(0);
});

test('a picture is measured against the colours of real ones, and its hue only where the prompt names one', () => {
  const real = [flat(200, 30, 30), flat(30, 30, 200)].map(colourProfile);
  const red = appearanceOf(flat(200, 30, 30), { prompt: 'a toy in the snow', real });
  expect(red.hueDistance).toBeUndefined();
  const [same = [], other = []] = real;
  expect(red.colourDistance).toBeCloseTo(colourDistance(same, other) / 2, 12);
  const asked = appearanceOf(flat(200, 30, 30), { prompt: 'a red toy', real });
  expect(asked.hueDistance).toBeLessThan(10);
});
