/** @file Settings that count only beside another one. */
import { ConfigError } from '../../base/errors.ts';
import type { TrainConfig, TrainOptions } from '../train-options.ts';
import { hasPrior } from './concept-settings.ts';

type Key = keyof TrainConfig;

/** A setting that nothing heeds, and what it would count with, in the words of messages. */
type Unheeded = readonly [name: Key, isUnheeded: boolean, other: string];

/**
 * Refuses settings that were given and that nothing would heed. What a base or a method recommends is heeded or not, as the
 * rest of the settings has it, and a value that would be taken anyway says nothing.
 *
 * @param given what the user said
 * @param usual values where the user says nothing
 * @throws ConfigError SETTING_UNHEEDED naming what it counts with
 */
export function requireHeeded(
  config: TrainConfig,
  given: Partial<TrainOptions>,
  usual: Readonly<Partial<Record<Key, unknown>>>,
): void {
  const isSaid = (name: Key) =>
    given[name] !== undefined && JSON.stringify(given[name]) !== JSON.stringify(usual[name]);
  for (const [name, isUnheeded, other] of dependents(config)) {
    if (!isUnheeded || !isSaid(name)) continue;
    throw new ConfigError(
      'SETTING_UNHEEDED',
      `${name}: expected ${other} with it, without which nothing heeds it; give that too, or leave \`${name}\` out`,
    );
  }
}

function dependents(config: TrainConfig): readonly Unheeded[] {
  return [
    ...ofTexts(config),
    ...ofPictures(config),
    ...ofLoss(config),
    ...ofSchedule(config),
    ...ofOptimizer(config),
  ];
}

function ofTexts(config: TrainConfig): readonly Unheeded[] {
  const { captions, concept = [], shuffleTags, newToken, adapter } = config;
  const areCaptioned = captions || concept.some((further) => further.captions);
  const isWord = newToken || adapter === 'textual-inversion';
  return [
    ['captionLines', !areCaptioned, '`captions`'],
    ['keepTokens', shuffleTags === undefined, '`shuffleTags: 8`'],
    ['tokenVectors', !isWord, '`newToken`'],
    ['initialWord', !isWord, '`newToken`'],
  ];
}

function ofPictures({ masks, buckets, validationImages }: TrainConfig): readonly Unheeded[] {
  const areFiles = masks === 'files' || masks === 'auto';
  return [
    ['maskImages', !areFiles, '`masks: files` or `masks: auto`'],
    ['normalizeMasks', masks === 'none', '`masks: auto`'],
    ['unmaskedWeight', masks === 'none', '`masks: auto`'],
    ['bucketStep', !buckets, '`buckets`'],
    ['validationEvery', validationImages === undefined, '`validationImages: DIR`'],
  ];
}

function ofLoss(config: TrainConfig): readonly Unheeded[] {
  const { loss, huberSchedule } = config;
  const isHuber = loss === 'huber' || loss === 'smooth-l1';
  const isScaled = isHuber && huberSchedule !== 'snr';
  return [
    ['huberC', !isHuber, '`loss: huber`'],
    ['huberSchedule', !isHuber, '`loss: huber`'],
    ['huberScale', !isScaled, '`loss: huber, huberSchedule: constant`'],
    ['priorWeight', !hasPrior(config), '`priorImages: DIR` or `priorCount: 100`'],
  ];
}

function ofSchedule({ schedule, emaDecay }: TrainConfig): readonly Unheeded[] {
  return [
    ['scheduleCycles', schedule !== 'cosine-with-restarts', '`schedule: cosine-with-restarts`'],
    ['schedulePower', schedule !== 'polynomial', '`schedule: polynomial`'],
    ['scheduleEnd', schedule !== 'polynomial', '`schedule: polynomial`'],
    ['scheduleRules', schedule !== 'piecewise', '`schedule: piecewise`'],
    ['emaPower', emaDecay === undefined, '`emaDecay: 0.999`'],
  ];
}

function ofOptimizer({ optimizer }: TrainConfig): readonly Unheeded[] {
  const isProdigy = optimizer === 'prodigy';
  return [
    ['prodigyDistance', !isProdigy, '`optimizer: prodigy`'],
    ['prodigyGrowth', !isProdigy, '`optimizer: prodigy`'],
    ['beta1', optimizer === 'adafactor', '`optimizer: adamw`'],
    ['beta2', optimizer === 'adafactor' || optimizer === 'sgd', '`optimizer: adamw`'],
    ['epsilon', optimizer !== 'adamw' && !isProdigy, '`optimizer: adamw`'],
  ];
}
