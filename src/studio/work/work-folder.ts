/** @file The work folder: everything that Studio knows lies in it, readable without Studio. */
import { realpath } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { createFolder } from '../../storage/files/folders.ts';

/** Where what lies. Rooms are made when something is put there. */
export interface WorkFolder {
  /** Links resolved. */
  readonly folder: string;
  readonly runs: string;
  readonly datasets: string;
  /** The gallery. */
  readonly pictures: string;
  /** Cells of comparisons. */
  readonly comparisons: string;
  readonly sweeps: string;
  readonly queue: string;
  /** Drawings that have not ended. */
  readonly drawings: string;
  /** Adapters that are no run's: merged and extracted ones. */
  readonly adapters: string;
  /** Models that were put there. */
  readonly models: string;
  /** Texts whose lines prompts choose, where somebody put some. */
  readonly wildcards: string;
  /** Pictures that came from a page and are in no data set. */
  readonly uploads: string;
  /** Files that were made to be fetched. */
  readonly downloads: string;
  readonly preferences: string;
  /** Decides the cookies; only its owner can read it. */
  readonly key: string;
}

/** Opens a work folder; one that is not there is made. */
export async function openWorkFolder(path: string): Promise<WorkFolder> {
  await createFolder(path);
  const folder = await realpath(path);
  const room = (name: string) => join(folder, name);
  return {
    folder,
    runs: room('runs'),
    datasets: room('datasets'),
    pictures: room('pictures'),
    comparisons: room('comparisons'),
    sweeps: room('sweeps'),
    queue: room('queue'),
    drawings: room('drawings'),
    adapters: room('adapters'),
    models: room('models'),
    wildcards: room('wildcards'),
    uploads: room('uploads'),
    downloads: room('downloads'),
    preferences: room('studio.json'),
    key: room('.studio-key'),
  };
}
