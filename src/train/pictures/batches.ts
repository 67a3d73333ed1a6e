/** @file Draws training batches. All randomness of a run after its first moment is here, from one generator. */
import type { PlacedAdapter } from '../../adapters/index.ts';
import type { TorchGenerator } from '../../base/torch-random.ts';
import { type LossWeightOptions, lossWeights } from '../../diffusion/loss-weights.ts';
import { offsetNoise } from '../../diffusion/noise-offset.ts';
import type { NoiseSchedule } from '../../diffusion/noise-schedule.ts';
import {
  hasThresholds,
  type LossName,
  lossThresholds,
  type ThresholdOptions,
} from '../../diffusion/sample-loss.ts';
import type { PredictionType } from '../../diffusion/scheduler-config.ts';
import type { BaseModel } from '../../pipeline/base/base-model.ts';
import { drawLatents, type LatentMoments } from '../../pipeline/draw/autoencoder.ts';
import {
  type Conditioning,
  conditioningOf,
  joinedConditioning,
} from '../../pipeline/text/conditioning.ts';
import {
  concatenated,
  drawNormal,
  elementCount,
  float32,
  type Shape,
  type Tensor,
} from '../../tensor/tensor.ts';
import { drawDropout } from '../adapter/dropout.ts';
import { isMasked, type MaskSettings, placeWeightsOf } from '../masks/loss-mask.ts';
import { type ShownSample, shownSample } from '../variations/shown-sample.ts';
import type { Concept, Dataset, EncodedPicture, EncodedView } from './dataset.ts';
import { PictureQueue } from './picture-queue.ts';

/** One forward and backward pass's worth of input. */
export interface Batch {
  readonly sample: Tensor<'f32'>; // [N, C, h, w], noisy
  readonly target: Tensor<'f32'>; // [N, C, h, w]
  readonly timesteps: Int32Array;
  readonly conditioning: Conditioning;
  /** loss = Σ_n weights[n] · loss_n */
  readonly weights: Tensor<'f32'>; // [N]
  /** Of losses that have some. */
  readonly thresholds?: Tensor<'f32'>; // [N]
  /** How much each place counts, where there are masks. */
  readonly placeWeights?: Tensor<'f32'>; // [N, 1, h, w]
  /** Which sites keep their adapter, where the method drops some. */
  readonly dropout?: Readonly<Record<string, Tensor<'f32'>>>;
}

export interface BatchSettings extends ThresholdOptions, MaskSettings {
  readonly base: BaseModel;
  readonly placed: readonly PlacedAdapter[];
  readonly dataset: Dataset;
  readonly schedule: NoiseSchedule;
  readonly predictionType: PredictionType;
  readonly batchSize: number;
  readonly priorWeight: number;
  /** Noise common to all pixels of a channel; 0 for none. */
  readonly noiseOffset: number;
  /** Min-SNR-γ, where it is on. */
  readonly minSnrGamma?: number | undefined;
  /** Of every sample. */
  readonly loss: LossName;
  /** Share of samples without text. */
  readonly captionDropout: number;
}

/** Pictures in line to be shown, for the subject and for the prior. */
export interface BatchOrder {
  readonly subject: readonly number[];
  readonly prior: readonly number[];
}

/** A source of batches whose position can be saved and taken up again. */
export class BatchSource {
  readonly #settings: BatchSettings;
  readonly #generator: TorchGenerator;
  readonly #subject: PictureQueue;
  readonly #prior: PictureQueue | undefined;

  constructor(settings: BatchSettings, generator: TorchGenerator, order?: BatchOrder) {
    const { subject, prior } = settings.dataset;
    this.#settings = settings;
    this.#generator = generator;
    this.#subject = new PictureQueue(subject.pictures, generator, order?.subject);
    this.#prior = prior && new PictureQueue(prior.pictures, generator, order?.prior);
  }

  /** What a checkpoint keeps besides the generator. */
  get order(): BatchOrder {
    return { subject: this.#subject.order, prior: this.#prior?.order ?? [] };
  }

  /** Shapes [N, C, h, w] that samples may have. */
  get sampleShapes(): readonly Shape[] {
    const { batchSize, dataset } = this.#settings;
    const count = dataset.prior === undefined ? batchSize : 2 * batchSize;
    const shapes = dataset.subject.pictures.map(({ mean }) => [count, ...mean.shape.slice(1)]);
    return [...new Map(shapes.map((shape) => [shape.join(), shape])).values()];
  }

  /**
   * Draws, in this order: pictures of the subject, of the prior, how each is shown, latents, noise, its offset, timesteps,
   * dropout.
   */
  next(): Batch {
    const { base, placed, dataset, schedule, predictionType, batchSize } = this.#settings;
    const { subject, prior } = dataset;
    const pictures = this.#subject.next(batchSize);
    const others = this.#prior?.next(batchSize, pictures[0]?.mean.shape) ?? [];
    const shown = [
      ...pictures.map((picture) => this.#show(subject, picture)),
      ...(prior === undefined ? [] : others.map((picture) => this.#show(prior, picture))),
    ];
    const latents = concatenated(shown.map(({ view }) => this.#draw(base, view)));
    const noise = this.#drawNoise(latents.shape);
    const count = shown.length;
    const timesteps = this.#generator.randint(0, schedule.length, count);
    const weights = lossWeights(timesteps, this.#weighting(others.length));
    return {
      sample: schedule.addNoise(latents, noise, timesteps),
      target: schedule.trainingTarget(predictionType, latents, noise, timesteps),
      timesteps,
      conditioning: joinedConditioning(
        shown.map(({ text, view }) => conditioningOf(base, text, view)),
      ),
      weights: float32([count], weights),
      ...this.#thresholds(timesteps),
      ...this.#placeWeights(shown.map(({ view }) => view)),
      dropout: drawDropout(placed, this.#generator),
    };
  }

  /** Standard normal noise, with its offset where that is asked for. */
  #drawNoise(shape: Shape): Tensor<'f32'> {
    const { noiseOffset } = this.#settings;
    const noise = drawNormal(this.#generator, shape);
    if (noiseOffset === 0) return noise;
    const [count = 0, channels = 0] = shape;
    return offsetNoise(noise, this.#generator.randn(count * channels), noiseOffset);
  }

  #thresholds(timesteps: Int32Array): Pick<Batch, 'thresholds'> {
    const { loss, schedule } = this.#settings;
    if (!hasThresholds(loss)) return {};
    const thresholds = lossThresholds(timesteps, this.#settings, schedule);
    return { thresholds: float32([timesteps.length], thresholds) };
  }

  #show(concept: Concept, picture: EncodedPicture): ShownSample {
    const { captionDropout } = this.#settings;
    return shownSample(concept, picture, { captionDropout, generator: this.#generator });
  }

  #placeWeights(views: readonly EncodedView[]): Pick<Batch, 'placeWeights'> {
    if (!isMasked(this.#settings)) return {};
    const weights = views.map((view) => placeWeightsOf(view, this.#settings));
    return { placeWeights: concatenated(weights) };
  }

  #weighting(priorSamples: number): LossWeightOptions {
    const { priorWeight: weight, minSnrGamma: gamma, schedule, predictionType } = this.#settings;
    return {
      ...(priorSamples === 0 ? {} : { prior: { priorSamples, weight } }),
      ...(gamma === undefined ? {} : { minSnr: { gamma, schedule, predictionType } }),
    };
  }

  #draw(base: BaseModel, moments: LatentMoments): Tensor<'f32'> {
    return drawLatents(base, moments, this.#generator.randn(elementCount(moments.mean.shape)));
  }
}
