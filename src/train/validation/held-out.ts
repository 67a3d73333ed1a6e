/** @file Held-out pictures of a run, encoded: kept beside its dataset, which they are no part of. */
import { ConfigError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import { adaptsTexts } from '../../pipeline/text/text-network.ts';
import { basename } from '../../platform/paths.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { validationFile } from '../folder/run-folder.ts';
import type { Concept } from '../pictures/dataset.ts';
import { type DatasetSource, encodeDataset, keptDataset } from '../pictures/open-dataset.ts';
import { type HeldOutPictures, loadAll, type Pictures } from '../pictures/run-pictures.ts';
import { settingPlace } from '../settings/concept-settings.ts';
import { describe, textFormOf } from '../texts/described-pictures.ts';
import type { TextForm } from '../texts/text-form.ts';
import type { TrainPlan } from '../training-plan.ts';

/**
 * Refuses texts of held-out pictures that the step program, which is made for those of the training, would not take.
 *
 * @throws ConfigError HELD_OUT_TEXT
 */
export function requireHeldOutTexts(plan: TrainPlan, pictures: Pictures, trained: TextForm): void {
  for (const heldOut of pictures.heldOut) requireTexts(plan, heldOut, trained);
}

function requireTexts(plan: TrainPlan, heldOut: HeldOutPictures, trained: TextForm): void {
  const config = { ...unvaried(plan).config, priorCount: undefined, concept: undefined };
  const concepts = plan.concepts.map((each) => ({ ...each, priorCount: undefined }));
  const own = textFormOf({ ...plan, config, concepts }, { subject: heldOut, prior: undefined });
  const isLonger = own.chunks > trained.chunks;
  // Encoded once, texts have their weights in them.
  const isWeighted = own.isWeighted && !trained.isWeighted && adaptsTexts(plan.placed);
  if (!isLonger && !isWeighted) return;
  const { concept } = heldOut;
  const { validationImages } = required(concepts, concept);
  throw new ConfigError(
    'HELD_OUT_TEXT',
    `${settingPlace(concept)}validationImages: ${validationImages} has texts ${isLonger ? `of ${own.chunks} chunks` : 'with weights'}, and a step is made for those of the training, ${isLonger ? `of ${trained.chunks}` : 'which have none'}; ${isLonger ? 'shorten its captions' : 'leave the weights out'}`,
  );
}

/** What is measured is always the same, with the same texts. */
function unvaried(plan: TrainPlan): TrainPlan {
  return { ...plan, config: { ...plan.config, captionDropout: 0, shuffleTags: undefined } };
}

/** Held-out pictures of a subject, encoded. */
export interface HeldOut extends Concept {
  /** The phrase of the subject. */
  readonly subject: string;
}

/** Of every subject that has some, and what was strange about their texts. */
interface OpenedHeldOut {
  readonly heldOut: readonly HeldOut[];
  readonly warnings: readonly string[];
}

/**
 * The held-out pictures of a run.
 *
 * @throws DataError DATASET_BROKEN where a file is not what this run has encoded
 */
export async function openHeldOut(
  plan: TrainPlan,
  { paths, pictures, report }: DatasetSource,
  { chunks: leastChunks }: TextForm,
): Promise<OpenedHeldOut> {
  const kept = await namesIn(paths.folder);
  let loaded = pictures;
  const heldOut: HeldOut[] = [];
  const warnings: string[] = [];
  for (const [concept, { validationImages, phrase }] of plan.concepts.entries()) {
    if (validationImages === undefined) continue;
    const path = validationFile(paths, concept);
    if (kept.includes(basename(path))) {
      const { priorImages: _, priorCount: __, concept: ___, ...config } = plan.config;
      const { subject } = await keptDataset({ ...plan, config }, path);
      heldOut.push({ ...subject, subject: phrase });
      continue;
    }
    loaded ??= await loadAll(plan);
    const own = loaded.heldOut.find((each) => each.concept === concept);
    if (own === undefined) continue;
    const described = describe(unvaried(plan), { subject: own, prior: undefined });
    const encoded = await encodeDataset(plan, described, { path, leastChunks, report });
    heldOut.push({ ...encoded.dataset.subject, subject: phrase });
    warnings.push(...encoded.warnings);
  }
  return { heldOut, warnings };
}
