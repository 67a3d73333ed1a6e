/** @file Noise levels σ = √((1-ᾱ)/ᾱ), for samplers that are stated in σ (Karras et al. 2022). */
import { required } from '../../../base/required.ts';
import type { NoiseSchedule } from '../../noise-schedule.ts';

/** Stands for ᾱ = 0 at a zero terminal SNR, where σ would be infinite: half floats' smallest positive number. */
const smallestAlphaBar = 2 ** -24;

/** ρ of Karras et al. 2022, eq. 5. */
const karrasExponent = 7;

/** σ of every training timestep, rising. */
export function trainingSigmas(schedule: NoiseSchedule): Float32Array<ArrayBuffer> {
  return schedule.alphasCumprod.map((alphaBar) => {
    const positive = Math.max(alphaBar, smallestAlphaBar);
    return Math.sqrt(Math.fround(Math.fround(1 - positive) / positive));
  });
}

/** σ at a timestep, linear between whole ones. */
export function sigmaAt(sigmas: Float32Array, timestep: number): number {
  const last = sigmas.length - 1;
  const below = Math.min(Math.floor(timestep), last);
  const low = required(sigmas, below);
  const high = required(sigmas, Math.min(below + 1, last));
  return low + (high - low) * (timestep - below);
}

/** Timestep at a σ, linear in log σ between whole timesteps; the inverse of `sigmaAt` up to that choice. */
export function timestepAt(sigmas: Float32Array, sigma: number): number {
  if (sigmas.length === 1) return 0;
  const logarithms = sigmas.map(Math.log);
  const wanted = Math.log(Math.max(sigma, 1e-10));
  const reached = logarithms.findLastIndex((logarithm) => logarithm <= wanted);
  const below = Math.min(Math.max(reached, 0), sigmas.length - 2);
  const low = required(logarithms, below);
  const high = required(logarithms, below + 1);
  const share = Math.min(Math.max((wanted - low) / (high - low), 0), 1);
  return below + share;
}

/** `steps` falling noise levels from `largest` to `smallest` (Karras et al. 2022, eq. 5). */
export function karrasSigmas(largest: number, smallest: number, steps: number): number[] {
  const from = largest ** (1 / karrasExponent);
  const to = smallest ** (1 / karrasExponent);
  return Array.from({ length: steps }, (_, i) => {
    const share = steps > 1 ? i / (steps - 1) : 0;
    return (from + share * (to - from)) ** karrasExponent;
  });
}
