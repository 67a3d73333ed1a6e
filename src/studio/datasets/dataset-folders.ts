/** @file Where the pictures of a data set lie: in the work folder, or bundled with the package. */
import { ConfigError } from '../../base/errors.ts';
import { type PocketSubject, pocketSubjects } from '../../data/pocket.ts';
import { join } from '../../platform/paths.ts';
import { folderEntries } from '../../storage/files/folder-entries.ts';
import { notHere } from '../work/not-here.ts';
import type { WorkFolder } from '../work/work-folder.ts';

export interface DatasetFolder {
  readonly id: string;
  readonly folder: string;
  /** Of those that came with the package, and cannot be changed. */
  readonly bundled?: PocketSubject;
}

const bundledStart = 'pocket-';

/** Every data set: the own ones by the names of their folders, then the bundled subjects. */
export async function datasetFolders(work: WorkFolder): Promise<readonly DatasetFolder[]> {
  const entries = await folderEntries(work.datasets).catch(() => []);
  const own = entries
    .filter(({ name, isFolder, isUtf8 }) => isFolder && isUtf8 && !name.startsWith('.'))
    .map(({ name }) => ({ id: name, folder: join(work.datasets, name) }));
  const bundled = (await pocketSubjects()).map((subject) => ({
    ...{ id: bundledStart + subject.name, folder: subject.folder, bundled: subject },
  }));
  return [...own, ...bundled];
}

/** The data set of an id. @throws ConfigError NOT_HERE */
export async function datasetFolder(work: WorkFolder, id: string): Promise<DatasetFolder> {
  const found = (await datasetFolders(work)).find((each) => each.id === id);
  if (found === undefined) throw notHere('data set', id);
  return found;
}

/** The same of one that may be changed. @throws ConfigError NOT_HERE, DATASET_BUNDLED */
export async function ownDatasetFolder(work: WorkFolder, id: string): Promise<DatasetFolder> {
  const found = await datasetFolder(work, id);
  if (found.bundled === undefined) return found;
  throw new ConfigError(
    'DATASET_BUNDLED',
    `${id} came with the package, and stays as it is; make a copy to change`,
  );
}
