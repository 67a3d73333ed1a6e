/** @file Models on this machine that a page may choose, by ids: those in `models` of the work folder, and in the folders that the command was given. */
import { KronaError } from '../../base/errors.ts';
import { isCheckpoint } from '../../models/single-file/kinds.ts';
import { realpath } from '../../platform/files.ts';
import { basename, join } from '../../platform/paths.ts';
import { bytesAt } from '../../storage/files/files-under.ts';
import { folderEntries } from '../../storage/files/folder-entries.ts';
import { removeFolder } from '../../storage/files/folders.ts';
import { kindOfPath } from '../../storage/path-kind.ts';
import { isTensorFileName, openTensorFile } from '../../storage/weights/tensor-file.ts';
import type { FoundModel } from '../interface/machine-operations.ts';
import type { Settings } from '../interface/operation-shapes.ts';
import { listedId } from '../work/listed-id.ts';
import { notHere } from '../work/not-here.ts';
import { isPageModel, modelKeys, requirePageModels } from '../work/page-settings.ts';

/** A model with the path that settings name it by, which no page sees. */
export interface ModelPlace extends FoundModel {
  readonly path: string;
}

export class FoundModels {
  readonly #own: string;
  readonly #folders: readonly string[];

  /**
   * @param own folder of Studio's own, of which models can be removed
   * @param folders where models lie besides, each a folder or a file of its own, not deeper
   */
  constructor(own: string, folders: readonly string[] = []) {
    this.#own = own;
    this.#folders = folders;
  }

  /** By name. What cannot be read is left out. */
  async list(): Promise<readonly ModelPlace[]> {
    const isOwn = (folder: string) => folder === this.#own;
    const folders = [this.#own, ...this.#folders];
    const found = await Promise.all(folders.map((folder) => modelsIn(folder, isOwn(folder))));
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

  /** One of the work folder that has just come. @throws ConfigError NOT_HERE */
  async at(path: string): Promise<ModelPlace> {
    const model = (await this.list()).find((one) => one.path === path);
    if (model === undefined) throw notHere('model', basename(path));
    return model;
  }

  /** Removes one of Studio's own. @throws ConfigError NOT_HERE */
  async remove(id: string): Promise<void> {
    const model = (await this.list()).find((one) => one.id === id && one.isOwn);
    if (model === undefined) throw notHere('model', id);
    await removeFolder(model.path);
  }

  /**
   * Settings of a page with the places of the models that it names by their ids.
   *
   * @throws ConfigError PATH_FROM_PAGE
   */
  async placed(settings: Settings): Promise<Settings> {
    const { found, others } = await this.#renamed(settings, ({ id }) => id);
    await requirePageModels(others);
    const places = [...found].map(([key, { path }]) => [key, path]);
    return { ...settings, ...Object.fromEntries(places) };
  }

  /** The other way: settings with the ids of the models that they name by their places. */
  async named(settings: Settings): Promise<Settings> {
    const { found } = await this.#renamed(settings, ({ path }) => path);
    const ids = [...found].map(([key, { id }]) => [key, id]);
    return { ...settings, ...Object.fromEntries(ids) };
  }

  /** The models that are named as asked, by the settings that name them, and the other settings. */
  async #renamed(settings: Settings, nameOf: (model: ModelPlace) => string) {
    const found = new Map<string, ModelPlace>();
    const keys = modelKeys.filter((key) => settings[key] !== undefined);
    // What most settings name is in no folder.
    const isUnknown = async (key: string) => !(await isPageModel(settings[key]));
    const isAny = (await Promise.all(keys.map(isUnknown))).includes(true);
    const models = isAny ? await this.list() : [];
    for (const key of keys) {
      const model = models.find((one) => nameOf(one) === settings[key]);
      if (model !== undefined) found.set(key, model);
    }
    const others = Object.entries(settings).filter(([key]) => !found.has(key));
    return { found, others: Object.fromEntries(others) };
  }
}

async function modelsIn(folder: string, isOwn: boolean): Promise<readonly ModelPlace[]> {
  const entries = await folderEntries(folder).catch(() => []);
  const models = entries.map(async ({ name }): Promise<ModelPlace | undefined> => {
    const path = join(folder, name);
    if (!((await isModelFolder(path)) || (await isModelFile(path)))) return undefined;
    // Of its true place, so that a folder given by two names is one.
    const id = listedId(join(await realpath(folder), name), name);
    return { id, name, path, place: basename(folder), bytes: await bytesAt(path), isOwn };
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
