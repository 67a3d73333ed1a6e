/** @file Prompts to pictures, from noise or from a picture: encoders, sampling loop and decoder in turn, each loaded only while it is needed. */
import { TorchGenerator } from '../../base/torch-random.ts';
import type { Image } from '../../data/image.ts';
import type { PromptSyntax } from '../../data/prompts/prompt-syntax.ts';
import { imagesFromTensor } from '../../data/transforms.ts';
import type { GuidanceOptions } from '../../diffusion/guidance.ts';
import type { DrawNoise } from '../../diffusion/samplers/index.ts';
import { concatenated, drawNormal, rowsOf, type Tensor } from '../../tensor/tensor.ts';
import type { TrainedAdapter } from '../adapters/trained-adapter.ts';
import type { BaseModel } from '../base/base-model.ts';
import { type NetworkKey, type Networks, openedPerUse } from '../network/lending.ts';
import { aestheticScores, conditioningOf, uncropped } from '../text/conditioning.ts';
import { withNewTokens } from '../text/new-tokens.ts';
import { type EncodedPrompt, TextEncoder } from '../text/text-encoder.ts';
import { adaptsTexts } from '../text/text-network.ts';
import { ImageDecoder, latentShape, type PictureSize } from './autoencoder.ts';
import { joinChannels } from './channels.ts';
import { Denoiser, type DenoiserOptions, type GuidanceTexts, tokensOf } from './denoiser.ts';
import { type Stage, type Staging, stagesOf } from './experts.ts';
import { keepingOriginal } from './mask.ts';
import { requirePictureSize } from './picture-size.ts';
import { sampleLatents } from './sample-latents.ts';
import {
  type KnownPicture,
  knowPicture,
  type SamplingStart,
  startSampling,
} from './sampling-start.ts';

/** How far the drawing is: the steps of all pictures together, and the one that was just made. */
export interface DrawingProgress {
  readonly done: number;
  readonly total: number;
  /** Number of the picture, from 1; of several computed together, of the first. */
  readonly picture: number;
  /** Pictures computed together. */
  readonly together: number;
  readonly pictures: number;
  /** Of these pictures, from 1. */
  readonly step: number;
  readonly steps: number;
}

/** Sides of tiles, in pixels; in one piece where there is none. */
export interface DrawingTiles {
  /** Of the denoiser, whose predictions are averaged at every step. */
  readonly denoiser?: number | undefined;
  readonly autoencoder?: number | undefined;
}

export interface TextToImage extends Staging {
  readonly prompt: string;
  /** How often it stands in the text that is encoded: a weak prompt gets stronger. @default 1 */
  readonly promptRepeats?: number;
  /** @default '' */
  readonly negative?: string;
  /** How both are read. @default 'plain' */
  readonly syntax?: PromptSyntax;
  /** One picture per seed. */
  readonly seeds: readonly number[];
  /** They adapt the base, not its refiner. */
  readonly adapters?: readonly TrainedAdapter[];
  readonly guidance: GuidanceOptions;
  readonly size: PictureSize;
  /** Side of the tiles, in pixels, in which larger pictures are computed. @default one piece */
  readonly tiles?: DrawingTiles | undefined;
  /** Pictures computed together. @default 1 */
  readonly batch?: number;
  readonly onStep?: ((progress: DrawingProgress) => void) | undefined;
  /** What of a prompt did not fit. */
  readonly onTruncated?: (prompt: string, rest: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Who lends the networks. @default each is opened while it computes, and closed */
  readonly networks?: Networks | undefined;
}

/**
 * Pictures of a prompt, in the order of the seeds; a seed gives the same picture in any batch.
 *
 * @throws ConfigError PICTURE_SIZE, STRENGTH, REFINER_START, or what a sampler or tokenize refuses
 * @throws ModelError REFINER_LATENTS; TEXT_NOT_FINITE, LATENTS_NOT_FINITE or PICTURE_NOT_FINITE where a network breaks down
 */
export async function textToImage(base: BaseModel, options: TextToImage): Promise<Image[]> {
  const { initial } = options;
  const latents = await drawnLatents(base, options);
  const pictures = await decodePictures(base, latents, options);
  const { picture, mask, keepUnmasked = true } = initial ?? {};
  if (picture === undefined || mask === undefined || !keepUnmasked) return pictures;
  return pictures.map((each) => keepingOriginal(each, picture, mask));
}

async function decodePictures(
  base: BaseModel,
  latents: readonly Tensor<'f32'>[],
  { size, tiles, networks = openedPerUse }: TextToImage,
): Promise<Image[]> {
  const tile = tiles?.autoencoder;
  const key = ['decoder', ...keyOf(base), size.height, size.width, tile];
  const open = () => ImageDecoder.open(base, { ...size, tile });
  return await networks.use(key, open, async (decoder) => {
    const pictures: Image[] = [];
    for (const each of latents) pictures.push(...imagesFromTensor(await decoder.decode(each)));
    return pictures;
  });
}

/** What tells a model from others, in keys of networks. */
export function keyOf({ name, device = 'cpu', precision }: BaseModel): NetworkKey {
  return [name, device, precision];
}

/**
 * Latents [1, C, h, w] of the pictures that textToImage() gives; of every model, only what computes is loaded.
 *
 * @throws as textToImage
 */
export async function drawnLatents(
  base: BaseModel,
  options: TextToImage,
): Promise<Tensor<'f32'>[]> {
  requirePictureSize(base, options.size);
  const stages = stagesOf(base, options);
  const [{ sampler }] = stages;
  const { adapters, onTruncated, ...forRefiner } = options;
  const instructed: InstructedStage[] = [];
  for (const stage of stages) {
    const own = instructed.length === 0 ? options : forRefiner;
    instructed.push({ ...stage, options: own, texts: await encodeTexts(stage.model, own) });
  }
  const tile = options.tiles?.autoencoder;
  const known = await knowPicture(base, { ...options.size, tile }, options);
  let batches = startBatches(base, options, { known, stage: stages[0] });
  const lengths = batches.map(({ count, first }) => count * (sampler.timesteps.length - first));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let done = 0;
  for (const stage of instructed) {
    batches = await followStage(batches, stage, (batch, index) => {
      done += batch.count;
      options.onStep?.({
        ...{ done, total, picture: batch.start + 1, together: batch.count },
        ...{ pictures: options.seeds.length, step: index - batch.origin + 1 },
        steps: sampler.timesteps.length - batch.origin,
      });
    });
  }
  return batches.flatMap(({ sample, count }) =>
    Array.from({ length: count }, (_, row) => rowsOf(sample, row, row + 1)),
  );
}

/** A stage that knows what to show. */
interface InstructedStage extends Stage {
  /** What was asked for; of a refiner without adapters, nor does it say again what of a prompt did not fit. */
  readonly options: TextToImage;
  readonly texts: GuidanceTexts;
}

/** What to show and what not, as a model is told it. */
export async function encodeTexts(
  model: BaseModel,
  options: Pick<
    TextToImage,
    | ('adapters' | 'networks' | 'onTruncated' | 'size')
    | ('prompt' | 'promptRepeats' | 'negative' | 'syntax')
  >,
): Promise<GuidanceTexts> {
  const { adapters = [], networks = openedPerUse } = options;
  const { prompt, promptRepeats: repeats, negative = '', syntax = 'plain', onTruncated } = options;
  const framing = uncropped(options.size);
  const conditioning = (text: string, encoded: EncodedPrompt, score: number) => {
    if (encoded.truncated !== undefined) onTruncated?.(text, encoded.truncated);
    return conditioningOf(model, encoded, { framing, score });
  };
  const { wanted, unwanted } = aestheticScores;
  const adapting = adapters.filter(({ placed }) => adaptsTexts(placed));
  const key = ['texts', ...keyOf(model), model.clipSkip, ...adapting];
  const open = () => TextEncoder.open(withNewTokens(model, adapters), adapters);
  return await networks.use(key, open, async (encoder) => ({
    prompt: conditioning(prompt, await encoder.encode(prompt, { syntax, repeats }), wanted),
    negative: conditioning(negative, await encoder.encodeNegative(negative, { syntax }), unwanted),
  }));
}

/** Pictures computed together, and how far they are. */
interface Batch extends SamplingStart {
  /** Index of its first picture. */
  readonly start: number;
  /** Index of its first step, whichever stage it is in. */
  readonly origin: number;
  readonly count: number;
  readonly drawNoise: DrawNoise;
}

function startBatches(
  base: BaseModel,
  { seeds, size, batch = 1 }: TextToImage,
  { known, stage }: { readonly known: KnownPicture; readonly stage: Stage },
): readonly Batch[] {
  const { sampler, first } = stage;
  const shape = latentShape(base, size);
  const batches: Batch[] = [];
  for (let start = 0; start < seeds.length; start += batch) {
    const generators = seeds.slice(start, start + batch).map((seed) => new TorchGenerator(seed));
    const drawNoise = () =>
      concatenated(generators.map((generator) => drawNormal(generator, shape)));
    const count = generators.length;
    const begun = startSampling(base, known, { sampler, first, start, count, drawNoise });
    batches.push({ ...begun, start, origin: first, count, drawNoise });
  }
  return batches;
}

/** The batches at the end of a stage. */
async function followStage(
  batches: readonly Batch[],
  { model, sampler, end, texts, options }: InstructedStage,
  onEvaluated: (batch: Batch, index: number) => void,
): Promise<readonly Batch[]> {
  const results: Batch[] = [];
  // A graph is made for one batch size: full batches, then one for the rest.
  for (const batch of new Set(batches.map(({ count }) => count))) {
    const tokens = tokensOf(model, texts, options);
    await withDenoiser(model, { batch, tokens }, options, async (denoiser) => {
      for (const each of batches.filter(({ count }) => count === batch)) {
        const { sample: start, seen, first, origin, keep, drawNoise } = each;
        const sample = await sampleLatents(start, {
          ...{ sampler, first, origin, end, keep, drawNoise, signal: options.signal },
          predict: (sample, timestep) =>
            denoiser.predict(seen ? joinChannels(sample, seen) : sample, timestep, texts),
          onStep: (_, index) => onEvaluated(each, index),
        });
        // Only the base may be an in-painting network, which sees more than the sample.
        results.push({ ...each, sample, first: end, seen: undefined });
      }
    });
  }
  return results;
}

async function withDenoiser(
  model: BaseModel,
  { batch, tokens }: Required<Pick<DenoiserOptions, 'batch' | 'tokens'>>,
  { size, tiles, guidance, adapters = [], networks = openedPerUse }: TextToImage,
  work: (denoiser: Denoiser) => Promise<void>,
): Promise<void> {
  const { scale, rescale } = guidance;
  const tile = tiles?.denoiser;
  const key = ['denoiser', ...keyOf(model), size.height, size.width, tile, batch, scale, rescale];
  const open = () => Denoiser.open(model, { size, tile, batch, guidance, tokens, adapters });
  await networks.use([...key, tokens, ...adapters], open, work);
}
