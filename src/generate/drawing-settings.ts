/** @file The settings of a drawing: what is given, over what an adapter recommends, over what the base does. */
import { ConfigError } from '../base/errors.ts';
import { parseSettings } from '../base/settings/parse-settings.ts';
import { requireTimesteps } from '../diffusion/samplers/index.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { distilledAdapter } from '../pipeline/base/recommended/few-step-adapters.ts';
import {
  type Distilled,
  fewStepsWarnings,
  howDrawn,
} from '../pipeline/base/recommended/few-steps.ts';
import type { Recommendation } from '../pipeline/base/recommended/recommendation.ts';
import type { ChosenAdapter } from './adapters.ts';
import { type GenerateConfig, type GenerateOptions, generateSchema } from './generate-options.ts';

/**
 * Complete settings; with timesteps, steps are as many.
 *
 * @throws ConfigError UNKNOWN_SETTING, INVALID_SETTING, TIMESTEPS, TIMESTEPS_STEPS
 */
export function resolveConfig(
  given: GenerateOptions,
  recommended: Recommendation['generate'],
): GenerateConfig {
  // A list is made for a number of steps and a sampler: where one of these is said, none is recommended.
  const isSampling = given.steps !== undefined || given.sampler !== undefined;
  const suiting = isSampling ? withoutTimesteps(recommended) : recommended;
  const config = parseSettings(generateSchema, { recommended: suiting, given }, 'generating');
  const { timesteps } = config;
  if (timesteps === undefined) return config;
  requireTimesteps(timesteps);
  const steps = timesteps.length;
  if (given.steps === undefined || given.steps === steps) return { ...config, steps };
  throw new ConfigError(
    'TIMESTEPS_STEPS',
    `\`timesteps\` are ${steps} and \`steps\` ${given.steps}; leave \`steps\` out, or give as many`,
  );
}

/** The adapter that makes the base draw in few steps, if one does: the first that is known. */
function fewStepsAdapter(
  adapters: readonly Pick<ChosenAdapter, 'request' | 'strength'>[],
): Distilled | undefined {
  return adapters
    .filter(({ strength }) => strength !== 0)
    .map(({ request }) => distilledAdapter(request.file))
    .find((found) => found !== undefined);
}

/** What the base recommends, under what an adapter does that makes it draw in few steps. */
export function recommendedFor(
  { recommendation: { generate } }: { readonly recommendation: Recommendation },
  adapters: readonly Pick<ChosenAdapter, 'request' | 'strength'>[],
): Recommendation['generate'] {
  const found = fewStepsAdapter(adapters);
  return found === undefined ? generate : { ...withoutTimesteps(generate), ...found.generate };
}

/** What is said of an adapter that makes the base draw in few steps, and of what does not suit it or the base. */
export function fewStepsRemarks(
  base: BaseModel,
  adapters: readonly ChosenAdapter[],
  config: GenerateConfig,
): { readonly notes: readonly string[]; readonly warnings: readonly string[] } {
  const found = fewStepsAdapter(adapters);
  return {
    notes: found === undefined ? [] : [howDrawn(found)],
    warnings: fewStepsWarnings(base, found, config),
  };
}

function withoutTimesteps({
  timesteps: _,
  ...others
}: Recommendation['generate']): Recommendation['generate'] {
  return others;
}
