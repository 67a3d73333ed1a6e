/** @file The refiner of a request: opened, checked, and what of the request it does not do. */
import { ConfigError } from '../base/errors.ts';
import type { SamplerName } from '../diffusion/samplers/index.ts';
import type { TrainedAdapter } from '../pipeline/adapters/trained-adapter.ts';
import { placeOf, takesScore } from '../pipeline/base/base-model.ts';
import { withClipSkip } from '../pipeline/base/clip-skip.ts';
import type { OnDevice } from '../pipeline/base/on-device.ts';
import { openBaseModel } from '../pipeline/base/open-base.ts';
import { stagesOf } from '../pipeline/draw/experts.ts';
import type { Refiner } from '../pipeline/draw/refiner.ts';
import type { InitialPicture } from '../pipeline/draw/sampling-start.ts';
import type { SecondPass } from '../pipeline/draw/second-pass.ts';
import { withPrecision } from '../pipeline/precision/base-precision.ts';
import { withStoredPrecision } from '../pipeline/precision/stored-precision.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import type { GenerateConfig, GenerateOptions } from './generate-options.ts';

/** As SDXL's refiner is used: it was trained on the last fifth of the noise schedule. */
const defaultStart = 0.8;

/**
 * Refuses a start of a refiner where there is none.
 *
 * @throws ConfigError NO_REFINER
 */
export function requireRefiner({ refiner, refinerStart }: GenerateOptions): void {
  if (refiner !== undefined || refinerStart === undefined) return;
  throw new ConfigError(
    'NO_REFINER',
    '`refinerStart` says where a refiner goes on, and there is none; add `refiner`, or leave `refinerStart` out',
  );
}

/** What is known of the request. */
interface Refined {
  readonly base: OnDevice;
  readonly adapters: readonly TrainedAdapter[];
  readonly sampler: SamplerName | undefined;
  readonly initial: InitialPicture | undefined;
  /** Where there is one, the refiner ends that. */
  readonly second: SecondPass | undefined;
}

/** A refiner, if any, and what was decided without the user. */
export interface PlannedRefiner {
  readonly refiner: Refiner | undefined;
  readonly notes: readonly string[];
}

/**
 * Opens the refiner where one is asked for.
 *
 * @throws ConfigError REFINER_START; ModelError REFINER_LATENTS, or what openBaseModel finds wrong
 */
export async function planRefiner(
  { refiner: name, refinerStart: start = defaultStart, ...config }: GenerateConfig,
  { base, adapters, sampler, initial, second }: Refined,
  hub: HubHost,
): Promise<PlannedRefiner> {
  if (name === undefined) return { refiner: undefined, notes: [] };
  const opened = await openBaseModel(name, hub);
  const skipped = withClipSkip({ ...opened, ...placeOf(base) }, base.clipSkip);
  const model = await withStoredPrecision(withPrecision(skipped, config.basePrecision), hub);
  const refiner = { model, start };
  const { eta, timesteps } = config;
  const { steps } = second ?? config;
  const begun = second === undefined ? { initial } : { again: { from: [], noise: second.noise } };
  const [{ sampler: along, end }] = stagesOf(base, {
    ...{ steps, timesteps, eta, sampler, refiner },
    ...begun,
  });
  const last = Math.ceil((along.timesteps.length - end) / along.evaluationsPerStep);
  return {
    refiner,
    notes: [
      ...(model.notes ?? []),
      `the base hands over to the refiner after ${steps - last} of ${steps} steps${second === undefined ? '' : ' of the second pass'}`,
      ...(takesScore(model) ? [] : [noScoreNote(name)]),
      ...(adapters.length === 0 ? [] : [adapterNote]),
    ],
  };
}

const noScoreNote = (name: string): string =>
  `${name} takes no aesthetic score, so it was not made as a refiner; it makes the last steps all the same`;

const adapterNote =
  'adapters work in the steps of the base; the refiner, for which they were not trained, goes without';
