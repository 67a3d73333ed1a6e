/** @file Sinusoids of timesteps, computed on the host: GPUs' sines are inexact at arguments of a thousand. */
import { float32, type Tensor } from '../../tensor/tensor.ts';

export interface SinusoidOptions {
  readonly size: number;
  /** [cos, sin] instead of [sin, cos]. @default true */
  readonly cosineFirst?: boolean;
  /** @default 0 */
  readonly frequencyShift?: number;
}

/**
 * What a distilled network is told of guidance scales (Luo et al. 2023, sec. 4.2; 1 is none): [N, size]. Sines come first
 * here, and the last frequency is the smallest there is.
 */
export function guidanceFeatures(scales: ArrayLike<number>, size: number): Tensor<'f32'> {
  const strengths = Float32Array.from(scales, (scale) => 1000 * (scale - 1));
  return sinusoids(strengths, { size, cosineFirst: false, frequencyShift: 1 });
}

/**
 * Sinusoidal embedding of numbers (Vaswani et al. 2017, sec. 3.5), with arguments rounded to float32 as the reference
 * computes them. values: N numbers → [N, size].
 */
export function sinusoids(values: ArrayLike<number>, options: SinusoidOptions): Tensor<'f32'> {
  const { size, cosineFirst = true, frequencyShift = 0 } = options;
  const half = Math.floor(size / 2);
  const features = float32([values.length, size]);
  const frequencies = Array.from({ length: half }, (_, i) => {
    const exponent = Math.fround(Math.fround(-Math.log(10000) * i) / (half - frequencyShift));
    return Math.fround(Math.exp(exponent));
  });
  Array.from(values).forEach((value, row) => {
    frequencies.forEach((frequency, i) => {
      const angle = Math.fround(value * frequency);
      const [first, second] = cosineFirst
        ? [Math.cos(angle), Math.sin(angle)]
        : [Math.sin(angle), Math.cos(angle)];
      features.data[row * size + i] = first;
      features.data[row * size + half + i] = second;
    });
  });
  return features;
}
