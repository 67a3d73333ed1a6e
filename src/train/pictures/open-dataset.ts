/** @file The encoded dataset of a run: from its folder, or computed from the pictures and kept there. */
import { DataError, FormatError } from '../../base/errors.ts';
import { shortened } from '../../base/messages/shortened.ts';
import { required } from '../../base/required.ts';
import { withSubject } from '../../base/subject-template.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { sameSize } from '../../data/cover.ts';
import { encodeSafetensors } from '../../formats/safetensors/safetensors.ts';
import { weightsFingerprint } from '../../pipeline/base/weights-fingerprint.ts';
import { withNewTokens } from '../../pipeline/text/new-tokens.ts';
import { adaptsTexts } from '../../pipeline/text/text-network.ts';
import { tokenize } from '../../pipeline/text/tokenized-prompt.ts';
import { createHash } from '../../platform/hashes.ts';
import { basename, join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { createFolder, namesIn } from '../../storage/files/folders.ts';
import { openSafetensors } from '../../storage/weights/safetensors-file.ts';
import type { CountedPhase, TrainEvent } from '../events.ts';
import { priorFolder, type RunPaths } from '../folder/run-folder.ts';
import { requireMasks } from '../masks/cut-masks.ts';
import { maskSourceOf } from '../masks/loss-mask.ts';
import type { TrainConfig } from '../train-options.ts';
import type { TrainPlan } from '../training-plan.ts';
import { pictureTexts } from '../variations/picture-texts.ts';
import {
  type Dataset,
  type Described,
  distinctPrompts,
  encodeConcept,
  encodePrompts,
  type FramedPicture,
  type LoadedPictures,
  type LoadOptions,
  loadPictures,
} from './dataset.ts';
import { brokenDataset, datasetOf, datasetTensors } from './dataset-file.ts';
import { fittingDataset } from './fitting-dataset.ts';
import { countSizes, type SizeCount } from './picture-sizes.ts';
import { requireCaptions } from './picture-warnings.ts';
import { drawPriorPictures } from './prior-pictures.ts';
import { formOf, type TextForm } from './text-form.ts';

/** Pictures of the subject and, with prior preservation, of its class. */
export interface Pictures {
  readonly subject: LoadedPictures;
  readonly prior: LoadedPictures | undefined;
  /** Of the subject too: the loss is measured on them, and nothing learned. */
  readonly heldOut: LoadedPictures | undefined;
}

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

interface DescribedPictures {
  readonly subject: Described;
  readonly prior: Described | undefined;
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

/**
 * The form of a run's texts, before anything of it is written.
 *
 * @throws ConfigError as tokenize, naming the picture
 */
export function textFormOf(plan: TrainPlan, pictures: Omit<Pictures, 'heldOut'>): TextForm {
  const { base, config, placed, concepts } = plan;
  const known = withNewTokens(base, [{ placed }]);
  const { promptSyntax: syntax } = config;
  const { subject, prior } = describe(plan, pictures);
  const texts = [subject, ...(prior === undefined ? [] : [prior])].flatMap((each) =>
    each.pictures.flatMap(({ name, captions }, i) => {
      const where = captions.length === 0 ? 'prompt' : `the caption of ${name}`;
      const prompts = required(each.prompts, i);
      return prompts.map((prompt) => tokenize(known, prompt, { syntax, where }));
    }),
  );
  const drawn = concepts.flatMap(({ prompt, className, priorCount }) =>
    priorCount === undefined ? [] : [tokenize(known, withSubject(prompt, className), { syntax })],
  );
  return formOf([...texts, ...drawn]);
}

/** A picture's prompts are its captions, or else its subject's prompt, with the subject or its class filled in. */
export function describe(
  { config, concepts }: Pick<TrainPlan, 'config' | 'concepts'>,
  { subject, prior }: Omit<Pictures, 'heldOut'>,
): DescribedPictures {
  const describedBy = (
    name: 'phrase' | 'className',
    { pictures }: LoadedPictures,
    { shuffleTags }: Pick<TrainConfig, 'shuffleTags'>,
  ) => {
    const own = pictures.map(({ concept }) => required(concepts, concept));
    const captions = pictures.map((picture, i) =>
      picture.captions.length === 0 ? [required(own, i).prompt] : picture.captions,
    );
    const texts = pictureTexts(captions, { ...config, shuffleTags });
    const prompts = texts.map((each, i) =>
      each.map((text) => withSubject(text, required(own, i)[name])),
    );
    return { pictures, prompts };
  };
  return {
    subject: {
      ...describedBy('phrase', subject, config),
      mayBeEmpty: config.captionDropout > 0,
    },
    prior: prior && {
      ...describedBy('className', prior, { shuffleTags: undefined }),
      mayBeEmpty: false,
    },
  };
}

/** Reads the pictures of a run. */
export async function loadAll({ config, concepts, sizes }: TrainPlan): Promise<Pictures> {
  const { validationImages, captions, captionLines, repeats, maskImages } = config;
  const source = maskSourceOf(config);
  const { flip, randomCrops, seed } = config;
  const views = { flip, randomCrops, generator: new TorchGenerator(seed) };
  // The folder of masks is of the first subject's pictures; those of others lie beside theirs.
  const masksOf = (concept: number) =>
    source && { source, folder: concept === 0 ? maskImages : undefined };
  const subjects: LoadedPictures[] = [];
  for (const [concept, each] of concepts.entries()) {
    const own = { captions: each.captions, captionLines, repeats: each.repeats };
    const masks = masksOf(concept);
    const found = await loadPictures(each.images, { ...own, sizes, masks, views, concept });
    if (each.captions) requireCaptions(each.images, found.pictures);
    if (source !== undefined) requireMasks(each.images, found.pictures, source);
    subjects.push(found);
  }
  const subject = together(named(subjects, concepts));
  const found = sizesOf(subject);
  const priors: LoadedPictures[] = [];
  for (const [concept, each] of concepts.entries()) {
    if (each.priorImages === undefined) continue;
    const own = { captions: each.captions, captionLines, repeats: each.repeats };
    priors.push(await loadPrior(each.priorImages, { ...own, sizes: found, concept }));
  }
  const options = { captions, captionLines, repeats, sizes: found, concept: 0 };
  return {
    subject,
    prior: priors.length === 0 ? undefined : together(priors),
    heldOut:
      validationImages === undefined
        ? undefined
        : await loadHeldOut(validationImages, subject, { ...options, masks: source && { source } }),
  };
}

/** Pictures of several folders as those of one. */
function together(several: readonly LoadedPictures[]): LoadedPictures {
  return {
    pictures: several.flatMap(({ pictures }) => pictures),
    skipped: several.flatMap(({ skipped }) => skipped),
    warnings: several.flatMap(({ warnings }) => warnings),
  };
}

/** With remarks that say which subject they are about, where there are several. */
function named(
  several: readonly LoadedPictures[],
  concepts: TrainPlan['concepts'],
): readonly LoadedPictures[] {
  if (several.length === 1) return several;
  return several.map(({ pictures, skipped, warnings }, i) => {
    const of = `${required(concepts, i).phrase}: `;
    return {
      pictures,
      skipped: skipped.map(({ name, reason }) => ({ name, reason: `${of}${reason}` })),
      warnings: warnings.map((warning) => `${of}${warning}`),
    };
  });
}

/** Pictures of the class, some of every size: all of them are cut to a size that is the nearest of none. */
async function loadPrior(folder: string, options: LoadOptions): Promise<LoadedPictures> {
  const nearest = await loadPictures(folder, options);
  const found = sizesOf(nearest);
  const pictures = [...nearest.pictures];
  for (const size of options.sizes) {
    if (found.some((each) => sameSize(each, size))) continue;
    pictures.push(...(await loadPictures(folder, { ...options, sizes: [size] })).pictures);
  }
  return { ...nearest, pictures };
}

/** @throws DataError HELD_OUT_TRAINED where one of them is trained on too */
async function loadHeldOut(
  folder: string,
  subject: LoadedPictures,
  options: LoadOptions,
): Promise<LoadedPictures> {
  const heldOut = await loadPictures(folder, options);
  if (options.captions) requireCaptions(folder, heldOut.pictures);
  for (const { name, crop } of heldOut.pictures) {
    const same = subject.pictures.find((each) => isSamePicture(each, { crop }));
    if (same === undefined) continue;
    throw new DataError(
      'HELD_OUT_TRAINED',
      `validationImages: ${join(folder, name)} is ${same.name} of the pictures that are trained on; the loss says something of others alone, so take it out of one of the two folders`,
    );
  }
  return heldOut;
}

function isSamePicture(
  { crop: a }: Pick<FramedPicture, 'crop'>,
  { crop: b }: Pick<FramedPicture, 'crop'>,
): boolean {
  return sameSize(a, b) && a.data.every((value, i) => value === b.data[i]);
}

/** What the folders hold besides, and what is strange about their pictures. */
export function remarksOn({
  subject,
  prior,
  heldOut,
}: Pictures): Pick<LoadedPictures, 'skipped' | 'warnings'> {
  const remarks = [
    { of: '', ...subject },
    ...(prior === undefined ? [] : [{ of: 'pictures of the class: ', ...prior }]),
    ...(heldOut === undefined ? [] : [{ of: 'held-out pictures: ', ...heldOut }]),
  ];
  return {
    skipped: remarks.flatMap(({ of, skipped }) =>
      skipped.map(({ name, reason }) => ({ name, reason: `${of}${reason}` })),
    ),
    warnings: remarks.flatMap(({ of, warnings }) => warnings.map((warning) => `${of}${warning}`)),
  };
}

function sizesOf({ pictures }: LoadedPictures): readonly SizeCount[] {
  return countSizes(pictures.map(({ crop }) => crop));
}
