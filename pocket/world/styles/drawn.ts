/** @file Styles of the drawing hand: pencil, neon tubes, pixels. */
import { blurred, channelOf, edges, luminance, painted } from './raster.ts';
import type { Style } from './world-style.ts';

/** How many pixels of a raster one pixel of a picture of 64 is. */
const unitOf = (side: number): number => side / 64;
const unity = (value: number): number => Math.min(1, Math.max(0, value));

/** Graphite on paper: lines where it is dark or changes, tone by hatching of two depths. */
export const pencil: Style = {
  name: 'pencil',
  caption: (object) => `a pencil sketch of ${object}`,
  words: 'a pencil sketch',
  apply: (raster, chance) => {
    const { side } = raster;
    const unit = unitOf(side);
    const light = luminance(raster);
    const changes = edges(light, side);
    const shade = blurred(light, side, Math.round(1.5 * unit));
    const around = blurred(light, side, Math.round(3.5 * unit));
    return painted(side, (i, data, at) => {
      const [x, y] = [(i % side) / unit, Math.floor(i / side) / unit];
      const tone = (shade[i] ?? 0) / 255;
      const darker = (around[i] ?? 0) - (light[i] ?? 0);
      const line = Math.max(unity((darker - 14) / 46), 0.6 * unity(((changes[i] ?? 0) - 90) / 260));
      const stroke = unity(0.5 + 1.6 * Math.sin((x + y) * 1.5)) * unity((0.74 - tone) * 3);
      const across = unity(0.5 + 1.6 * Math.sin((x - y) * 1.5)) * unity((0.5 - tone) * 3);
      const dark =
        unity(0.9 * line + (1 - line) * (0.3 * stroke + 0.26 * across)) +
        chance.between(-0.03, 0.03);
      data[at] = 250 - 192 * dark;
      data[at + 1] = 247 - 190 * dark;
      data[at + 2] = 240 - 178 * dark;
    });
  },
};

/** Glowing tubes along the outlines, in the fullest shade of what they bound, in the dark. */
export const neon: Style = {
  name: 'neon',
  caption: (object) => `a neon drawing of ${object}`,
  words: 'a neon drawing',
  apply: (raster) => {
    const { side } = raster;
    const unit = unitOf(side);
    const changes = edges(luminance(raster), side);
    const colours = painted(side, () => {});
    const channels = [0, 1, 2].map((c) =>
      blurred(channelOf(raster, c), side, Math.round(1.5 * unit)),
    );
    const [reds = changes, greens = changes, blues = changes] = channels;
    for (let i = 0; i < side * side; i++) {
      const [red, green, blue] = [reds[i] ?? 0, greens[i] ?? 0, blues[i] ?? 0];
      const low = Math.min(red, green, blue);
      const range = Math.max(red, green, blue) - low;
      // Full saturation: the least channel dark, the greatest full; what has no colour glows cyan.
      const isGray = range < 24;
      const glow = unity(((changes[i] ?? 0) - 60) / 260);
      const tube = (pure: number): number => glow * (0.12 + 0.88 * pure);
      colours.data[3 * i] = tube(isGray ? 0.25 : (red - low) / range);
      colours.data[3 * i + 1] = tube(isGray ? 1 : (green - low) / range);
      colours.data[3 * i + 2] = tube(isGray ? 1 : (blue - low) / range);
    }
    const wide = Math.round(2 * unit);
    const glows = [0, 1, 2].map((c) =>
      blurred(blurred(channelOf(colours, c), side, wide), side, wide),
    );
    const night = [14, 8, 30];
    return painted(side, (i, data, at) => {
      for (let c = 0; c < 3; c++) {
        const light = 245 * (colours.data[at + c] ?? 0) + 190 * (glows[c]?.[i] ?? 0);
        data[at + c] = Math.min(255, (night[c] ?? 0) + light);
      }
    });
  },
};

/** Blocks of three pixels of 64, few and full colours. */
export const pixel: Style = {
  name: 'pixel',
  caption: (object) => `pixel art of ${object}`,
  words: 'pixel art',
  apply: (raster) => {
    const { side, data } = raster;
    const block = Math.round(3 * unitOf(side));
    const levels = 5;
    const result = painted(side, () => {});
    for (let top = 0; top < side; top += block) {
      for (let left = 0; left < side; left += block) {
        const [bottom, right] = [Math.min(side, top + block), Math.min(side, left + block)];
        const sums: [number, number, number] = [0, 0, 0];
        eachPixel(side, left, top, right, bottom, (at) => {
          for (const c of [0, 1, 2] as const) sums[c] += data[at + c] ?? 0;
        });
        const count = (right - left) * (bottom - top);
        const mean = (sums[0] + sums[1] + sums[2]) / (3 * count);
        const colour = sums.map((sum) => {
          const full = unity((mean + 1.3 * (sum / count - mean)) / 255);
          return (Math.round(full * levels) * 255) / levels;
        });
        eachPixel(side, left, top, right, bottom, (at) => result.data.set(colour, at));
      }
    }
    return result;
  },
};

function eachPixel(
  side: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
  visit: (at: number) => void,
): void {
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) visit(3 * (y * side + x));
}
