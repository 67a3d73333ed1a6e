/** @file Settings that a sweep may state, by path, and those that it decides itself. */
import * as z from 'zod';
import { adapters, isAdapterName, trainableAdapter } from '../../../adapters/index.ts';
import { ConfigError } from '../../../base/errors.ts';
import { didYouMean } from '../../../base/nearest.ts';
import { parseSettings } from '../../../base/settings/parse-settings.ts';
import { generateSchema } from '../../../generate/generate-options.ts';
import type { Recommendation } from '../../../pipeline/base/recommended/recommendation.ts';
import { resolveConfig } from '../../../train/resolve-options.ts';
import { type TrainConfig, type TrainOptions, trainSchema } from '../../../train/train-options.ts';
import { drawingKeys, drawingSchema } from '../../evaluate/evaluate-options.ts';
import { mostPictures } from './limits.ts';
import type { Grid, Scalar } from './spec.ts';

/** What the sweep or the worker says, not its settings. */
const ofSweep = ['base', 'images', 'subject', 'class', 'out', 'seed'];
/** What does not decide an adapter. */
const ofWorker = [
  ...['device', 'memory', 'checkpointEvery', 'keepCheckpoints'],
  ...['sampleEvery', 'samplePrompt', 'validationEvery', 'tensorboard', 'wandb'],
];
/** Paths of the machine that planned the sweep: a worker elsewhere would not find them. */
const paths = ['init', 'maskImages', 'priorImages', 'validationImages', 'concept'];

export const trainKeys = Object.keys(trainSchema.shape).filter(
  (key) => ![...ofSweep, ...ofWorker, ...paths].includes(key),
);
/** Settings of training as a task states them. */
export const trainTaskSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(trainSchema.shape).filter(([key]) => [...trainKeys, 'seed'].includes(key)),
  ),
);
export const drawKeys = [
  ...drawingKeys.filter((key) => key !== 'device'),
  ...['count', 'seed', 'width', 'height'],
];

/** Settings as a case of a sweep has them. */
export interface StatedSettings {
  readonly train: Readonly<Record<string, unknown>>;
  readonly draw: Readonly<Record<string, unknown>>;
  readonly shots: number | undefined;
}

/**
 * Refuses settings that there are not, or that are not the sweep's to state.
 *
 * @throws ConfigError SWEEP_SETTING
 */
export function requireKnown(
  where: string,
  {
    train = {},
    draw = {},
  }: { readonly train?: object | undefined; readonly draw?: object | undefined },
): void {
  for (const [part, keys, given] of [
    ['train', trainKeys, train],
    ['draw', drawKeys, draw],
  ] as const) {
    const unknown = Object.keys(given).find((key) => !keys.includes(key));
    if (unknown === undefined) continue;
    const reason = [...ofSweep, ...ofWorker, ...paths].includes(unknown)
      ? "is not for a sweep to state: its base, subjects and seeds stand beside, the rest is the machine's"
      : `is no setting${didYouMean(unknown, keys)} (there are ${keys.join(', ')})`;
    throw new ConfigError('SWEEP_SETTING', `${where}: ${part}.${unknown} ${reason}`);
  }
}

/** Settings of training over others; options of a method join those below only where it is the same method. */
export function joinedTraining(
  below: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const { adapterOptions: optionsBelow, ...others } = below;
  const isSame = own.adapter === undefined || own.adapter === below.adapter;
  const options = { ...(isSame ? Object(optionsBelow) : {}), ...Object(own.adapterOptions) };
  const isEmpty = Object.keys(options).length === 0;
  return { ...others, ...own, ...(isEmpty ? {} : { adapterOptions: options }) };
}

/**
 * The settings with one of them changed.
 *
 * @param path `train.learningRate`, `draw.guidance`, `adapter.a1` or `shots`
 * @throws ConfigError SWEEP_PATH
 */
export function withSetting(settings: StatedSettings, path: string, value: Scalar): StatedSettings {
  const { train, draw } = settings;
  const [part = '', key = '', ...rest] = path.split('.');
  if (path === 'shots') return { ...settings, shots: Number(value) };
  if (rest.length === 0 && key !== '') {
    if (part === 'train' && trainKeys.includes(key)) {
      return { ...settings, train: { ...train, [key]: value } };
    }
    if (part === 'draw' && drawKeys.includes(key)) {
      return { ...settings, draw: { ...draw, [key]: value } };
    }
    if (part === 'adapter') {
      const options = { ...Object(train.adapterOptions), [key]: value };
      return { ...settings, train: { ...train, adapterOptions: options } };
    }
  }
  const known = [
    'shots',
    ...trainKeys.map((k) => `train.${k}`),
    ...drawKeys.map((k) => `draw.${k}`),
  ];
  throw new ConfigError(
    'SWEEP_PATH',
    `vary: "${path}" names no setting${didYouMean(path, known)}; a path is train.NAME, draw.NAME, adapter.OPTION or shots`,
  );
}

/** Every combination of a grid's values, the first setting changing slowest. */
export function combinations(grid: Grid): readonly Readonly<Record<string, Scalar>>[] {
  let rows: Record<string, Scalar>[] = [{}];
  for (const [path, values] of Object.entries(grid)) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [path]: value })));
  }
  return rows;
}

/** All that decides an adapter, complete: what was stated, what the base recommends, and our defaults. */
export function completeTraining(
  { train }: Pick<StatedSettings, 'train'>,
  recommendation: Recommendation,
  seed: number,
): { readonly config: TrainConfig; readonly settings: Readonly<Record<string, unknown>> } {
  // What a sweep's task fills in for each subject.
  const places = { images: 'pictures', subject: 'sks subject', out: 'run' };
  const config = resolveConfig({ ...places, ...train, seed } as TrainOptions, recommendation);
  const deciding = [...trainKeys, 'seed'];
  const settings = Object.entries(config).filter(([key]) => deciding.includes(key));
  return { config, settings: Object.fromEntries(settings) };
}

/**
 * What of complete settings has to stand in a key: what is not the default, so that a setting that is added later
 * changes no key; and options of a method the same, whether they were stated or not.
 */
export function decidingTraining(
  settings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { adapter, adapterOptions, ...others } = settings;
  const method = String(adapter);
  const options = trainableAdapter(method, adapterOptions).options;
  const { schema } = isAdapterName(method) ? adapters[method] : { schema: z.object({}) };
  return {
    ...withoutDefaults(others, trainSchema),
    ...{ adapter, adapterOptions: withoutDefaults(options, schema) },
  };
}

/** The same of drawing. */
export function decidingDrawing(
  settings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return withoutDefaults(settings, drawTaskSchema);
}

function withoutDefaults(settings: Readonly<Record<string, unknown>>, { shape }: z.ZodObject) {
  const deciding = Object.entries(settings).filter(([key, value]) => {
    const check = shape[key];
    const usual = check && z.safeParse(check, undefined).data;
    return JSON.stringify(usual) !== JSON.stringify(value);
  });
  return Object.fromEntries(deciding);
}

/** Settings of drawing as a task states them. */
export const drawTaskSchema = drawingSchema
  .omit({ device: true })
  .extend(generateSchema.pick({ width: true, height: true }).shape);
const countSchema = z.number().int().positive().max(mostPictures).default(4);
const seedSchema = z.number().int().nonnegative().default(0);

/**
 * All that decides drawn pictures, complete.
 *
 * @throws ConfigError INVALID_SETTING
 */
export function completeDrawing(
  { draw }: Pick<StatedSettings, 'draw'>,
  recommendation: Recommendation,
): {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly count: number;
  readonly seed: number;
} {
  const schema = drawTaskSchema.extend({ count: countSchema, seed: seedSchema });
  // What a base recommends besides, such as how prompts are read, is of drawing one's own.
  const recommended = Object.entries(recommendation.generate).filter(
    ([key]) => key in schema.shape,
  );
  const { count, seed, ...settings } = parseSettings(
    schema,
    { recommended: Object.fromEntries(recommended), given: draw },
    'drawing',
    (problem, code) => new ConfigError(code, `draw: ${problem}`),
  );
  return { settings, count, seed };
}
