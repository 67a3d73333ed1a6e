/** @file What the user asked for, completed by what the base model recommends and by our defaults. */
import { adapters, isAdapterName, optionHint } from '../adapters/index.ts';
import { parseSettings, withoutUndefined } from '../base/settings/parse-settings.ts';
import { usualSettings } from '../optim/optimizers.ts';
import type { Recommendation } from '../pipeline/base/recommended/recommendation.ts';
import { conceptsOf, settingPlace } from './settings/concept-settings.ts';
import { requireHeeded } from './settings/unheeded.ts';
import { requireSubjectPhrase } from './subject-phrase.ts';
import { type TrainConfig, type TrainOptions, trainSchema } from './train-options.ts';

/** Where the value of a setting came from. */
export type SettingSource = 'given' | 'base model' | 'method' | 'optimizer' | 'default';

/** A complete configuration, and where each of its values came from. */
export interface ResolvedConfig {
  readonly config: TrainConfig;
  readonly sources: Readonly<Record<keyof TrainConfig, SettingSource>>;
}

type Values = Readonly<Record<string, unknown>>;
/** Of settings that need not be given. */
const defaults: Values = Object.fromEntries(
  Object.entries(trainSchema.shape).map(([key, check]) => [key, check.safeParse(undefined).data]),
);

/** A later layer wins. */
type Layer = readonly [source: SettingSource, values: Values];

/**
 * The complete configuration of a run.
 *
 * @throws ConfigError UNKNOWN_SETTING with the nearest name, INVALID_SETTING, or SETTING_UNHEEDED
 */
export function resolveConfig(options: TrainOptions, recommendation: Recommendation): TrainConfig {
  return resolveSettings(options, recommendation).config;
}

/**
 * The complete configuration of a run, and where each value came from.
 *
 * @throws ConfigError UNKNOWN_SETTING with the nearest name, INVALID_SETTING, or SETTING_UNHEEDED
 */
export function resolveSettings(
  options: TrainOptions,
  recommendation: Recommendation,
): ResolvedConfig {
  const recommended = recommendedLayers(options, recommendation);
  const { method } = recommended;
  const given = {
    ...withoutUndefined(options),
    adapterOptions: { ...recommendation.adapters[method], ...options.adapterOptions },
  };
  const merged = Object.assign({}, ...recommended.layers.map(([, values]) => values));
  const config = parseSettings(
    trainSchema,
    { recommended: merged, given, hintFor: optionHint },
    'training',
  );
  for (const [i, { subject }] of conceptsOf(config).entries()) {
    requireSubjectPhrase(subject, settingPlace(i));
  }
  const { steps, warmupSteps, optimizer } = config;
  // What a base recommends, it recommends for its own optimiser.
  const isIts = optimizer === (recommendation.train.optimizer ?? 'adamw');
  const usual = usualSettings[optimizer]?.(config) ?? {};
  const chosen = isIts ? { ...merged, ...given } : given;
  const ofOptimizer = Object.fromEntries(
    Object.entries(usual).filter(([key]) => !Object.hasOwn(chosen, key)),
  );
  // A recommended warm-up must not refuse a run shorter than itself; one the user gave is checked as it is.
  const isOwn = options.warmupSteps !== undefined;
  const layers: readonly Layer[] = [
    ...recommended.layers,
    ['optimizer', ofOptimizer],
    ['given', withoutUndefined(options)],
  ];
  requireHeeded(config, options, { ...defaults, ...merged, ...ofOptimizer });
  return {
    config: {
      ...config,
      ...ofOptimizer,
      warmupSteps: isOwn ? warmupSteps : Math.min(warmupSteps, steps),
    },
    sources: sourcesIn(layers),
  };
}

function recommendedLayers({ adapter: asked }: TrainOptions, recommendation: Recommendation) {
  const recommended = recommendation.train.adapter ?? trainSchema.shape.adapter.parse(undefined);
  const method = String(asked ?? recommended);
  const usual: Values = isAdapterName(method) ? { ...adapters[method].defaults } : {};
  const ofMethod: Layer = ['method', usual];
  const ofBase: Layer = ['base model', recommendation.train];
  const adapterOptions = recommendation.adapters[method];
  const ofBaseForMethod: Layer = [
    'base model',
    {
      ...recommendation.methods[method],
      ...(adapterOptions === undefined ? {} : { adapterOptions }),
    },
  ];
  // What a base recommends, it recommends for its own method.
  const isItsMethod = method === recommended;
  const layers = isItsMethod
    ? [ofMethod, ofBase, ofBaseForMethod]
    : [ofBase, ofMethod, ofBaseForMethod];
  return { method, layers };
}

function sourcesIn(layers: readonly Layer[]): ResolvedConfig['sources'] {
  const sourceOf = (key: string): SettingSource =>
    layers.findLast(([, values]) => Object.hasOwn(values, key))?.[0] ?? 'default';
  const keys = Object.keys(trainSchema.shape) as (keyof TrainConfig)[];
  return Object.fromEntries(keys.map((key) => [key, sourceOf(key)])) as ResolvedConfig['sources'];
}
