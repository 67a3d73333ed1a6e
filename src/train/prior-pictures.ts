/** @file Pictures of the class drawn by the base model itself, for prior preservation without a folder of others. */
import { join } from 'node:path';
import { encodePng } from '../data/image.ts';
import { textToImage } from '../pipeline/text-to-image.ts';
import { removeTemporaryFiles, writeFileAtomic } from '../storage/atomic-file.ts';
import { createFolder, namesIn } from '../storage/folders.ts';
import { drawingSettings, fillPrompt, type TrainPlan } from './plan.ts';

/** Pictures drawn between two openings of the model; a stop loses at most so many. */
const together = 5;

/**
 * Draws those of a run's prior pictures that its folder lacks (Ruiz et al. 2023, section 3.2). Each has a seed of its
 * own, so that they are the same however often the drawing was stopped.
 *
 * @throws the signal's reason where it is aborted
 */
export async function drawPriorPictures(
  plan: TrainPlan,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { base, config, size, className } = plan;
  await createFolder(folder);
  await removeTemporaryFiles(folder);
  const there = await namesIn(folder);
  const missing = Array.from({ length: config.priorCount ?? 0 }, (_, i) => i).filter(
    (i) => !there.includes(fileName(i)),
  );
  for (let first = 0; first < missing.length; first += together) {
    const numbers = missing.slice(first, first + together);
    const pictures = await textToImage(base, {
      prompt: fillPrompt(config.prompt, className),
      seeds: numbers.map((i) => config.seed + i),
      ...drawingSettings(base),
      size,
      signal,
    });
    for (const [at, picture] of pictures.entries()) {
      await writeFileAtomic(join(folder, fileName(numbers[at] ?? 0)), await encodePng(picture));
    }
  }
}

function fileName(i: number): string {
  return `${String(i).padStart(6, '0')}.png`;
}
