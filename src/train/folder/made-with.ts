/** @file What a checkpoint was made with: a run goes on from it only with the same settings and the same pictures. */
import * as z from 'zod';
import { RunError } from '../../base/errors.ts';
import { ownValue } from '../../base/own-value.ts';
import { fileFingerprint } from '../../storage/fingerprint.ts';
import { type TrainConfig, trainSchema } from '../train-options.ts';
import type { TrainPlan } from '../training-plan.ts';
import type { RunPaths } from './run-folder.ts';

/**
 * Settings that do not decide what the steps done have made: places, what is kept and shown, the machine; and those that
 * are told by what they come to: pictures by the encoded dataset, lengths by the learning rates.
 */
const undeciding: ReadonlySet<string> = new Set([
  ...([
    'base',
    'out',
    'images',
    'maskImages',
    'priorImages',
    'validationImages',
    'init',
    'device',
    'memory',
  ] as const),
  ...([
    'checkpointEvery',
    'keepCheckpoints',
    'sampleEvery',
    'samplePrompt',
    'validationEvery',
    'tensorboard',
    'wandb',
  ] as const),
  ...(['steps', 'warmupSteps'] as const),
] satisfies (keyof TrainConfig)[]);

export const madeWithSchema = z.strictObject({
  /** As they stand in run.json. */
  settings: z.record(z.string(), z.json()),
  /** Of all steps done, summed. */
  learningRates: z.number(),
  /** Fingerprint of the file of encoded pictures and texts. */
  dataset: z.string(),
});

/** What a checkpoint was made with. */
export type MadeWith = z.output<typeof madeWithSchema>;

/** A state read from a checkpoint; those of earlier versions do not say what they were made with. */
interface State {
  readonly step: number;
  readonly made?: MadeWith | undefined;
}

type Making = Pick<TrainPlan, 'config' | 'learningRateAt'>;

/** What the state after `step` steps is made with. */
export async function madeWith(
  { config, learningRateAt }: Making,
  step: number,
  { dataset }: RunPaths,
): Promise<MadeWith> {
  return {
    settings: settingsOf(config),
    learningRates: sumOfRates(learningRateAt, step),
    dataset: await fileFingerprint(dataset),
  };
}

/** In the order of their names, whatever the order in run.json. */
function settingsOf(config: TrainConfig): MadeWith['settings'] {
  const entries = Object.entries(config)
    .filter(([name, value]) => !undeciding.has(name) && value !== undefined)
    .map(
      ([name, value]) =>
        [name, name === 'concept' ? config.concept?.map(withoutPaths) : value] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}

function withoutPaths({
  images: _,
  priorImages: __,
  validationImages: ___,
  ...concept
}: NonNullable<TrainConfig['concept']>[number]) {
  return concept;
}

function sumOfRates(learningRateAt: (step: number) => number, step: number): number {
  let sum = 0;
  for (let at = 0; at < step; at++) sum += learningRateAt(at);
  return sum;
}

/** The logarithms and cosines of other versions of the engine may differ in their last digits. */
const roundingOfRates = 1e-9;

/**
 * Refuses settings that are not those a state was made with.
 *
 * @throws RunError RUN_CHANGED
 */
export function requireSameSettings(
  { made, step }: State,
  { config, learningRateAt }: Making,
  { run }: RunPaths,
): void {
  if (made === undefined) return;
  const now = settingsOf(config);
  const changed = [...new Set([...Object.keys(made.settings), ...Object.keys(now)])]
    .map((name) => ({ name, is: text(now[name]), was: text(settingOf(made, name)) }))
    .filter(({ is, was }) => is !== was)
    .map(({ name, is, was }) => `\`${name}: ${is}\`, it was made with ${was}`);
  const rates = sumOfRates(learningRateAt, step);
  const difference = Math.abs(rates - made.learningRates);
  if (changed.length === 0 && difference > roundingOfRates * made.learningRates) {
    changed.push(
      '`steps` or `warmupSteps`, with which the steps done had had other learning rates',
    );
  }
  if (changed.length === 0) return;
  throw new RunError(
    'RUN_CHANGED',
    `${run} is not what the checkpoint of step ${step} was made with: ${changed.join('; ')}; set it back to go on, or start a new run`,
  );
}

/** A setting that came after the checkpoint was written had its default. */
function settingOf({ settings }: MadeWith, name: string): unknown {
  return ownValue(settings, name) ?? ownValue(trainSchema.shape, name)?.safeParse(undefined).data;
}

const text = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));

/**
 * Refuses encoded pictures that are not those a state was made with.
 *
 * @throws RunError DATASET_CHANGED
 */
export async function requireSameDataset(
  { made, step }: State,
  { dataset }: RunPaths,
): Promise<void> {
  if (made === undefined || (await fileFingerprint(dataset)) === made.dataset) return;
  throw new RunError(
    'DATASET_CHANGED',
    `${dataset} holds other pictures or texts than the checkpoint of step ${step} was made with: it is of another run, or was encoded anew from other files; restore it, or start a new run`,
  );
}
