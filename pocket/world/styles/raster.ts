/** @file Square pictures as numbers, for styles that are worked out pixel by pixel. */

/** An RGB picture of `side` by `side`, 0 to 255, interleaved. */
export interface Raster {
  readonly side: number;
  readonly data: Float32Array;
}

/** Brightness as the eye weighs colours (Rec. 601), one number a pixel. */
export function luminance({ side, data }: Raster): Float32Array {
  const light = new Float32Array(side * side);
  for (let i = 0; i < light.length; i++) {
    const [red, green, blue] = [data[3 * i] ?? 0, data[3 * i + 1] ?? 0, data[3 * i + 2] ?? 0];
    light[i] = 0.299 * red + 0.587 * green + 0.114 * blue;
  }
  return light;
}

/** One channel, one number a pixel. */
export function channelOf({ side, data }: Raster, channel: number): Float32Array {
  const values = new Float32Array(side * side);
  for (let i = 0; i < values.length; i++) values[i] = data[3 * i + channel] ?? 0;
  return values;
}

/** A raster whose pixels follow from their number. @param colour writes red, green, blue at `at` of `data` */
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
  if (radius === 0) return values;
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
  const last = side - 1;
  const share = 1 / (2 * radius + 1);
  for (let line = 0; line < side; line++) {
    const start = line * stride;
    let sum = (radius + 1) * (values[start] ?? 0);
    for (let k = 1; k <= radius; k++) sum += values[start + Math.min(last, k) * step] ?? 0;
    for (let k = 0; k < side; k++) {
      means[start + k * step] = sum * share;
      sum += values[start + Math.min(last, k + radius + 1) * step] ?? 0;
      sum -= values[start + Math.max(0, k - radius) * step] ?? 0;
    }
  }
  return means;
}

/** Length of the gradient (Sobel), one number a pixel; 0 on the border. */
export function edges(values: Float32Array, side: number): Float32Array {
  const found = new Float32Array(values.length);
  for (let y = 1; y < side - 1; y++) {
    for (let i = y * side + 1; i < (y + 1) * side - 1; i++) {
      const [a, b, c] = [
        values[i - side - 1] ?? 0,
        values[i - side] ?? 0,
        values[i - side + 1] ?? 0,
      ];
      const [d, e] = [values[i - 1] ?? 0, values[i + 1] ?? 0];
      const [f, g, h] = [
        values[i + side - 1] ?? 0,
        values[i + side] ?? 0,
        values[i + side + 1] ?? 0,
      ];
      const across = c + 2 * e + h - a - 2 * d - f;
      const down = f + 2 * g + h - a - 2 * b - c;
      found[i] = Math.sqrt(across * across + down * down);
    }
  }
  return found;
}

/** Means of squares of `factor` by `factor` pixels. */
export function reduced({ side, data }: Raster, factor: number): Raster {
  const smaller = Math.floor(side / factor);
  const sums = new Float32Array(3 * smaller * smaller);
  const share = 1 / factor ** 2;
  for (let y = 0; y < smaller * factor; y++) {
    const row = 3 * smaller * Math.floor(y / factor);
    for (let x = 0; x < smaller * factor; x++) {
      const to = row + 3 * Math.floor(x / factor);
      const from = 3 * (y * side + x);
      for (let c = 0; c < 3; c++)
        sums[to + c] = (sums[to + c] ?? 0) + share * (data[from + c] ?? 0);
    }
  }
  return { side: smaller, data: sums };
}
