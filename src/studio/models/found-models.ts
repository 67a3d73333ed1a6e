/** @file Models on this machine that a page may choose, by ids: those in `models` of the work folder, and in the folders that the command was given. */
import { KronaError } from '../../base/errors.ts';
import { isCheckpoint } from '../../models/single-file/kinds.ts';
import { realpath } from '../../platform/files.ts';
import { basename, join } from '../../platform/paths.ts';
import { folderEntries } from '../../storage/files/folder-entries.ts';
import { kindOfPath } from '../../storage/path-kind.ts';
import { isTensorFileName, openTensorFile } from '../../storage/weights/tensor-file.ts';
import type { FoundModel } from '../interface/machine-operations.ts';
import { listedId } from '../work/listed-id.ts';
import { notHere } from '../work/not-here.ts';
import { isPageModel } from '../work/page-settings.ts';

/** A model with the path that settings name it by, which no page sees. */
export interface ModelPlace extends FoundModel {
  readonly path: string;
}

export class FoundModels {
  readonly #folders: readonly string[];

  /** @param folders where models lie, each a folder or a file of its own, not deeper */
  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** By name. What cannot be read is left out. */
  async list(): Promise<readonly ModelPlace[]> {
    const found = await Promise.all(this.#folders.map(modelsIn));
    return found.flat().sort((a, b) => a.name.localeCompare(b.name));
  }

  /**
   * What settings call a model that a page names: the bundled one, one of the hub, or the id of one that is here.
   *
   * @throws ConfigError NOT_HERE
   */
  async nameOf(asked: string): Promise<string> {
    if (await isPageModel(asked)) return asked;
    const model = (await this.list()).find(({ id }) => id === asked);
    if (model === undefined) throw notHere('model', asked);
    return model.path;
  }
}

async function modelsIn(folder: string): Promise<readonly ModelPlace[]> {
  const entries = await folderEntries(folder).catch(() => []);
  const models = entries.map(async ({ name }): Promise<ModelPlace | undefined> => {
    const path = join(folder, name);
    if (!((await isModelFolder(path)) || (await isModelFile(path)))) return undefined;
    // Of its true place, so that a folder given by two names is one.
    const id = listedId(join(await realpath(folder), name), name);
    return { id, name, path, place: basename(folder) };
  });
  return (await Promise.all(models)).filter((model) => model !== undefined);
}

async function isModelFolder(path: string): Promise<boolean> {
  return (await kindOfPath(join(path, 'model_index.json'))) === 'file';
}

/** Only headers are read. */
async function isModelFile(path: string): Promise<boolean> {
  if (!isTensorFileName(path) || (await kindOfPath(path)) !== 'file') return false;
  try {
    return isCheckpoint((await openTensorFile(path)).places);
  } catch (error) {
    if (error instanceof KronaError) return false;
    throw error;
  }
}
