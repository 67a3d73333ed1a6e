/** @file Where the picture of an id lies: one line for each kind, which looks for it in a fresh listing. */
import { basename, join } from '../../platform/paths.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { runPaths } from '../../train/folder/run-folder.ts';
import { comparedKind } from '../comparisons/comparisons.ts';
import { datasetFolder } from '../datasets/dataset-folders.ts';
import { drawnKind } from '../drawings/gallery.ts';
import type { PictureId } from '../interface/operation-shapes.ts';
import type { Runs } from '../runs/runs.ts';
import { notHere } from '../work/not-here.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { partsOfPictureId } from './picture-id.ts';

/** What kinds are looked for in. */
export interface PictureRooms {
  readonly work: WorkFolder;
  readonly runs: Runs;
}

/** The folder that pictures of an owner lie in. */
type FolderOf = (owner: string, rooms: PictureRooms) => Promise<string | undefined>;

const folders: Readonly<Record<string, FolderOf>> = {
  /** Drawn while a run went on. */
  sample: async (id, { runs }) => runPaths((await runs.get(id)).found.folder).samples,
  /** That a run learns from. */
  trained: async (id, { runs }) => (await runs.get(id)).record?.config.images,
  dataset: async (id, { work }) => (await datasetFolder(work, id)).folder,
  /** Of the gallery. */
  [drawnKind]: async (_, { work }) => work.pictures,
  /** Cells of comparisons. */
  [comparedKind]: async (_, { work }) => work.comparisons,
  /** Sent by a page, in no data set. */
  upload: async (_, { work }) => work.uploads,
};

/**
 * The path of a picture.
 *
 * @throws ConfigError NOT_HERE
 */
export async function placeOfPicture(id: PictureId, rooms: PictureRooms): Promise<string> {
  const { kind = '', owner = '', name = '' } = partsOfPictureId(id) ?? {};
  const folderOf = Object.hasOwn(folders, kind) ? folders[kind] : undefined;
  const folder = await folderOf?.(owner, rooms);
  const isThere = folder !== undefined && (await namesIn(folder)).includes(basename(name));
  if (!isThere || basename(name) !== name) throw notHere('picture', id);
  return join(folder, name);
}
