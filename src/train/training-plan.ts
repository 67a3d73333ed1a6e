/** @file What a run will do, worked out and checked before anything is written. */
import { type AdapterFile, type PlacedAdapter, parameterName } from '../adapters/index.ts';
import { ConfigError, ModelError } from '../base/errors.ts';
import { required } from '../base/required.ts';
import { requireKnownPlaces, withSubject } from '../base/subject-template.ts';
import type { PromptSyntax } from '../data/prompts/prompt-syntax.ts';
import { NoiseSchedule } from '../diffusion/noise-schedule.ts';
import type { LossName } from '../diffusion/sample-loss.ts';
import { type PredictionType, resolveSettings } from '../diffusion/scheduler-config.ts';
import type { Site } from '../nn/index.ts';
import { learningRateSchedule } from '../optim/learning-rate.ts';
import type { RateFactors } from '../optim/parameter-groups.ts';
import { targetSites } from '../pipeline/adapters/idle-sites.ts';
import type { BaseModel } from '../pipeline/base/base-model.ts';
import { withClipSkip } from '../pipeline/base/clip-skip.ts';
import { latentShape, type PictureSize } from '../pipeline/draw/autoencoder.ts';
import { nativeSide } from '../pipeline/draw/picture-size.ts';
import { withPrecision } from '../pipeline/precision/base-precision.ts';
import { tokenize } from '../pipeline/text/tokenized-prompt.ts';
import type { Shape } from '../tensor/tensor.ts';
import { placeAdapters } from './adapter/place-adapters.ts';
import { isUntrained, rateFactorsOf, withoutUntrained } from './adapter/site-rates.ts';
import { isMasked } from './masks/loss-mask.ts';
import { pictureSizes } from './pictures/picture-sizes.ts';
import { hasPrior, requirePriors, settingPlace } from './settings/concept-settings.ts';
import { type PlannedConcept, plannedConcepts } from './settings/planned-concepts.ts';
import { memoryGiven } from './settings/step-room.ts';
import type { TextForm } from './texts/text-form.ts';
import type { TrainConfig } from './train-options.ts';

/** A configuration applied to a base model. */
export interface TrainPlan {
  readonly config: TrainConfig;
  readonly base: BaseModel;
  readonly placed: readonly PlacedAdapter[];
  /** The adapter that the run goes on from. */
  readonly initial: AdapterFile | undefined;
  /** Names of the parameters that are trained; others are frozen, or at idle sites of an adapter that the run goes on from. */
  readonly trained: ReadonlySet<string>;
  /** Where their learning rate is a multiple of the run's. */
  readonly rateFactors: RateFactors;
  /** Numbers in them. */
  readonly parameterCount: number;
  /** What was decided about the sites without the user, one sentence each. */
  readonly notes: readonly string[];
  readonly schedule: NoiseSchedule;
  readonly predictionType: PredictionType;
  /** By step, counted from 0. */
  readonly learningRateAt: (step: number) => number;
  /** Of every sample. */
  readonly loss: LossName;
  /** Whether places of samples have weights. */
  readonly isMasked: boolean;
  /** Of pictures that the run draws: the square of the resolution. */
  readonly size: PictureSize;
  /** Of the training pictures: that, or aspect-ratio buckets of its area. */
  readonly sizes: readonly PictureSize[];
  /** Noisy samples of one batch of that size: [N, C, h, w]. */
  readonly sampleShape: Shape;
  /** Of the texts, once they are known. @default one chunk each, without weights */
  readonly texts?: TextForm | undefined;
  /** Resident memory to stay within. */
  readonly memoryBytes: number | undefined;
  /** The first subject's phrase and its class. */
  readonly phrase: string;
  readonly className: string;
  /** All subjects, that one first. */
  readonly concepts: readonly PlannedConcept[];
}

/**
 * Works out a run.
 *
 * @param initial the adapter that it goes on from, which the configuration agrees with
 * @throws ConfigError or AdapterError for anything in the configuration that cannot work with this base
 * @throws ModelError UNET_CHANNELS where the base was not made to draw from noise alone
 */
export function planTraining(
  config: TrainConfig,
  opened: BaseModel,
  initial?: AdapterFile,
): TrainPlan {
  const base = withPrecision(withClipSkip(opened, config.clipSkip), config.basePrecision);
  const concepts = plannedConcepts(config);
  const subject = required(concepts, 0);
  requirePlainLatents(base);
  const syntax = previewSyntax(base);
  for (const prompt of config.samplePrompt) {
    requireKnownPlaces(prompt, 'samplePrompt');
    tokenize(base, withSubject(prompt, subject.phrase), { syntax, where: 'samplePrompt' });
  }
  for (const [i, { prompt, phrase }] of concepts.entries()) {
    const where = `${settingPlace(i)}prompt`;
    tokenize(base, withSubject(prompt, phrase), { syntax: config.promptSyntax, where });
  }
  const from = targetSites(base);
  const { placed: chosen, leftOut } = placeAdapters(config, base, concepts, {
    from,
    ...(initial === undefined ? {} : { initial: initial.placed }),
  });
  const { placed, untrained } = withoutUntrained(chosen, config, initial?.placed);
  const isIdle = ({ name }: Site) => from.idle.has(name);
  const isAtRest = isUntrained(config);
  const side = config.resolution ?? nativeSide(base);
  const size = { height: side, width: side };
  const [, ...latent] = latentShape(base, size);
  requirePriors(config);
  const perBatch = config.batchSize * (hasPrior(config) ? 2 : 1);
  return {
    config,
    base,
    placed,
    initial,
    ...trainedParameters(placed, (site) => !isIdle(site) && !isAtRest(site)),
    rateFactors: rateFactorsOf(placed, config),
    notes: [
      ...restingNotes({ leftOut, resting: sitesThat(isIdle, placed), config, because: idle }),
      ...restingNotes({
        leftOut: untrained,
        resting: sitesThat((site) => !isIdle(site) && isAtRest(site), placed),
        ...{ config, because: 'their learning rate is 0' },
      }),
    ],
    ...noiseOf(config, base),
    learningRateAt: learningRateOf(config),
    loss: config.loss,
    isMasked: isMasked(config),
    size,
    sizes: pictureSizes(config, base),
    sampleShape: [perBatch, ...latent],
    memoryBytes: memoryGiven(config.memory),
    ...{ phrase: subject.phrase, className: subject.className, concepts },
  };
}

type Trained = Pick<TrainPlan, 'trained' | 'parameterCount'>;

function trainedParameters(
  placed: readonly PlacedAdapter[],
  isTrained: (site: Site) => boolean,
): Trained {
  const trained = new Set<string>();
  let parameterCount = 0;
  for (const { adapter, sites } of placed) {
    for (const site of sites.filter(isTrained)) {
      for (const { name, isFrozen = false } of adapter.parameters(site)) {
        if (!isFrozen) trained.add(parameterName(site, name));
      }
      parameterCount += adapter.parameterCount(site);
    }
  }
  if (trained.size > 0) return { trained, parameterCount };
  throw new ConfigError(
    'IDLE_SITES',
    'init: nothing that the base predicts depends on any site of this adapter that has a learning rate, so there is nothing to train; begin with another adapter, or leave init out',
  );
}

function sitesThat(are: (site: Site) => boolean, placed: readonly PlacedAdapter[]): number {
  return placed.flatMap(({ sites }) => sites.filter(are)).length;
}

const idle = 'nothing that the UNet takes depends on them (it takes the states before)';

interface RestingSites {
  readonly leftOut: number;
  readonly resting: number;
  readonly config: TrainConfig;
  readonly because: string;
}

/** What is said of sites that are not trained. */
function restingNotes({ leftOut, resting, config, because }: RestingSites): readonly string[] {
  const notes: string[] = [];
  if (leftOut > 0) notes.push(`${leftOut} sites of the targets are left out: ${because}`);
  if (resting > 0) notes.push(`${resting} sites of ${config.init} stay as they are: ${because}`);
  return notes;
}

/** The learning rate of every step of a run, counted from 0. */
export function learningRateOf(config: TrainConfig): (step: number) => number {
  return learningRateSchedule({
    name: config.schedule,
    rate: config.learningRate,
    totalSteps: config.steps,
    warmupSteps: config.warmupSteps,
    cycles: config.scheduleCycles,
    power: config.schedulePower,
    endRate: config.scheduleEnd,
    rules: config.scheduleRules,
  });
}

/** An in-painting UNet also takes a mask and what it leaves visible, which training pictures don't have. */
function requirePlainLatents({ name, unet, vae }: BaseModel): void {
  const { inChannels } = unet.config;
  const { latentChannels } = vae.config;
  if (inChannels === latentChannels) return;
  throw new ModelError(
    'UNET_CHANNELS',
    `${name}: expected a UNet that takes the ${latentChannels} channels of the latents, found one of ${inChannels}; in-painting models draw, but are not trained on: train on the model they were made from`,
  );
}

function noiseOf(
  config: TrainConfig,
  base: BaseModel,
): { readonly schedule: NoiseSchedule; readonly predictionType: PredictionType } {
  const settings = resolveSettings(base.scheduler);
  const rescale = config.zeroTerminalSnr ?? settings.rescale_betas_zero_snr;
  const predictionType = settings.prediction_type;
  if (rescale && predictionType === 'epsilon') {
    throw new ConfigError(
      'EPSILON_AT_ZERO_SNR',
      'zeroTerminalSnr: a model that predicts noise (epsilon) learns nothing from pure noise; use it with a v-prediction model, or switch it off',
    );
  }
  return {
    schedule: new NoiseSchedule({ ...settings, rescale_betas_zero_snr: rescale }),
    predictionType,
  };
}

/** How pictures are drawn in a run: as the base recommends. */
export function drawingSettings({ recommendation }: BaseModel): {
  readonly steps: number;
  readonly guidance: { readonly scale: number };
  readonly promptRepeats: number;
} {
  const { steps = 25, guidance = 7.5, promptRepeats = 1 } = recommendation.generate;
  return {
    steps: Number(steps),
    guidance: { scale: Number(guidance) },
    promptRepeats: Number(promptRepeats),
  };
}

/** How prompts of previews are read: as those of drawing on this base. */
export function previewSyntax({ recommendation }: BaseModel): PromptSyntax {
  return recommendation.generate.promptSyntax === 'plain' ? 'plain' : 'a1111';
}
