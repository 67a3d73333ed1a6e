/** @file Where the pictures of a draft lie, and where its run would; what is wrong with either. */
import { KronaError } from '../../base/errors.ts';
import { isPictureName } from '../../data/skip-reason.ts';
import { join } from '../../platform/paths.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { datasetFolder } from '../datasets/dataset-folders.ts';
import type { Problem } from '../interface/form-operations.ts';
import { runNameError, takenRunNames } from '../queue/run-name.ts';
import { failureOf } from '../work/failure-of.ts';
import type { WorkFolder } from '../work/work-folder.ts';

export interface FoundPictures {
  /** As the command takes them. */
  readonly images: string;
  readonly problem: Problem | undefined;
}

/** The pictures of a data set by its id. */
export async function foundPictures(id: unknown, work: WorkFolder): Promise<FoundPictures> {
  const about = { key: 'images', isBlocking: true };
  const nowhere = join(work.datasets, 'PICTURES');
  if (typeof id !== 'string' || id === '') {
    const message = 'choose the pictures to learn from';
    return { images: nowhere, problem: { code: 'IMAGES_MISSING', message, ...about } };
  }
  try {
    const { folder, bundled } = await datasetFolder(work, id);
    const images = bundled === undefined ? folder : `pocket/${bundled.name}`;
    if ((await namesIn(folder)).some(isPictureName)) return { images, problem: undefined };
    const message = 'there are no pictures in this set yet; add some';
    return { images, problem: { code: 'NO_IMAGES', message, ...about } };
  } catch (error) {
    if (!(error instanceof KronaError)) throw error;
    return { images: nowhere, problem: { ...failureOf(error), ...about } };
  }
}

/** What is wrong with a name for a run; it is part of the setting `out`. */
export async function nameProblem(
  name: string | undefined,
  work: WorkFolder,
): Promise<Problem | undefined> {
  if (name === undefined) return undefined;
  const error = runNameError(name.normalize('NFC'), await takenRunNames(work));
  return error && { ...failureOf(error), key: 'out', isBlocking: true };
}
