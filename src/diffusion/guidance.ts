/** @file Classifier-free guidance (Ho and Salimans 2022), and its rescaling (Lin et al. 2024). */
import { required } from '../base/required.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { combination } from './combination.ts';

export interface GuidanceOptions {
  /** Weight of the prompt; 1 is no guidance. */
  readonly scale: number;
  /** Share of rescaling to the prompt's own deviation, against over-exposure; 0.7 is usual. @default 0 */
  readonly rescale?: number;
}

/** Guided prediction: unconditional + scale · (conditional - unconditional). */
export function guided(
  unconditional: Tensor<'f32'>,
  conditional: Tensor<'f32'>,
  { scale, rescale = 0 }: GuidanceOptions,
): Tensor<'f32'> {
  const plain = combination([1 - scale, unconditional], [scale, conditional]);
  if (rescale === 0) return plain;
  // Lin et al. 2024, eqs. 15 and 16: φ·x·σ_pos/σ_cfg + (1-φ)·x
  const wanted = deviations(conditional);
  const found = deviations(plain);
  const factors = found.map((each, n) => (rescale * required(wanted, n)) / each + 1 - rescale);
  return combination([factors, plain]);
}

/** Standard deviation of each sample's elements, unbiased. */
function deviations({ shape, data }: Tensor<'f32'>): number[] {
  const samples = required(shape, 0);
  const size = data.length / samples;
  return Array.from({ length: samples }, (_, n) => {
    const values = data.subarray(n * size, (n + 1) * size);
    const mean = values.reduce((sum, value) => sum + value, 0) / size;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return Math.sqrt(squares / (size - 1));
  });
}
