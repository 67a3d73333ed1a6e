/** @file A layer of every kind of site on the host, in float64; linear in its weight and in its input. */
import type { Site } from '../../src/nn/index.ts';
import type { Shape } from '../../src/tensor/tensor.ts';
import { at, type Matrix, matrix, rowProducts } from './matrix.ts';

/** Tokens and pictures: two samples of three tokens, or of 4 x 5 pixels. */
const leading: Shape = [2, 3];
const picture = { samples: 2, height: 4, width: 5 };

/** Shape of the layer's input. */
export function inputShape({ kind, out, in: inner, kernel: [h, w] = [1, 1] }: Site): Shape {
  switch (kind) {
    case 'linear':
      return [...leading, inner];
    case 'convolution':
      return [picture.samples, inner / (h * w), picture.height, picture.width];
    case 'vector':
      return [...leading, out];
    case 'table':
      return [6, inner];
    default:
      return kind satisfies never;
  }
}

/** Shape of the layer's output. */
export function outputShape(site: Site): Shape {
  const [h, w] = site.kernel ?? [1, 1];
  if (site.kind === 'linear') return [...leading, site.out];
  if (site.kind !== 'convolution') return inputShape(site);
  return [picture.samples, site.out, picture.height - h + 1, picture.width - w + 1];
}

/** Six tokens of a table with so many rows, among them its last ones, one of them twice. */
export function tokens(rows: number): readonly number[] {
  return [0, rows - 1, rows - 2, 3, rows - 1, rows - 3];
}

/** The layer's output as a flat array. */
export function hostOutput(site: Site, x: ArrayLike<number>, weight: Matrix): Float64Array {
  switch (site.kind) {
    case 'linear': {
      const flat = { rows: x.length / site.in, columns: site.in, data: Float64Array.from(x) };
      return rowProducts(flat, weight).data;
    }
    case 'convolution':
      return convolved(site, x, weight);
    case 'vector':
      return Float64Array.from(x, (value, i) => value * (weight.data[i % site.out] ?? 0));
    case 'table': {
      const ids = tokens(weight.rows);
      const rows = matrix(ids.length, site.in, (i, j) => at(weight, ids[i] ?? 0, j));
      return rows.data.map((value, i) => value * (x[i] ?? 0));
    }
    default:
      return site.kind satisfies never;
  }
}

/** Without padding, in steps of one. */
function convolved(site: Site, x: ArrayLike<number>, weight: Matrix): Float64Array {
  const [h, w] = site.kernel ?? [1, 1];
  const [samples = 0, channels = 0, height = 0, width = 0] = inputShape(site);
  const [, out = 0, outHeight = 0, outWidth = 0] = outputShape(site);
  // Where the taps of a pixel lie, from its first.
  const taps = Int32Array.from({ length: site.in }, (_, tap) => {
    const [c, dy, dx] = [Math.floor(tap / (h * w)), Math.floor(tap / w) % h, tap % w];
    return (c * height + dy) * width + dx;
  });
  const y = new Float64Array(samples * out * outHeight * outWidth);
  for (let i = 0; i < y.length; i++) {
    const column = i % outWidth;
    const row = Math.floor(i / outWidth) % outHeight;
    const channel = Math.floor(i / (outWidth * outHeight)) % out;
    const sample = Math.floor(i / (outWidth * outHeight * out));
    const first = (sample * channels * height + row) * width + column;
    let sum = 0;
    for (let tap = 0; tap < site.in; tap++) {
      sum += at(weight, channel, tap) * (x[first + (taps[tap] ?? 0)] ?? 0);
    }
    y[i] = sum;
  }
  return y;
}
