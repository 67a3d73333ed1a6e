/** @file Euler steps of the probability-flow equation (Karras et al. 2022, arXiv 2206.00364, algorithm 2 without churn). */

import { combination } from '../combination.ts';
import type { NoiseSchedule } from '../noise-schedule.ts';
import type { SchedulerSettings } from '../scheduler-config.ts';
import type { SamplerMethod, Step } from './sampler.ts';
import { karrasSigmas, sigmaAt, timestepAt, trainingSigmas } from './sigmas.ts';
import { spacedTimesteps } from './timesteps.ts';

/** Euler, in samples x = x₀ + σ·ε. */
export const euler: SamplerMethod = {
  schedulerClass: 'EulerDiscreteScheduler',
  defaults: { timestep_spacing: 'linspace' },
  create(schedule, settings, { steps }) {
    const { timesteps, sigmas } = noiseLadder(schedule, settings, steps);
    const sigma = (index: number) => sigmas[index] ?? 0;
    const largest = Math.max(...sigmas);

    const step: Step = (sample, output, index) => {
      const level = sigma(index);
      const difference = sigma(index + 1) - level;
      // d = dx/dσ = (x - x₀)/σ, where x₀ = x - σ·ε, or x₀ = x/(σ²+1) - σ/√(σ²+1)·v
      switch (settings.prediction_type) {
        case 'epsilon':
          return combination([1, sample], [difference, output]);
        case 'v_prediction': {
          const square = level ** 2 + 1;
          return combination(
            [1 + (difference * level) / square, sample],
            [difference / Math.sqrt(square), output],
          );
        }
        default:
          return settings.prediction_type satisfies never;
      }
    };

    return {
      timesteps,
      sigmas,
      steps,
      evaluationsPerStep: 1,
      initialNoiseSigma:
        settings.timestep_spacing === 'leading' ? Math.sqrt(largest ** 2 + 1) : largest,
      addNoise: (clean, noise, index) => combination([1, clean], [sigma(index), noise]),
      scaleInput: (sample, index) => combination([1 / Math.sqrt(sigma(index) ** 2 + 1), sample]),
      begin: () => step,
    };
  },
};

/** Falling noise levels, one more than timesteps, and the timesteps at which the network knows them. */
function noiseLadder(schedule: NoiseSchedule, settings: SchedulerSettings, steps: number) {
  const ofTraining = trainingSigmas(schedule);
  const spaced = spacedTimesteps(settings, steps).map(Math.fround);
  schedule.alphaBar(Math.floor(Math.max(...spaced))); // refuses timesteps past the schedule
  const spacedSigmas = spaced.map((timestep) => sigmaAt(ofTraining, timestep));
  const end = settings.final_sigmas_type === 'zero' ? 0 : (ofTraining[0] ?? 0);
  if (!settings.use_karras_sigmas) {
    return { timesteps: spaced, sigmas: [...spacedSigmas, end].map(Math.fround) };
  }
  const levels = karrasSigmas(spacedSigmas[0] ?? 0, spacedSigmas.at(-1) ?? 0, steps);
  return {
    timesteps: levels.map((level) => Math.fround(timestepAt(ofTraining, level))),
    sigmas: [...levels, end].map(Math.fround),
  };
}
