/** @file What settings of training come to, as far as they are right; what is wrong with the others. */
import { configureAdapter } from '../../adapters/index.ts';
import { KronaError } from '../../base/errors.ts';
import { baseSites } from '../../pipeline/adapters/site-weights.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { openOutline } from '../../pipeline/base/base-outline.ts';
import { adapterFileBytes } from '../../plan/site-groups.ts';
import { createHash } from '../../platform/hashes.ts';
import { elementCount } from '../../tensor/tensor.ts';
import { runBytes } from '../../train/folder/run-bytes.ts';
import { resolveSettings } from '../../train/resolve-options.ts';
import { stepKey } from '../../train/sized-steps.ts';
import { type TrainOptions, trainSchema } from '../../train/train-options.ts';
import { planTraining, type TrainPlan } from '../../train/training-plan.ts';
import type { Problem, ResolvedValue } from '../interface/form-operations.ts';
import type { Settings } from '../interface/operation-shapes.ts';
import { failureOf } from '../work/failure-of.ts';
import type { CountedTraining, PlannedTraining } from './plan-question.ts';
import {
  hasSetting,
  optionKey,
  refusedOptions,
  refusedValues,
  settingOf,
  withoutSetting,
} from './refused-settings.ts';

/** In place of what the page names by ids. */
const places = { images: '.', out: '.' };
/** Until somebody says what is learned, everything else can be planned. */
const anySubject = 'sks thing';

/** Plans a training, leaving out what is refused. */
export async function plannedTraining(settings: Settings): Promise<PlannedTraining> {
  const { training, values, problems } = await plannedAsFarAsRight(settings);
  return { values, problems, counted: training && countedTraining(training) };
}

export interface RightPlan {
  /** Undefined where what is refused decides it. */
  readonly training: TrainPlan | undefined;
  readonly values: PlannedTraining['values'];
  readonly problems: readonly Problem[];
}

/** The plan of what is right; every refused setting is told, and taken as not given. */
export async function plannedAsFarAsRight(given: Settings): Promise<RightPlan> {
  const problems: Problem[] = [...refusedValues(given)];
  let settings = problems.reduce((rest, { key = '' }) => withoutSetting(rest, key), given);
  if (settings.subject === undefined && !problems.some(({ key }) => key === 'subject')) {
    const message = 'expected a rare word and the class, such as "sks dog"';
    problems.push({ code: 'SUBJECT_WITHOUT_CLASS', message, key: 'subject', isBlocking: true });
  }
  for (;;) {
    const complete = { subject: anySubject, ...settings, ...places };
    try {
      const base = await openOutline(baseOf(settings), { offline: true });
      const refused = refusedOptions(...methodOf(settings, base));
      if (refused.length > 0) {
        problems.push(...refused);
        for (const { key = '' } of refused) settings = withoutSetting(settings, key);
        continue;
      }
      const { config, sources } = resolveSettings(complete as TrainOptions, base.recommendation);
      const training = planTraining(config, base);
      return { training, values: valuesOf(training, sources, settings), problems };
    } catch (error) {
      if (!(error instanceof KronaError)) throw error;
      const key = settingOf(error);
      const about = key === undefined ? {} : { key };
      problems.push({ ...failureOf(error), isBlocking: true, ...about });
      if (key === undefined || !hasSetting(settings, key)) {
        return { training: undefined, values: {}, problems };
      }
      settings = withoutSetting(settings, key);
    }
  }
}

function baseOf({ base }: Settings): string {
  return typeof base === 'string' ? base : trainSchema.shape.base.parse(undefined);
}

/** The method, and its options as they are given. */
function methodOf(
  { adapter, adapterOptions }: Settings,
  { recommendation }: BaseModel,
): readonly [string, Settings] {
  const usual = recommendation.train.adapter ?? trainSchema.shape.adapter.parse(undefined);
  return [String(adapter ?? usual), { ...Object(adapterOptions) }];
}

type Sources = ReturnType<typeof resolveSettings>['sources'];

function valuesOf(
  { config, base, size, className }: TrainPlan,
  sources: Sources,
  given: Settings,
): Record<string, ResolvedValue> {
  const { images: _, out: __, adapterOptions, ...others } = config;
  const entries = Object.keys(trainSchema.shape)
    .filter((key) => key in others || !(key in config))
    .map((key): [string, ResolvedValue] => {
      const value: unknown = Reflect.get(config, key) ?? null;
      return [key, { value, source: sources[key as keyof Sources] }];
    });
  const recommended = base.recommendation.adapters[config.adapter] ?? {};
  const ownOptions = Object(given.adapterOptions);
  const options = Object.entries(configureAdapter(config.adapter, adapterOptions).options);
  return {
    ...Object.fromEntries(entries),
    ...(config.resolution === undefined
      ? { resolution: { value: size.width, source: 'base model' } }
      : {}),
    ...(config.class === undefined ? { class: { value: className, source: 'default' } } : {}),
    ...Object.fromEntries(
      options.map(([name, value]) => [
        optionKey(name),
        {
          value: value ?? null,
          source: Object.hasOwn(ownOptions, name)
            ? ('given' as const)
            : Object.hasOwn(recommended, name)
              ? ('base model' as const)
              : ('default' as const),
        },
      ]),
    ),
  };
}

function countedTraining(training: TrainPlan): CountedTraining {
  const { config, base, placed, parameterCount } = training;
  const ofFile = { name: base.name, sites: baseSites(base).length };
  const sizes = placed.map(({ adapter, sites }) => adapterFileBytes({ adapter, sites }, ofFile));
  const total = (precision: 'f32' | 'f16') =>
    sizes.reduce((sum, bytes) => sum + bytes[precision], 0);
  return {
    config,
    sites: placed.reduce((sum, { sites }) => sum + sites.length, 0),
    parameters: parameterCount,
    fileBytes: { f32: total('f32'), f16: total('f16') },
    diskBytes: runBytes(training),
    stepKey: isTraceable(training) ? stepKeyOf(training) : undefined,
  };
}

/** Elements of latents up to which a step is traced within seconds: of a batch, and of one of its pictures. */
const mostElements = 2 ** 18;
const mostElementsEach = 2 ** 16;

function stepKeyOf(training: TrainPlan): string {
  const { accumulate, device } = training.config;
  const parts = JSON.stringify([stepKey(training), accumulate, device]);
  return createHash('sha256').update(parts).digest('hex');
}

function isTraceable({ sampleShape }: TrainPlan): boolean {
  const [rows = 1] = sampleShape;
  const all = elementCount(sampleShape);
  return all <= mostElements && all / rows <= mostElementsEach;
}
