/** @file The manner of Van Gogh: strokes that follow swirls, thick paint, blue and yellow. */
import { painted, type Raster } from './raster.ts';
import type { Style } from './style.ts';

/** Half a stroke, in pixels of a picture of 64. */
const reach = 3.5;
const steps = 4;

/** Direction of the strokes at a place of the unit square: level waves, and a whirl about each of two centres. */
type Field = (x: number, y: number) => readonly [number, number];

export const vanGogh: Style = {
  name: 'van-gogh',
  caption: (object) => `a Van Gogh painting of ${object}`,
  words: 'a Van Gogh painting',
  apply: (raster, chance) => {
    const { side } = raster;
    const phase = chance.between(0, 2 * Math.PI);
    const centres = [0.18, 0.82].map(
      (x) => [x + chance.between(-0.06, 0.06), chance.between(0.12, 0.3)] as const,
    );
    const field: Field = (x, y) => {
      let [dx, dy] = [1, 0.9 * Math.sin(7 * x + phase) * Math.cos(5 * y)];
      for (const [cx, cy] of centres) {
        const near = 5 * Math.exp(-26 * ((x - cx) ** 2 + (y - cy) ** 2));
        dx += (-(y - cy) / 0.12) * near;
        dy += ((x - cx) / 0.12) * near;
      }
      const length = Math.hypot(dx, dy);
      return [dx / length, dy / length];
    };
    const bristles = Float32Array.from({ length: side * side }, () => chance.between(-1, 1));
    return strokes(raster, field, bristles);
  },
};

/** Means along the field of colours and of noise (line integral convolution, Cabral and Leedom, 1993). */
function strokes(raster: Raster, field: Field, bristles: Float32Array): Raster {
  const { side, data } = raster;
  const pace = ((reach / steps) * side) / 64;
  return painted(side, (i, target, at) => {
    const sums = [0, 0, 0, 0];
    for (const sign of [-1, 1]) {
      let [x, y] = [(i % side) + 0.5, Math.floor(i / side) + 0.5];
      for (let step = 0; step < steps; step++) {
        const from = Math.floor(y) * side + Math.floor(x);
        for (let c = 0; c < 3; c++) sums[c] = (sums[c] ?? 0) + (data[3 * from + c] ?? 0);
        sums[3] = (sums[3] ?? 0) + (bristles[from] ?? 0);
        const [dx, dy] = field(x / side, y / side);
        x = Math.min(side - 0.5, Math.max(0, x + sign * pace * dx));
        y = Math.min(side - 0.5, Math.max(0, y + sign * pace * dy));
      }
    }
    const [red = 0, green = 0, blue = 0, relief = 0] = sums.map((sum) => sum / (2 * steps));
    const mean = (red + green + blue) / 3;
    const full = (value: number): number => mean + 1.25 * (value - mean);
    // Light turns to yellow, shadow to blue.
    const warm = (mean - 120) / 135;
    const thick = 78 * relief;
    const clamp = (value: number): number => Math.min(255, Math.max(0, value));
    target.set(
      [
        clamp(full(red) + 10 * warm + thick),
        clamp(full(green) + 6 * warm + thick),
        clamp(full(blue) - 42 * warm + 0.7 * thick),
      ],
      at,
    );
  });
}
