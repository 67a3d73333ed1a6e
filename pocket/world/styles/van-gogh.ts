/** @file The manner of Van Gogh: strokes that follow swirls, thick paint, light in yellow and shadow in blue. */
import type { Chance } from '../chance.ts';
import { painted, type Raster } from './raster.ts';
import type { Style } from './world-style.ts';

/** Half a stroke, in pixels of a picture of 64, and how often paint is taken on it. */
const reach = 2.2;
const steps = 4;

/** Direction of the strokes at every pixel: x and y, interleaved. */
type Field = Float32Array;

export const vanGogh: Style = {
  name: 'van-gogh',
  caption: (object) => `a Van Gogh painting of ${object}`,
  words: 'a Van Gogh painting',
  apply: (raster, chance) => {
    const field = swirls(raster.side, chance);
    const bristles = new Float32Array(raster.side ** 2);
    for (let i = 0; i < bristles.length; i++) bristles[i] = chance.between(-1, 1);
    return strokes(raster, field, bristles);
  },
};

/** Level waves, and a whirl about each of two places. */
function swirls(side: number, chance: Chance): Field {
  const phase = chance.between(0, 2 * Math.PI);
  const whirls = [0.18, 0.82].map(
    (x) => [x + chance.between(-0.06, 0.06), chance.between(0.12, 0.3)] as const,
  );
  const field = new Float32Array(2 * side * side);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [(i % side) / side, Math.floor(i / side) / side];
    let [dx, dy] = [1, 0.9 * Math.sin(7 * x + phase) * Math.cos(5 * y)];
    for (const [cx, cy] of whirls) {
      const near = 42 * Math.exp(-26 * ((x - cx) ** 2 + (y - cy) ** 2));
      dx -= (y - cy) * near;
      dy += (x - cx) * near;
    }
    const length = Math.hypot(dx, dy);
    field[2 * i] = dx / length;
    field[2 * i + 1] = dy / length;
  }
  return field;
}

/** Means along the field of colours and of noise (line integral convolution, Cabral and Leedom, 1993). */
function strokes({ side, data }: Raster, field: Field, bristles: Float32Array): Raster {
  const pace = ((reach / steps) * side) / 64;
  const last = side - 0.5;
  return painted(side, (i, target, at) => {
    let [red, green, blue, relief] = [0, 0, 0, 0];
    for (let step = 0, x = 0, y = 0, sign = -1; step < 2 * steps; step++) {
      if (step % steps === 0) {
        [x, y, sign] = [(i % side) + 0.5, Math.floor(i / side) + 0.5, -sign];
      }
      const from = Math.floor(y) * side + Math.floor(x);
      red += data[3 * from] ?? 0;
      green += data[3 * from + 1] ?? 0;
      blue += data[3 * from + 2] ?? 0;
      relief += bristles[from] ?? 0;
      x = Math.min(last, Math.max(0, x + sign * pace * (field[2 * from] ?? 0)));
      y = Math.min(last, Math.max(0, y + sign * pace * (field[2 * from + 1] ?? 0)));
    }
    const share = 1 / (2 * steps);
    const mean = ((red + green + blue) / 3) * share;
    const warm = (mean - 120) / 135;
    const thick = 76 * relief * share;
    const full = (sum: number): number => mean + 1.25 * (sum * share - mean);
    target[at] = full(red) + 10 * warm + thick;
    target[at + 1] = full(green) + 6 * warm + thick;
    target[at + 2] = full(blue) - 42 * warm + 0.7 * thick;
  });
}
