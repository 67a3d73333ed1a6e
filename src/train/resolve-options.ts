/** @file What the user asked for, completed by what the base model recommends and by our defaults. */
import * as z from 'zod';
import { adapters, isAdapterName } from '../adapters/index.ts';
import { ConfigError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
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
  const merged = {
    ...(isItsMethod
      ? { ...usualOfMethod, ...recommendation.train }
      : { ...recommendation.train, ...usualOfMethod }),
    ...recommendation.methods[method],
    ...defined(options),
    adapterOptions: {
      ...recommendation.adapters[method],
      ...options.adapterOptions,
    },
  };
  const unknown = Object.keys(merged).find((key) => !Object.hasOwn(trainSchema.shape, key));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, Object.keys(trainSchema.shape));
    throw new ConfigError(
      'UNKNOWN_SETTING',
      `there is no setting "${unknown}" for training${hint}`,
    );
  }
  const parsed = trainSchema.safeParse(merged);
  if (parsed.success) requireSubjectPhrase(parsed.data.subject);
  if (parsed.success) {
    const { steps, warmupSteps, optimizer } = parsed.data;
    // What a base recommends, it recommends for its own optimiser.
    const isIts = optimizer === (recommendation.train.optimizer ?? 'adamw');
    const usual = usualSettings[optimizer]?.(parsed.data) ?? {};
    const chosen = isIts ? merged : defined(options);
    // A recommended warm-up must not refuse a run shorter than itself; one the user gave is checked as it is.
    const given = options.warmupSteps !== undefined;
    return {
      ...parsed.data,
      ...Object.fromEntries(Object.entries(usual).filter(([key]) => !Object.hasOwn(chosen, key))),
      warmupSteps: given ? warmupSteps : Math.min(warmupSteps, steps),
    };
  }
  throw new ConfigError('INVALID_SETTING', z.prettifyError(parsed.error));
}

/** Without keys whose value is undefined, so that they do not hide a recommendation. */
function defined(options: TrainOptions): Partial<TrainOptions> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
