/** @file Where the pictures of a training lie, of all its settings that name a folder of them. */
import { picturesFolder } from '../../data/pocket.ts';
import { resolve } from '../../platform/paths.ts';
import type { TrainConfig } from '../train-options.ts';

/** Settings of a training that name a folder of pictures. */
const ofTraining = ['images', 'priorImages', 'maskImages', 'validationImages'] as const;

/** Those of each further subject. */
const ofConcept = ['images', 'priorImages'] as const;

function withFolders<Settings, Name extends keyof Settings & string>(
  settings: Settings,
  names: readonly Name[],
  folderOf: (path: string) => string,
): Settings {
  const named = names.flatMap((name) => {
    const path = settings[name];
    return typeof path === 'string' ? [[name, folderOf(path)] as const] : [];
  });
  return { ...settings, ...Object.fromEntries(named) };
}

function withAllFolders(config: TrainConfig, folderOf: (path: string) => string): TrainConfig {
  const { concept } = config;
  const own = withFolders(config, ofTraining, folderOf);
  if (concept === undefined) return own;
  return { ...own, concept: concept.map((each) => withFolders(each, ofConcept, folderOf)) };
}

/** With the folders that the names of bundled subjects stand for. */
export async function withBundledFolders(config: TrainConfig): Promise<TrainConfig> {
  const found = new Map<string, string>();
  for (const path of foldersIn(config)) found.set(path, await picturesFolder(path));
  return withAllFolders(config, (path) => found.get(path) ?? path);
}

/** With paths that lead to them from anywhere. */
export function withResolvedFolders(config: TrainConfig): TrainConfig {
  return withAllFolders(config, resolve);
}

function foldersIn(config: TrainConfig): readonly string[] {
  const folders: string[] = [];
  withAllFolders(config, (path) => {
    folders.push(path);
    return path;
  });
  return folders;
}
