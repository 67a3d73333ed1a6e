/** @file Where sweeps lie in the work folder: a folder each, named by its id. */
import type { ResultsPlace } from '../../experiments/sweep/run/sweep-owner.ts';
import { join } from '../../platform/paths.ts';
import { folderEntries } from '../../storage/files/folder-entries.ts';
import { namesIn } from '../../storage/files/folders.ts';
import type { WorkFolder } from '../work/work-folder.ts';

/** What things in the folder of a sweep are called. */
export const sweepNames = {
  /** What the command runs. */
  sweep: 'sweep.yaml',
  /** What was typed, where that is something else: it names data sets. */
  source: 'source.yaml',
  subjects: 'subjects.json',
  prompts: 'prompts.json',
} as const;

/** Where things are in the folder of a sweep. */
export interface SweepPaths {
  readonly folder: string;
  readonly sweep: string;
  readonly source: string;
  /** How it was last begun. */
  readonly begun: string;
  /** What its processes told, a line each. */
  readonly events: string;
  /** What its last process said otherwise. */
  readonly log: string;
  readonly store: string;
  readonly work: string;
  readonly place: ResultsPlace;
  /** The results of what was done when its last process ended. */
  readonly results: string;
  readonly report: string;
  readonly reportPage: string;
}

export function sweepPaths({ sweeps }: WorkFolder, id: string): SweepPaths {
  const folder = join(sweeps, id);
  const results = join(folder, 'results');
  const report = join(folder, 'report');
  return {
    ...{ folder, report },
    sweep: join(folder, sweepNames.sweep),
    source: join(folder, sweepNames.source),
    begun: join(folder, 'begun.json'),
    events: join(folder, 'events.jsonl'),
    log: join(folder, 'log.txt'),
    store: join(folder, 'store'),
    work: join(folder, 'work'),
    place: { folder: results, name: 'sweep' },
    results: join(results, 'sweep.json'),
    reportPage: join(report, 'index.html'),
  };
}

/** Ids of all sweeps: folders that hold a sweep's file. */
export async function sweepIds(work: WorkFolder): Promise<readonly string[]> {
  const entries = await folderEntries(work.sweeps).catch(() => []);
  const ids = entries
    .filter(({ name, isFolder, isUtf8 }) => isFolder && isUtf8 && !name.startsWith('.'))
    .map(({ name }) => name);
  const isSweep = async (id: string) =>
    (await namesIn(join(work.sweeps, id)).catch((): readonly string[] => [])).includes(
      sweepNames.sweep,
    );
  const found = await Promise.all(ids.map(isSweep));
  return ids.filter((_, n) => found[n]);
}
