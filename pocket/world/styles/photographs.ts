/** @file Styles of the camera: black and white, old sepia. */
import { luminance, painted, type Raster } from './raster.ts';
import type { Style } from './world-style.ts';

/** More contrast about the middle. */
const contrast = (value: number, by: number): number =>
  Math.min(255, Math.max(0, 128 + by * (value - 128)));

export const blackWhite: Style = {
  name: 'black-white',
  caption: (object) => `a black and white photo of ${object}`,
  words: 'a black and white photo',
  apply: (raster) => {
    const light = luminance(raster);
    return painted(raster.side, (i, data, at) =>
      data.fill(contrast(light[i] ?? 0, 1.25), at, at + 3),
    );
  },
};

/** Brown on cream, corners darkened, grain. */
export const sepia: Style = {
  name: 'sepia',
  caption: (object) => `an old sepia photo of ${object}`,
  words: 'an old sepia photo',
  apply: (raster: Raster, chance) => {
    const { side } = raster;
    const light = luminance(raster);
    return painted(side, (i, data, at) => {
      const [x, y] = [((i % side) + 0.5) / side - 0.5, (Math.floor(i / side) + 0.5) / side - 0.5];
      const corner = Math.max(0, x * x + y * y - 0.16) * 1.3;
      const tone =
        (contrast(light[i] ?? 0, 1.05) / 255) * (1 - corner) + chance.between(-0.03, 0.03);
      data.set([58 + 188 * tone, 34 + 186 * tone, 12 + 162 * tone], at);
    });
  },
};
