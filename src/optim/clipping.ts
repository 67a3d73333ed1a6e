/** @file Limits the norm of all gradients together, as `torch.nn.utils.clip_grad_norm_` (Pascanu et al. 2013, algorithm 1). */
import type { NamedTensors } from './optimizer.ts';

/** L2 norm over all tensors together; NaN or infinite where any element is. */
export function globalNorm(tensors: NamedTensors): number {
  let sum = 0;
  for (const { data } of tensors.values()) {
    for (const value of data) sum += value * value;
  }
  return Math.sqrt(sum);
}

/** Scales gradients in place so that their common norm is at most `maxNorm`; returns the norm before. */
export function clipGradients(gradients: NamedTensors, maxNorm: number): number {
  const norm = globalNorm(gradients);
  const coefficient = maxNorm / (norm + 1e-6); // torch's guard against a norm of zero
  if (coefficient < 1) {
    const factor = Math.fround(coefficient);
    for (const { data } of gradients.values()) {
      for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) * factor;
    }
  }
  return norm;
}
