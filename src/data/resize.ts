/** @file Antialiased resampling of 8-bit RGB pictures, identical to Pillow's `Image.resize` (Resample.c). */
import { invariant } from '../base/errors.ts';
import type { Image } from './image.ts';

interface Filter {
  /** Half the width of the kernel, in source pixels when enlarging. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

const filters = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: (x) => cubicWeight(Math.abs(x)) },
  lanczos: { support: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
} as const satisfies Record<string, Filter>;

export type ResizeFilter = keyof typeof filters;

/** Keys' cubic convolution with a = -1/2. */
function cubicWeight(x: number): number {
  const a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Weights are integers of this many fractional bits: 8 for the pixel and 2 of headroom remain of 32. */
const precisionBits = 32 - 8 - 2;

/** Which source pixels make one target pixel, and with which fixed-point weights. */
interface Window {
  readonly first: number;
  readonly weights: Int32Array;
}

function windowsOf(sourceSize: number, targetSize: number, filter: Filter): Window[] {
  const scale = sourceSize / targetSize;
  const filterScale = Math.max(scale, 1);
  const support = filter.support * filterScale;
  return Array.from({ length: targetSize }, (_, target) => {
    const centre = (target + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(sourceSize, Math.trunc(centre + support + 0.5));
    const exact = Float64Array.from({ length: end - first }, (_, k) =>
      filter.weight((k + first - centre + 0.5) * (1 / filterScale)),
    );
    const total = exact.reduce((sum, weight) => sum + weight, 0);
    const weights = Int32Array.from(exact, (weight) => {
      const scaled = (total === 0 ? weight : weight / total) * 2 ** precisionBits;
      return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    });
    return { first, weights };
  });
}

/** One pass along an axis whose pixels lie `step` bytes apart, for every start in `lines`. */
function resample(
  source: Uint8Array,
  target: Uint8Array,
  windows: readonly Window[],
  lines: Iterable<{ from: number; to: number }>,
  step: { from: number; to: number },
): void {
  for (const line of lines) {
    let to = line.to;
    for (const { first, weights } of windows) {
      let from = line.from + first * step.from;
      let sum = 2 ** (precisionBits - 1);
      for (let k = 0; k < weights.length; k++) {
        sum += (source[from] ?? 0) * (weights[k] ?? 0);
        from += step.from;
      }
      const level = sum >> precisionBits;
      target[to] = Math.min(255, Math.max(0, level));
      to += step.to;
    }
  }
}

function* starts(rows: number, fromStride: number, toStride: number) {
  for (let row = 0; row < rows; row++) yield { from: row * fromStride, to: row * toStride };
}

function resizeWidth(image: Image, width: number, filter: Filter): Image {
  if (image.width === width) return image;
  const data = new Uint8Array(width * image.height * 3);
  const windows = windowsOf(image.width, width, filter);
  for (let channel = 0; channel < 3; channel++) {
    const source = image.data.subarray(channel);
    const target = data.subarray(channel);
    const rows = starts(image.height, image.width * 3, width * 3);
    resample(source, target, windows, rows, { from: 3, to: 3 });
  }
  return { width, height: image.height, data };
}

function resizeHeight(image: Image, height: number, filter: Filter): Image {
  if (image.height === height) return image;
  const stride = image.width * 3;
  const data = new Uint8Array(stride * height);
  const windows = windowsOf(image.height, height, filter);
  resample(image.data, data, windows, starts(stride, 1, 1), { from: stride, to: stride });
  return { width: image.width, height, data };
}

/**
 * A picture at another size. As in Pillow, width is resampled first and rounded to 8 bits, then height;
 * an axis that keeps its size is not touched.
 */
export function resize(
  image: Image,
  size: { readonly width: number; readonly height: number },
  filter: ResizeFilter,
): Image {
  invariant(size.width >= 1 && size.height >= 1, 'resize() needs a size of at least one pixel');
  const kernel = filters[filter];
  return resizeHeight(resizeWidth(image, size.width, kernel), size.height, kernel);
}

/** A picture enlarged by a whole factor, every pixel a square. */
export function enlarge(image: Image, factor: number): Image {
  invariant(Number.isInteger(factor) && factor >= 1, 'enlarge() needs a whole factor');
  const width = image.width * factor;
  const height = image.height * factor;
  const data = new Uint8Array(width * height * 3);
  const stride = width * 3;
  for (let y = 0; y < image.height; y++) {
    const first = y * factor * stride;
    for (let at = 0; at < stride; at++) {
      const from = y * image.width + Math.floor(at / 3 / factor);
      data[first + at] = image.data[from * 3 + (at % 3)] ?? 0;
    }
    for (let copy = 1; copy < factor; copy++) {
      data.copyWithin(first + copy * stride, first, first + stride);
    }
  }
  return { width, height, data };
}
