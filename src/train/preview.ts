/** @file Preview pictures of the adapter as it is, drawn with seeds of their own so that training is not disturbed. */
import { join } from 'node:path';
import { encodePng } from '../data/image.ts';
import { textToImage } from '../pipeline/text-to-image.ts';
import { writeFileAtomic } from '../storage/atomic-file.ts';
import type { TrainState } from './checkpoint.ts';
import { drawingSettings, fillPrompt, type TrainPlan } from './plan.ts';

/** Draws one picture of the sample prompt and writes it; returns its path. */
export async function savePreview(
  plan: TrainPlan,
  state: TrainState,
  folder: string,
): Promise<string> {
  const { base, config, placed, size, phrase } = plan;
  const [picture] = await textToImage(base, {
    prompt: fillPrompt(config.samplePrompt, phrase),
    seeds: [config.seed],
    adapter: { placed, tensors: state.average ?? state.parameters },
    ...drawingSettings(base),
    size,
  });
  const path = join(folder, `step-${String(state.step).padStart(6, '0')}.png`);
  if (picture !== undefined) await writeFileAtomic(path, await encodePng(picture));
  return path;
}
