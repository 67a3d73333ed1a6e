/** @file What the user asked for, completed by what the base model recommends and by our defaults. */
import { adapters, isAdapterName } from '../adapters/index.ts';
import { parseSettings, withoutUndefined } from '../base/parse-settings.ts';
import { usualSettings } from '../optim/optimizers.ts';
import type { Recommendation } from '../pipeline/base/recommendation.ts';
import {
  requireSubjectPhrase,
  type TrainConfig,
  type TrainOptions,
  trainSchema,
} from './train-options.ts';

/**
 * The complete configuration of a run.
 *
 * @throws ConfigError UNKNOWN_SETTING with the nearest name, or INVALID_SETTING
 */
export function resolveConfig(options: TrainOptions, recommendation: Recommendation): TrainConfig {
  const recommended = recommendation.train.adapter ?? trainSchema.shape.adapter.parse(undefined);
  const adapter = options.adapter ?? recommended;
  const method = String(adapter);
  const usualOfMethod = isAdapterName(method) ? adapters[method].defaults : {};
  // What a base recommends, it recommends for its own method.
  const isItsMethod = adapter === recommended;
  const layers = {
    recommended: {
      ...(isItsMethod
        ? { ...usualOfMethod, ...recommendation.train }
        : { ...recommendation.train, ...usualOfMethod }),
      ...recommendation.methods[method],
    },
    given: {
      ...withoutUndefined(options),
      adapterOptions: { ...recommendation.adapters[method], ...options.adapterOptions },
    },
  };
  const config = parseSettings(trainSchema, layers, 'training');
  requireSubjectPhrase(config.subject);
  const { steps, warmupSteps, optimizer } = config;
  // What a base recommends, it recommends for its own optimiser.
  const isIts = optimizer === (recommendation.train.optimizer ?? 'adamw');
  const usual = usualSettings[optimizer]?.(config) ?? {};
  const chosen = isIts ? { ...layers.recommended, ...layers.given } : layers.given;
  // A recommended warm-up must not refuse a run shorter than itself; one the user gave is checked as it is.
  const given = options.warmupSteps !== undefined;
  return {
    ...config,
    ...Object.fromEntries(Object.entries(usual).filter(([key]) => !Object.hasOwn(chosen, key))),
    warmupSteps: given ? warmupSteps : Math.min(warmupSteps, steps),
  };
}
