/** @file Held-out pictures of a run, encoded: kept beside its dataset, which they are no part of. */
import { ConfigError } from '../../base/errors.ts';
import { adaptsTexts } from '../../pipeline/text/text-network.ts';
import { basename } from '../../platform/paths.ts';
import { namesIn } from '../../storage/files/folders.ts';
import type { Concept } from '../pictures/dataset.ts';
import { type DatasetSource, encodeDataset, keptDataset } from '../pictures/open-dataset.ts';
import { loadAll, type Pictures } from '../pictures/run-pictures.ts';
import { describe, textFormOf } from '../texts/described-pictures.ts';
import type { TextForm } from '../texts/text-form.ts';
import type { TrainPlan } from '../training-plan.ts';

/**
 * Refuses texts of held-out pictures that the step program, which is made for those of the training, would not take.
 *
 * @throws ConfigError HELD_OUT_TEXT
 */
export function requireHeldOutTexts(plan: TrainPlan, pictures: Pictures, trained: TextForm): void {
  if (pictures.heldOut === undefined) return;
  const config = { ...unvaried(plan).config, priorCount: undefined, concept: undefined };
  const concepts = plan.concepts.map((each) => ({ ...each, priorCount: undefined }));
  const own = textFormOf(
    { ...plan, config, concepts },
    { subject: pictures.heldOut, prior: undefined },
  );
  const isLonger = own.chunks > trained.chunks;
  // Encoded once, texts have their weights in them.
  const isWeighted = own.isWeighted && !trained.isWeighted && adaptsTexts(plan.placed);
  if (!isLonger && !isWeighted) return;
  throw new ConfigError(
    'HELD_OUT_TEXT',
    `validationImages: ${plan.config.validationImages} has texts ${isLonger ? `of ${own.chunks} chunks` : 'with weights'}, and a step is made for those of the training, ${isLonger ? `of ${trained.chunks}` : 'which have none'}; ${isLonger ? 'shorten its captions' : 'leave the weights out'}`,
  );
}

/** What is measured is always the same, with the same texts. */
function unvaried(plan: TrainPlan): TrainPlan {
  return { ...plan, config: { ...plan.config, captionDropout: 0, shuffleTags: undefined } };
}

/**
 * The held-out pictures where the run has any, and what was strange about their texts.
 *
 * @throws DataError DATASET_BROKEN where the file is not what this run has encoded
 */
export async function openHeldOut(
  plan: TrainPlan,
  { paths, pictures, report }: DatasetSource,
  { chunks: leastChunks }: TextForm,
): Promise<{ readonly heldOut: Concept | undefined; readonly warnings: readonly string[] }> {
  if (plan.config.validationImages === undefined) return { heldOut: undefined, warnings: [] };
  const path = paths.validation;
  if ((await namesIn(paths.folder)).includes(basename(path))) {
    const { priorImages: _, priorCount: __, concept: ___, ...config } = plan.config;
    const { subject: heldOut } = await keptDataset({ ...plan, config }, path);
    return { heldOut, warnings: [] };
  }
  const { heldOut } = pictures ?? (await loadAll(plan));
  if (heldOut === undefined) return { heldOut, warnings: [] };
  const described = describe(unvaried(plan), { subject: heldOut, prior: undefined });
  const { dataset, warnings } = await encodeDataset(plan, described, { path, leastChunks, report });
  return { heldOut: dataset.subject, warnings };
}
