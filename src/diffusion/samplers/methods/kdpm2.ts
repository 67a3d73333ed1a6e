/** @file The second-order step of DPM-Solver (Lu et al. 2022, arXiv 2206.00927) in σ, as sample_dpm_2 of k-diffusion. */
import { invariant } from '../../../base/errors.ts';
import { required } from '../../../base/required.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { combination } from '../../combination.ts';
import type { NoiseSchedule } from '../../noise-schedule.ts';
import type { SchedulerSettings } from '../../scheduler-config.ts';
import type { Sampler, SamplerMethod, SamplerOptions, Step } from '../sampler.ts';
import { explodingSampler, noiseLadder, slope } from '../schedules/exploding.ts';
import { timestepAt, trainingSigmas } from '../schedules/sigmas.ts';

const defaults: SamplerMethod['defaults'] = {
  timestep_spacing: 'linspace',
  beta_start: 0.00085,
  beta_end: 0.012,
};

/** KDPM2: an Euler step to the middle in ln σ, then the whole step with the slope there; the last is Euler's. */
export const kdpm2: SamplerMethod = {
  schedulerClass: 'KDPM2DiscreteScheduler',
  defaults,
  create: (schedule, settings, { steps }) =>
    midpointSampler({ schedule, settings, steps, divide: (_, to) => ({ down: to, up: 0 }) }),
};

/** KDPM2 past the next level, and noise back up to it (Song et al. 2021, arXiv 2011.13456, appendix F). */
export const kdpm2Ancestral: SamplerMethod = {
  schedulerClass: 'KDPM2AncestralDiscreteScheduler',
  defaults,
  create: (schedule, settings, { steps }) =>
    midpointSampler({
      schedule,
      settings,
      steps,
      divide(from, to) {
        const down = to ** 2 / from;
        return { down, up: Math.sqrt(to ** 2 - down ** 2) };
      },
    }),
};

interface MidpointMethod extends Pick<SamplerOptions, 'steps'> {
  readonly schedule: NoiseSchedule;
  readonly settings: SchedulerSettings;
  /** The level that a step leads down to, and the noise from there up to the next. */
  readonly divide: (from: number, to: number) => { readonly down: number; readonly up: number };
}

function midpointSampler({ schedule, settings, steps, divide }: MidpointMethod): Sampler {
  const ladder = noiseLadder(schedule, settings, { steps });
  const ofTraining = trainingSigmas(schedule);
  const level = (index: number) => required(ladder.sigmas, index);
  // At even indices a step begins, at odd ones the network is asked in its middle; the last step has none.
  const middles = Array.from({ length: steps - 1 }, (_, i) => {
    const { down } = divide(level(i), level(i + 1));
    return Math.fround(Math.sqrt(level(i) * down)); // exp of the mean of the logarithms
  });
  const sigmas = [...interleaved(ladder.sigmas.slice(0, steps), middles), level(steps)];
  const asked = settings.use_karras_sigmas
    ? ladder.timesteps.map((timestep) => Math.round(timestep))
    : ladder.timesteps;
  const timesteps = interleaved(
    asked,
    middles.map((middle) => Math.fround(timestepAt(ofTraining, middle))),
  );

  function begin(): Step {
    let start: Tensor<'f32'> | undefined;
    return (sample, output, index, drawNoise) => {
      const sigma = required(sigmas, index);
      const derivative = slope(settings.prediction_type, sigma, sample, output);
      if (index % 2 === 0) {
        start = sample;
        return combination([1, sample], [required(sigmas, index + 1) - sigma, derivative]);
      }
      invariant(start !== undefined, 'KDPM2 ends a step that it did not begin');
      const from = level((index - 1) / 2);
      const { down, up } = divide(from, level((index + 1) / 2));
      const moved = combination([1, start], [down - from, derivative]);
      return up === 0 ? moved : combination([1, moved], [up, drawNoise()]);
    };
  }

  return explodingSampler(settings, { timesteps, sigmas, steps, evaluationsPerStep: 2, begin });
}

/** a₀, b₀, a₁, b₁ …, and the last of a alone. */
function interleaved(a: readonly number[], b: readonly number[]): number[] {
  return a.flatMap((value, i) => {
    const between = b[i];
    return between === undefined ? [value] : [value, between];
  });
}
