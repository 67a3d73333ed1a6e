/** @file Pictures drawn twice: at the size that the model knows, and again, enlarged and under part of the noise, for more detail. */
import { cover } from '../../data/cover.ts';
import type { Image } from '../../data/image.ts';
import { resize } from '../../data/resize.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { BaseModel } from '../base/base-model.ts';
import type { PictureSize } from './autoencoder.ts';
import { enlargedLatents } from './enlarged-latents.ts';
import { stagesOf } from './experts.ts';
import { keepingOriginal } from './mask.ts';
import type { InitialPicture } from './sampling-start.ts';
import { type DrawingTiles, drawnLatents, type TextToImage, textToImage } from './text-to-image.ts';

/** What is enlarged between the passes: the latents, or the decoded picture, which is encoded again. */
export const upscalers = ['latent', 'lanczos'] as const;
export type Upscaler = (typeof upscalers)[number];

/** What decides the second pass beside what both have in common. */
export interface SecondPass {
  readonly size: PictureSize;
  readonly upscaler: Upscaler;
  /** Share of the noise that the enlarged picture is put under, in (0, 1]. */
  readonly noise: number;
  /** Steps that are made. */
  readonly steps: number;
  readonly tiles?: DrawingTiles | undefined;
  /** What a mask keeps and where it is, at the size of this pass. @default nothing */
  readonly initial?: InitialPicture | undefined;
}

/**
 * Pictures of a prompt, drawn twice. The refiner makes the last steps of the second pass alone.
 *
 * @throws as textToImage
 */
export async function drawTwice(
  base: BaseModel,
  options: TextToImage,
  second: SecondPass,
): Promise<Image[]> {
  const { refiner, ...first } = options;
  const progress = progressOfBoth(base, first, second);
  const begun = { ...first, onStep: progress.first };
  const from =
    second.upscaler === 'latent'
      ? (await drawnLatents(base, begun)).map((each) => enlargedLatents(base, each, second.size))
      : await textToImage(base, begun);
  return await drawAgain(base, { ...options, onStep: progress.second }, { second, from });
}

/** A second pass and what it begins with: pictures of any size, or latents of its own. */
export interface Again {
  readonly second: SecondPass;
  readonly from: readonly Image[] | readonly Tensor<'f32'>[];
}

/**
 * The second pass alone.
 *
 * @throws as textToImage
 */
export async function drawAgain(
  base: BaseModel,
  options: TextToImage,
  { second, from }: Again,
): Promise<Image[]> {
  const { size, noise, steps, tiles, initial } = second;
  const enlarged = from.map((each) => ('shape' in each ? each : enlargedPicture(each, second)));
  const again = { from: enlarged as typeof from, noise };
  return await textToImage(base, { ...options, size, steps, tiles, initial, again });
}

/** A picture at the size of the second pass; what the mask keeps is taken from the picture that it lies on. */
function enlargedPicture(picture: Image, { size, initial }: SecondPass): Image {
  const isAlike = picture.width * size.height === picture.height * size.width;
  const enlarged = isAlike ? resize(picture, size, 'lanczos') : cover(picture, size, 'lanczos');
  return initial?.mask === undefined
    ? enlarged
    : keepingOriginal(enlarged, initial.picture, initial.mask);
}

/** Listeners for which the steps of both passes are counted on. */
function progressOfBoth(
  base: BaseModel,
  options: TextToImage,
  { steps, noise }: SecondPass,
): Record<'first' | 'second', TextToImage['onStep']> {
  const { seeds, onStep } = options;
  const made = (staging: TextToImage) => {
    const [{ sampler, first }] = stagesOf(base, staging);
    return sampler.timesteps.length - first;
  };
  const before = made(options);
  const after = made({ ...options, steps, initial: undefined, again: { from: [], noise } });
  const all = { total: (before + after) * seeds.length, steps: before + after };
  return {
    first: (progress) => onStep?.({ ...progress, ...all }),
    second: (progress) =>
      onStep?.({
        ...progress,
        ...all,
        done: before * seeds.length + progress.done,
        step: before + progress.step,
      }),
  };
}
