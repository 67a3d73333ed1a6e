/** @file Pictures of the class drawn by the base model itself, for prior preservation without a folder of others. */
import { required } from '../../base/required.ts';
import { withSubject } from '../../base/subject-template.ts';
import { encodePng, type Image } from '../../data/image.ts';
import type { PictureSize } from '../../pipeline/draw/autoencoder.ts';
import { type TextToImage, textToImage } from '../../pipeline/draw/text-to-image.ts';
import { join } from '../../platform/paths.ts';
import { removeTemporaryFiles, writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { createFolder, namesIn } from '../../storage/files/folders.ts';
import type { PlannedConcept } from '../settings/planned-concepts.ts';
import { drawingSettings, type TrainPlan } from '../training-plan.ts';

/** Pictures drawn between two openings of the model; a stop loses at most so many. */
const together = 5;

export interface PriorPictures {
  /** Whose class is drawn. */
  readonly concept: PlannedConcept;
  readonly folder: string;
  /** Which they have in turn. */
  readonly sizes: readonly PictureSize[];
  readonly signal: AbortSignal | undefined;
  /** Called after every picture, of those that were lacking. */
  readonly onDrawn: (done: number, total: number) => Promise<void>;
}

/**
 * Draws those of a run's prior pictures that its folder lacks (Ruiz et al. 2023, section 3.2). Each has a seed of its
 * own, so that they are the same however often the drawing was stopped.
 *
 * @throws the signal's reason where it is aborted
 */
export async function drawPriorPictures(
  plan: TrainPlan,
  { concept, folder, sizes, signal, onDrawn }: PriorPictures,
): Promise<void> {
  await createFolder(folder);
  await removeTemporaryFiles(folder);
  const there = await namesIn(folder);
  const missing = Array.from({ length: concept.priorCount ?? 0 }, (_, i) => i).filter(
    (i) => !there.includes(fileName(i)),
  );
  let done = 0;
  for (const [turn, size] of sizes.entries()) {
    const ofSize = missing.filter((i) => i % sizes.length === turn);
    for (let first = 0; first < ofSize.length; first += together) {
      const numbers = ofSize.slice(first, first + together);
      const pictures = await draw(plan, numbers, { concept, size, signal });
      for (const [at, picture] of pictures.entries()) {
        await writeFileAtomic(
          join(folder, fileName(required(numbers, at))),
          await encodePng(picture),
        );
        done += 1;
        await onDrawn(done, missing.length);
      }
    }
  }
}

async function draw(
  { base, config }: TrainPlan,
  numbers: readonly number[],
  { concept, ...options }: Pick<TextToImage, 'size' | 'signal'> & Pick<PriorPictures, 'concept'>,
): Promise<Image[]> {
  return await textToImage(base, {
    prompt: withSubject(concept.prompt, concept.className),
    syntax: config.promptSyntax,
    seeds: numbers.map((i) => config.seed + i),
    ...drawingSettings(base),
    ...options,
  });
}

function fileName(i: number): string {
  return `${String(i).padStart(6, '0')}.png`;
}
