/** @file Runs that lie under the work folder, whoever started them: folders that hold a run.json. */
import { basename, join } from '../../platform/paths.ts';
import { folderEntries } from '../../storage/files/folder-entries.ts';
import { listedId } from '../work/listed-id.ts';
import type { WorkFolder } from '../work/work-folder.ts';

/** A run as it was found. */
export interface FoundRun {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
}

/** Levels of folders that are looked through: `work/runs/group/dog`. */
const deepest = 3;

/** The runs of a work folder. A folder that cannot be read holds none. */
export async function findRuns(work: WorkFolder): Promise<readonly FoundRun[]> {
  // Sweeps have runs of their own making; the others hold none.
  const { datasets, pictures, comparisons, sweeps, queue, adapters } = work;
  const others = new Set([datasets, pictures, comparisons, sweeps, queue, adapters]);
  const found: FoundRun[] = [];
  const look = async (folder: string, path: string, depth: number): Promise<void> => {
    const entries = await folderEntries(folder).catch(() => []);
    if (path !== '' && entries.some(({ name, isFolder }) => name === 'run.json' && !isFolder)) {
      found.push({ id: listedId(path, basename(folder)), name: basename(folder), folder });
      return;
    }
    if (depth === deepest) return;
    for (const { name, isFolder, isUtf8 } of entries) {
      const inside = join(folder, name);
      if (!isFolder || !isUtf8 || isPassedOver(name) || others.has(inside)) continue;
      await look(inside, path === '' ? name : `${path}/${name}`, depth + 1);
    }
  };
  await look(work.folder, '', 0);
  return found;
}

/** The id that a run of a name has in the room of runs, before there is one. */
export function idOfRunNamed(name: string): string {
  return listedId(`runs/${name}`, name);
}

function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}
