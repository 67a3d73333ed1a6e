/** @file All pictures of a run: of its subjects, of their classes, and those held out. */
import { DataError } from '../../base/errors.ts';
import { required } from '../../base/required.ts';
import { TorchGenerator } from '../../base/torch-random.ts';
import { sameSize } from '../../data/cover.ts';
import { join } from '../../platform/paths.ts';
import { requireMasks } from '../masks/cut-masks.ts';
import { maskSourceOf } from '../masks/loss-mask.ts';
import { settingPlace } from '../settings/concept-settings.ts';
import type { TrainPlan } from '../training-plan.ts';
import {
  type FramedPicture,
  type LoadedPictures,
  type LoadOptions,
  loadPictures,
} from './dataset.ts';
import { countSizes, type SizeCount } from './picture-sizes.ts';
import { requireCaptions } from './picture-warnings.ts';

/** Pictures of the subject and, with prior preservation, of its class. */
export interface Pictures {
  readonly subject: LoadedPictures;
  readonly prior: LoadedPictures | undefined;
  /** Of subjects too, each by itself: the loss is measured on them, and nothing learned. */
  readonly heldOut: readonly HeldOutPictures[];
}

/** Held-out pictures of one subject. */
export interface HeldOutPictures extends LoadedPictures {
  readonly concept: number;
}

/** Reads the pictures of a run. */
export async function loadAll({ config, concepts, sizes }: TrainPlan): Promise<Pictures> {
  const { captionLines, maskImages } = config;
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
  const alone = together(named(subjects, concepts));
  const subject = {
    ...alone,
    warnings: [...alone.warnings, ...sharedPictures(subjects, concepts)],
  };
  const found = sizesOf(subject);
  const priors: LoadedPictures[] = [];
  for (const [concept, each] of concepts.entries()) {
    if (each.priorImages === undefined) continue;
    const own = { captions: each.captions, captionLines, repeats: each.repeats };
    priors.push(await loadPrior(each.priorImages, { ...own, sizes: found, concept }));
  }
  const heldOut: HeldOutPictures[] = [];
  for (const [concept, each] of concepts.entries()) {
    if (each.validationImages === undefined) continue;
    const own = { captions: each.captions, captionLines, repeats: each.repeats };
    const options = { ...own, sizes: found, concept, masks: source && { source } };
    heldOut.push({ ...(await loadHeldOut(each.validationImages, subject, options)), concept });
  }
  return {
    subject,
    prior: priors.length === 0 ? undefined : together(priors),
    heldOut,
  };
}

/** Pictures of several folders as those of one. */
export function together(several: readonly LoadedPictures[]): LoadedPictures {
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

/** What is said of pictures that are those of two subjects. */
function sharedPictures(
  several: readonly LoadedPictures[],
  concepts: TrainPlan['concepts'],
): readonly string[] {
  return several.flatMap(({ pictures }, i) =>
    several.slice(0, i).flatMap((earlier, other) => {
      const shared = pictures.filter((each) =>
        earlier.pictures.some((picture) => isSamePicture(picture, each)),
      );
      if (shared.length === 0) return [];
      const [of, and] = [required(concepts, i).phrase, required(concepts, other).phrase];
      return `${of}: ${shared.length} of its ${pictures.length} pictures are those of ${and} too; nothing but captions, prompts or masks tells the two apart`;
    }),
  );
}

/** Pictures of the class, some of every size: all of them are cut to a size that is the nearest of none. */
export async function loadPrior(folder: string, options: LoadOptions): Promise<LoadedPictures> {
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
  options: LoadOptions & { readonly concept: number },
): Promise<LoadedPictures> {
  const heldOut = await loadPictures(folder, options);
  if (options.captions) requireCaptions(folder, heldOut.pictures);
  for (const { name, crop } of heldOut.pictures) {
    const same = subject.pictures.find((each) => isSamePicture(each, { crop }));
    if (same === undefined) continue;
    throw new DataError(
      'HELD_OUT_TRAINED',
      `${settingPlace(options.concept)}validationImages: ${join(folder, name)} is ${same.name} of the pictures that are trained on; the loss says something of others alone, so take it out of one of the two folders`,
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
    ...heldOut.map((each) => ({ of: `${settingPlace(each.concept)}held-out pictures: `, ...each })),
  ];
  return {
    skipped: remarks.flatMap(({ of, skipped }) =>
      skipped.map(({ name, reason }) => ({ name, reason: `${of}${reason}` })),
    ),
    warnings: remarks.flatMap(({ of, warnings }) => warnings.map((warning) => `${of}${warning}`)),
  };
}

export function sizesOf({ pictures }: LoadedPictures): readonly SizeCount[] {
  return countSizes(pictures.map(({ crop }) => crop));
}
