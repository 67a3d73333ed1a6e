/** @file Square pictures as numbers, for styles that are worked out pixel by pixel. */

/** An RGB picture of `side` by `side`, 0 to 255, interleaved. */
export interface Raster {
  readonly side: number;
  readonly data: Float32Array;
}

/** Brightness as the eye weighs colours (Rec. 601), one number a pixel. */
export function luminance({ side, data }: Raster): Float32Array {
  return Float32Array.from({ length: side * side }, (_, i) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(3 * i, 3 * i + 3);
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  });
}

/** A raster whose pixels follow from their place. @param colour writes red, green, blue at `at` of `data` */
export function painted(
  side: number,
  colour: (i: number, data: Float32Array, at: number) => void,
): Raster {
  const data = new Float32Array(3 * side * side);
  for (let i = 0; i < side * side; i++) colour(i, data, 3 * i);
  return { side, data };
}

/** Means over squares of (2 radius + 1) by the same, borders repeated; twice it is nearly a Gaussian. */
export function blurred(values: Float32Array, side: number, radius: number): Float32Array {
  const across = runningMeans(values, side, radius, 1, side);
  return runningMeans(across, side, radius, side, 1);
}

function runningMeans(
  values: Float32Array,
  side: number,
  radius: number,
  step: number,
  stride: number,
): Float32Array {
  const means = new Float32Array(values.length);
  const clamp = (k: number): number => Math.min(side - 1, Math.max(0, k));
  for (let line = 0; line < side; line++) {
    const start = line * stride;
    const at = (k: number): number => values[start + clamp(k) * step] ?? 0;
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += at(k);
    for (let k = 0; k < side; k++) {
      means[start + k * step] = sum / (2 * radius + 1);
      sum += at(k + radius + 1) - at(k - radius);
    }
  }
  return means;
}

/** Length of the gradient (Sobel), one number a pixel; the border has that of its neighbours. */
export function edges(values: Float32Array, side: number): Float32Array {
  const found = new Float32Array(values.length);
  for (let y = 1; y < side - 1; y++) {
    for (let x = 1; x < side - 1; x++) {
      const at = (dx: number, dy: number): number => values[(y + dy) * side + x + dx] ?? 0;
      const across = at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1);
      const down = at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1);
      found[y * side + x] = Math.hypot(across, down);
    }
  }
  return found;
}

/** Means of squares of `factor` by `factor` pixels. */
export function reduced({ side, data }: Raster, factor: number): Raster {
  const smaller = side / factor;
  return painted(smaller, (i, small, at) => {
    const [left, top] = [(i % smaller) * factor, Math.floor(i / smaller) * factor];
    for (let y = top; y < top + factor; y++) {
      for (let x = left; x < left + factor; x++) {
        const from = 3 * (y * side + x);
        for (let c = 0; c < 3; c++) small[at + c] = (small[at + c] ?? 0) + (data[from + c] ?? 0);
      }
    }
    for (let c = 0; c < 3; c++) small[at + c] = (small[at + c] ?? 0) / factor ** 2;
  });
}
