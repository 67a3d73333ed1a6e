/** @file The texts of a picture: its captions, or the prompt that stands for them, in one order of tags or several. */
import { TorchGenerator } from '../../base/torch-random.ts';
import { tagOrders } from '../../data/captions/tag-orders.ts';
import type { TrainConfig } from '../train-options.ts';

type TextSettings = Pick<TrainConfig, 'shuffleTags' | 'keepTokens' | 'seed'>;

/**
 * Templates of each picture's texts, at least one. Orders follow from the run's seed and the pictures before, so that they
 * are the same whenever they are asked for.
 *
 * @param captions of each picture, or the prompt that stands for them
 */
export function pictureTexts(
  captions: readonly (readonly string[])[],
  { shuffleTags, keepTokens: keep, seed }: TextSettings,
): readonly (readonly string[])[] {
  const generator = new TorchGenerator(seed);
  if (shuffleTags === undefined) return captions;
  return captions.map((own) =>
    own.flatMap((text) => tagOrders(text, { count: shuffleTags, keep }, generator)),
  );
}
