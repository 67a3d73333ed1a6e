/** @file The texts of a picture: its captions, or the prompt that stands for them, in one order of tags or several. */
import { TorchGenerator } from '../../base/torch-random.ts';
import { tagOrders } from '../../data/captions/tag-orders.ts';
import type { TrainConfig } from '../train-options.ts';

type TextSettings = Pick<TrainConfig, 'prompt' | 'shuffleTags' | 'keepTokens' | 'seed'>;

/**
 * Templates of each picture's texts, at least one. Orders follow from the run's seed and the pictures before, so that they
 * are the same whenever they are asked for.
 *
 * @param captions of each picture
 */
export function pictureTexts(
  captions: readonly (readonly string[])[],
  { prompt, shuffleTags, keepTokens: keep, seed }: TextSettings,
): readonly (readonly string[])[] {
  const generator = new TorchGenerator(seed);
  return captions.map((own) => {
    const texts = own.length === 0 ? [prompt] : own;
    if (shuffleTags === undefined) return texts;
    return texts.flatMap((text) => tagOrders(text, { count: shuffleTags, keep }, generator));
  });
}
