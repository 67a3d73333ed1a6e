/** @file Where the pictures of a training lie, of all its settings that name a folder of them. */
import { picturesFolder } from '../../data/pocket.ts';
import { resolve } from '../../platform/paths.ts';
import type { TrainConfig } from '../train-options.ts';

/** Settings of a training that name a folder of pictures. */
const ofTraining = ['images', 'priorImages', 'maskImages', 'validationImages'] as const;

/** Those of each further subject. */
const ofConcept = ['images', 'priorImages', 'validationImages'] as const;

type FolderOf = (path: string) => string | Promise<string>;

async function withFolders<Settings extends object, Name extends keyof Settings & string>(
  settings: Settings,
  names: readonly Name[],
  folderOf: FolderOf,
): Promise<Settings> {
  const found = { ...settings };
  for (const name of names) {
    const path = settings[name];
    if (typeof path === 'string') Object.assign(found, { [name]: await folderOf(path) });
  }
  return found;
}

async function withAllFolders(config: TrainConfig, folderOf: FolderOf): Promise<TrainConfig> {
  const own = await withFolders(config, ofTraining, folderOf);
  if (config.concept === undefined) return own;
  const further = config.concept.map((each) => withFolders(each, ofConcept, folderOf));
  return { ...own, concept: await Promise.all(further) };
}

/** With the folders that the names of bundled subjects stand for. */
export async function withBundledFolders(config: TrainConfig): Promise<TrainConfig> {
  return await withAllFolders(config, picturesFolder);
}

/** With paths that lead to them from anywhere. */
export async function withResolvedFolders(config: TrainConfig): Promise<TrainConfig> {
  return await withAllFolders(config, resolve);
}
