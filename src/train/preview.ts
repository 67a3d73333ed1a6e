/** @file Preview pictures of the adapter as it is, drawn with seeds of their own so that training is not disturbed. */

import { join } from 'node:path';
import { withSubject } from '../base/subject-template.ts';
import { encodePng, type Image } from '../data/image.ts';
import { pictureGrid } from '../data/picture-grid.ts';
import { textToImage } from '../pipeline/text-to-image.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import type { TrainState } from './checkpoint.ts';
import { drawingSettings, type TrainPlan } from './plan.ts';

/** Draws a picture of every sample prompt and writes them as one; returns its path. */
export async function savePreview(
  plan: TrainPlan,
  state: TrainState,
  folder: string,
): Promise<string> {
  const { base, config, placed, size, phrase } = plan;
  const pictures: Image[] = [];
  for (const prompt of config.samplePrompt) {
    const drawn = await textToImage(base, {
      prompt: withSubject(prompt, phrase),
      seeds: [config.seed],
      adapters: [{ placed, tensors: state.average ?? state.parameters }],
      ...drawingSettings(base),
      size,
    });
    pictures.push(...drawn);
  }
  const path = join(folder, `step-${String(state.step).padStart(6, '0')}.png`);
  await writeFileAtomic(path, await encodePng(pictureGrid(pictures)));
  return path;
}
