/** @file What a sampler is: where to ask the network, and how to go on from its answers. */
import { ConfigError } from '../../base/errors.ts';
import { formatRange } from '../../base/quantities.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { NoiseSchedule } from '../noise-schedule.ts';
import type { SchedulerSettings } from '../scheduler-config.ts';

/** Draws a standard normal tensor of the sample's shape; called only when a method needs one. */
export type DrawNoise = () => Tensor<'f32'>;

/** From the network's answer at `timesteps[index]` to the sample for `timesteps[index + 1]`. */
export type Step = (
  sample: Tensor<'f32'>,
  modelOutput: Tensor<'f32'>,
  index: number,
  drawNoise: DrawNoise,
) => Tensor<'f32'>;

/**
 * A way from noise to an image in a given number of steps. It never sees the network or its guidance:
 *
 * ```
 * const step = sampler.begin();
 * for (const [index, timestep] of sampler.timesteps.entries()) {
 *   const output = network(sampler.scaleInput(sample, index), timestep);
 *   sample = step(sample, output, index, drawNoise);
 * }
 * ```
 */
export interface Sampler {
  /** Where the network is asked, in order, once each; values may repeat or be fractional. */
  readonly timesteps: readonly number[];
  /** Noise level σ before every step and after the last, of methods that are stated in σ. */
  readonly sigmas?: readonly number[];
  /** Steps asked for. */
  readonly steps: number;
  /** How often a step asks the network. */
  readonly evaluationsPerStep: 1 | 2;
  /** Standard deviation of the noise to begin with. */
  readonly initialNoiseSigma: number;
  /** A clean sample with the noise that `timesteps[index]` expects: the begin of image-to-image. */
  addNoise(clean: Tensor<'f32'>, noise: Tensor<'f32'>, index: number): Tensor<'f32'>;
  /** The sample as the network wants it at `timesteps[index]`. */
  scaleInput(sample: Tensor<'f32'>, index: number): Tensor<'f32'>;
  /** Begins a trajectory, from any index; the returned function keeps what a multi-step method remembers. */
  begin(): Step;
}

/** Where a user wants the network to be asked. */
export interface ChosenTimesteps {
  /** Number of steps; with timesteps, how many these are. */
  readonly steps: number;
  /** Whole timesteps of training, falling. @default `steps` of them, spaced as the model's settings say */
  readonly timesteps?: readonly number[] | undefined;
}

/** What a user chooses about sampling. */
export interface SamplerOptions extends ChosenTimesteps {
  /** Share of the noise that DDIM (@default 0) and TCD (@default 0.3) draw anew: 0 is deterministic. */
  readonly eta?: number | undefined;
}

/** A sampling method, and the class of diffusers that it reproduces. */
export interface SamplerMethod {
  readonly schedulerClass: string;
  /** What that class assumes for settings its file leaves out, where others assume something else. */
  readonly defaults: Partial<SchedulerSettings>;
  /** What the method's name says, whatever a file states. @default nothing */
  readonly settings?: Partial<SchedulerSettings>;
  /** Whether its steps may lie at any timesteps. @default false: it has others in between, or leads by a fixed length */
  readonly takesTimesteps?: boolean;
  /** Whether `eta` says how much noise it draws anew. @default false */
  readonly takesEta?: boolean;
  /** @throws ConfigError where settings and options don't go with the method */
  create(schedule: NoiseSchedule, settings: SchedulerSettings, options: SamplerOptions): Sampler;
}

/** @throws ConfigError ETA where it is not from 0 to 1 */
export function requireEta(eta: number): void {
  if (eta >= 0 && eta <= 1) return;
  throw new ConfigError('ETA', `eta is from 0 to 1, got ${eta}`);
}

/** The smallest share, in hundredths, that leaves a step. */
function leastShare(steps: number): number {
  return Math.ceil(100 / steps) / 100;
}

/**
 * Index into `timesteps` at which image-to-image begins: `strength` 1 begins in pure noise.
 *
 * @param strength share of the steps that is made, in (0, 1]
 * @throws ConfigError where no step would be left
 */
export function imageToImageStart(sampler: Sampler, strength: number): number {
  const made = Math.min(Math.trunc(sampler.steps * strength), sampler.steps);
  if (!(strength > 0 && strength <= 1) || made < 1) {
    throw new ConfigError(
      'STRENGTH',
      `${strength} of the noise leaves none of ${sampler.steps} steps; use ${formatRange(leastShare(sampler.steps), 1)}, or more steps`,
    );
  }
  return (sampler.steps - made) * sampler.evaluationsPerStep;
}
