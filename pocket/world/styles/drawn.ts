/** @file Styles of the drawing hand: pencil, neon tubes, pixels. */
import { blurred, edges, luminance, painted, reduced } from './raster.ts';
import type { Style } from './style.ts';

/** Pixels of a picture drawn at a size of 64 that one pixel here stands for. */
const grain = (side: number): number => side / 64;

/**
 * Graphite: outlines where brightness changes, tone by hatching in three depths, on paper.
 */
export const pencil: Style = {
  name: 'pencil',
  caption: (object) => `a pencil sketch of ${object}`,
  words: 'a pencil sketch',
  apply: (raster, chance) => {
    const { side } = raster;
    const unit = grain(side);
    const light = luminance(raster);
    const outlines = blurred(
      edges(blurred(light, side, Math.floor(unit / 2)), side),
      side,
      Math.floor(unit / 2),
    );
    const shade = blurred(light, side, Math.round(unit));
    return painted(side, (i, data, at) => {
      const [x, y] = [(i % side) / unit, Math.floor(i / side) / unit];
      const tone = (shade[i] ?? 0) / 255;
      const stroke = Math.sin((x + y) * 2.1) > 0 ? 1 : 0;
      const across = Math.sin((x - y) * 2.1) > 0.2 ? 1 : 0;
      const hatch =
        (tone < 0.72 ? 0.2 * stroke : 0) + (tone < 0.45 ? 0.24 * across : 0) + 0.18 * (1 - tone);
      const line = Math.min(1, Math.max(0, (outlines[i] ?? 0) - 30) / 170);
      const dark = Math.min(1, 0.92 * line + hatch * (1 - line)) + chance.between(-0.025, 0.025);
      data.set([250 - 196 * dark, 247 - 194 * dark, 240 - 182 * dark], at);
    });
  },
};

/** Glowing tubes along the outlines, in the fullest shade of what they bound, in the dark. */
export const neon: Style = {
  name: 'neon',
  caption: (object) => `a neon drawing of ${object}`,
  words: 'a neon drawing',
  apply: (raster) => {
    const { side, data } = raster;
    const unit = grain(side);
    const light = edges(luminance(raster), side);
    const channels = [0, 1, 2].map((c) =>
      blurred(
        Float32Array.from({ length: side * side }, (_, i) => data[3 * i + c] ?? 0),
        side,
        Math.round(1.5 * unit),
      ),
    );
    const tubes = channels.map((channel) =>
      Float32Array.from({ length: side * side }, (_, i) => {
        const all = channels.map((values) => values[i] ?? 0);
        const [low, high] = [Math.min(...all), Math.max(...all, 1)];
        // Full saturation: the least channel dark, the greatest full; what has no colour glows cyan.
        const gray = high - low < 24;
        const cyan = channel === channels[0] ? 0.25 : 1;
        const pure = gray ? cyan : ((channel[i] ?? 0) - low) / (high - low);
        return Math.min(1, Math.max(0, (light[i] ?? 0) - 60) / 260) * (0.12 + 0.88 * pure);
      }),
    );
    const glows = tubes.map((tube) =>
      blurred(blurred(tube, side, Math.round(2 * unit)), side, Math.round(2 * unit)),
    );
    const night = [14, 8, 30];
    return painted(side, (i, target, at) => {
      for (let c = 0; c < 3; c++) {
        target[at + c] = Math.min(
          255,
          (night[c] ?? 0) + 245 * (tubes[c]?.[i] ?? 0) + 190 * (glows[c]?.[i] ?? 0),
        );
      }
    });
  },
};

/** Blocks of four pixels of 64, few and full colours. */
export const pixel: Style = {
  name: 'pixel',
  caption: (object) => `pixel art of ${object}`,
  words: 'pixel art',
  apply: (raster) => {
    const { side } = raster;
    const blocks = 64 / 4;
    const { data } = reduced(raster, side / blocks);
    const levels = 5;
    return painted(side, (i, target, at) => {
      const [x, y] = [
        Math.floor(((i % side) * blocks) / side),
        Math.floor((Math.floor(i / side) * blocks) / side),
      ];
      const from = 3 * (y * blocks + x);
      const mean = ((data[from] ?? 0) + (data[from + 1] ?? 0) + (data[from + 2] ?? 0)) / 3;
      for (let c = 0; c < 3; c++) {
        const full = mean + 1.35 * ((data[from + c] ?? 0) - mean);
        const step = Math.round((Math.min(255, Math.max(0, full)) / 255) * (levels - 1));
        target[at + c] = (step * 255) / (levels - 1);
      }
    });
  },
};
