/** @file Settings of training that count only beside another one. */
import { refuseUnheeded, type Unheeded } from '../../base/settings/heeded.ts';
import type { TrainConfig, TrainOptions } from '../train-options.ts';
import { hasHeldOut, hasPrior, settingPlace } from './concept-settings.ts';

type Key = keyof TrainConfig;
type Dependents = readonly Unheeded<Key>[];

/**
 * Refuses settings that were given and that nothing would heed.
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
  refuseUnheeded(dependents(config), { given, usual });
  const { tokenVectors } = config;
  for (const [i, further] of (given.concept ?? []).entries()) {
    const place = settingPlace(i + 1);
    refuseUnheeded(ofWords(config), { given: further, usual: { tokenVectors }, place });
  }
}

function dependents(config: TrainConfig): Dependents {
  return [
    ...ofTexts(config),
    ...ofPictures(config),
    ...ofLoss(config),
    ...ofSchedule(config),
    ...ofOptimizer(config),
  ];
}

function ofTexts(config: TrainConfig): Dependents {
  const { captions, concept = [], shuffleTags } = config;
  const areCaptioned = captions || concept.some((further) => further.captions);
  return [
    ['captionLines', !areCaptioned, '`captions`'],
    ['keepTokens', shuffleTags === undefined, '`shuffleTags: 8`'],
    ...ofWords(config),
  ];
}

/** Of the run and of each further subject. */
function ofWords({ newToken, adapter }: TrainConfig) {
  const isWord = newToken || adapter === 'textual-inversion';
  return [
    ['tokenVectors', !isWord, '`newToken`'],
    ['initialWord', !isWord, '`newToken`'],
  ] as const;
}

function ofPictures(config: TrainConfig): Dependents {
  const { masks, buckets, sampleEvery } = config;
  const areFiles = masks === 'files' || masks === 'auto';
  return [
    ['maskImages', !areFiles, '`masks: files` or `masks: auto`'],
    ['normalizeMasks', masks === 'none', '`masks: auto`'],
    ['unmaskedWeight', masks === 'none', '`masks: auto`'],
    ['bucketStep', !buckets, '`buckets`'],
    ['validationEvery', !hasHeldOut(config), '`validationImages: DIR`'],
    ['samplePrompt', sampleEvery === undefined, '`sampleEvery: 100`'],
  ];
}

function ofLoss(config: TrainConfig): Dependents {
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

function ofSchedule({ schedule, emaDecay }: TrainConfig): Dependents {
  return [
    ['scheduleCycles', schedule !== 'cosine-with-restarts', '`schedule: cosine-with-restarts`'],
    ['schedulePower', schedule !== 'polynomial', '`schedule: polynomial`'],
    ['scheduleEnd', schedule !== 'polynomial', '`schedule: polynomial`'],
    ['scheduleRules', schedule !== 'piecewise', '`schedule: piecewise`'],
    ['emaPower', emaDecay === undefined, '`emaDecay: 0.999`'],
  ];
}

function ofOptimizer({ optimizer }: TrainConfig): Dependents {
  const isProdigy = optimizer === 'prodigy';
  return [
    ['prodigyDistance', !isProdigy, '`optimizer: prodigy`'],
    ['prodigyGrowth', !isProdigy, '`optimizer: prodigy`'],
    ['beta1', optimizer === 'adafactor', '`optimizer: adamw`'],
    ['beta2', optimizer === 'adafactor' || optimizer === 'sgd', '`optimizer: adamw`'],
    ['epsilon', optimizer !== 'adamw' && !isProdigy, '`optimizer: adamw`'],
  ];
}
