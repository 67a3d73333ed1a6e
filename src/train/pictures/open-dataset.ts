/** @file The encoded dataset of a run: from its folder, or computed from the pictures and kept there. */
import { FormatError } from '../../base/errors.ts';
import { shortened } from '../../base/messages/shortened.ts';
import { required } from '../../base/required.ts';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { weightsFingerprint } from '../../pipeline/base/weights-fingerprint.ts';
import { adaptsTexts } from '../../pipeline/text/text-network.ts';
import { createHash } from '../../platform/hashes.ts';
import { basename, join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { createFolder, namesIn } from '../../storage/files/folders.ts';
import { openSafetensors } from '../../storage/weights/safetensors-file.ts';
import type { CountedPhase, TrainEvent } from '../events.ts';
import { priorFolder, type RunPaths } from '../folder/run-folder.ts';
import { type DescribedPictures, describe } from '../texts/described-pictures.ts';
import type { TrainPlan } from '../training-plan.ts';
import {
  type Dataset,
  distinctPrompts,
  encodeConcept,
  encodePrompts,
  type LoadedPictures,
} from './dataset.ts';
import { brokenDataset, datasetOf, datasetTensors } from './dataset-file.ts';
import { fittingDataset } from './fitting-dataset.ts';
import { drawPriorPictures } from './prior-pictures.ts';
import { loadAll, loadPrior, type Pictures, sizesOf, together } from './run-pictures.ts';

export interface DatasetSource {
  readonly paths: RunPaths;
  /** Where they are loaded already. */
  readonly pictures: Pictures | undefined;
  readonly report: (event: TrainEvent) => Promise<void>;
  readonly signal: AbortSignal | undefined;
  /** Where runs keep what others may encode too. */
  readonly encodedFolder: string | undefined;
}

/**
 * The encoded dataset: from the run folder where it is there, else computed and kept there.
 *
 * @throws the signal's reason where it is aborted while pictures of the class are drawn
 * @throws DataError DATASET_BROKEN where the file is not what this run has encoded
 */
export async function openDataset(
  plan: TrainPlan,
  source: DatasetSource,
): Promise<{ readonly dataset: Dataset; readonly warnings: readonly string[] }> {
  const { paths, encodedFolder } = source;
  const names = await namesIn(paths.folder);
  if (names.includes('dataset.safetensors')) {
    return { dataset: await keptDataset(plan, paths.dataset), warnings: [] };
  }
  const described = describe(plan, await allPictures(plan, source));
  const place = { path: paths.dataset, leastChunks: 1, report: source.report };
  if (encodedFolder === undefined) return await encodeDataset(plan, described, place);
  await createFolder(encodedFolder);
  const shared = join(encodedFolder, `${await datasetKey(plan, described)}.safetensors`);
  if ((await namesIn(encodedFolder)).includes(basename(shared))) {
    const dataset = await keptDataset(plan, shared);
    await writeFileAtomic(paths.dataset, await readBytes(shared));
    return { dataset, warnings: [] };
  }
  const encoded = await encodeDataset(plan, described, place);
  await writeFileAtomic(shared, await readBytes(paths.dataset));
  return encoded;
}

/** A dataset that was encoded before. */
export async function keptDataset(plan: TrainPlan, path: string): Promise<Dataset> {
  try {
    const tensors = await (await openSafetensors(path)).readAll();
    return fittingDataset(datasetOf(tensors, path), plan, path);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw brokenDataset(path, 'it is no sound safetensors file', { cause });
  }
}

interface EncodedPlace extends Pick<DatasetSource, 'report'> {
  readonly path: string;
  /** That texts are filled up to, however short they are. */
  readonly leastChunks: number;
}

/** Encodes pictures and texts, and keeps them. */
export async function encodeDataset(
  plan: TrainPlan,
  { subject, prior }: DescribedPictures,
  { path, leastChunks, report }: EncodedPlace,
): Promise<{ readonly dataset: Dataset; readonly warnings: readonly string[] }> {
  const { base } = plan;
  await report({ type: 'phase', phase: 'encoding texts' });
  const prompts = distinctPrompts(prior === undefined ? [subject] : [subject, prior]);
  const count = (phase: CountedPhase, total: number) => {
    let done = 0;
    return async () => await report({ type: 'progress', phase, done: ++done, total });
  };
  const encoded = await encodePrompts(base, prompts, {
    placed: plan.placed,
    syntax: plan.config.promptSyntax,
    leastChunks,
    onEncoded: count('encoding texts', prompts.length),
  });
  await report({ type: 'phase', phase: 'encoding pictures' });
  const pictures = subject.pictures.length + (prior?.pictures.length ?? 0);
  const context = { encoded, onEncoded: count('encoding pictures', pictures) };
  const dataset: Dataset = {
    subject: await encodeConcept(base, subject, context),
    prior: prior === undefined ? undefined : await encodeConcept(base, prior, context),
  };
  await writeFileAtomic(path, encodeSafetensors(datasetTensors(dataset)));
  const warnings = encoded.truncated.map(
    (rest) => `the prompt is too long; the model does not see "${shortened(rest, 200)}"`,
  );
  return { dataset, warnings };
}

/** Hash of all that decides what pictures and prompts are encoded to. */
async function datasetKey(
  { base, placed, config }: TrainPlan,
  { subject, prior }: DescribedPictures,
): Promise<string> {
  const { name, device, textEncoders, vae, clipSkip = 1 } = base;
  const { promptSyntax: syntax } = config;
  const parts = [vae, ...textEncoders].map(({ weights }) => weightsFingerprint(weights));
  const texts = adaptsTexts(placed) ? ['tokens', newTokensOf(placed)] : ['states'];
  const hash = createHash('sha256');
  hash.update(JSON.stringify([name, device, await Promise.all(parts), texts]));
  // What earlier versions encoded keeps its key.
  if (syntax !== 'plain' || clipSkip !== 1) hash.update(JSON.stringify([syntax, clipSkip]));
  for (const described of [subject, ...(prior === undefined ? [] : [prior])]) {
    for (const [i, { others, repeats, ...first }] of described.pictures.entries()) {
      const [prompt, ...more] = required(described.prompts, i);
      for (const { crop, framing, mask } of [first, ...others]) {
        hash.update(JSON.stringify([prompt, framing, repeats, ...more])).update(crop.data);
        if (mask !== undefined) hash.update('mask').update(mask.data);
      }
    }
    if (described.mayBeEmpty) hash.update('and no text');
    hash.update('end of the pictures of one kind');
  }
  return hash.digest('hex').slice(0, 32);
}

function newTokensOf(placed: TrainPlan['placed']) {
  return placed.flatMap(({ adapter }) => adapter.newTokens);
}

/** The pictures of the run's folders, and those of classes that have to be drawn. */
async function allPictures(
  plan: TrainPlan,
  { paths, pictures, report, signal }: DatasetSource,
): Promise<Omit<Pictures, 'heldOut'>> {
  const { subject, prior } = pictures ?? (await loadAll(plan));
  const drawn: LoadedPictures[] = [];
  for (const [i, concept] of plan.concepts.entries()) {
    if (concept.priorCount === undefined) continue;
    const phase = 'drawing pictures of the class';
    await report({ type: 'phase', phase });
    const sizes = sizesOf(subject);
    const folder = priorFolder(paths, i);
    await drawPriorPictures(plan, {
      ...{ concept, folder, sizes, signal },
      onDrawn: (done, total) => report({ type: 'progress', phase, done, total }),
    });
    drawn.push(await loadPrior(folder, { captions: false, repeats: 1, sizes, concept: i }));
  }
  if (drawn.length === 0) return { subject, prior };
  return { subject, prior: together(prior === undefined ? drawn : [prior, ...drawn]) };
}
