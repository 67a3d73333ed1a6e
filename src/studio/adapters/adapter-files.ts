/** @file Adapters that lie in the work folder: those of runs, and those that were merged, extracted or put there. */
import { stat } from '../../platform/files.ts';
import { basename, extname, join, relative } from '../../platform/paths.ts';
import { folderEntries } from '../../storage/files/folder-entries.ts';
import { runPaths } from '../../train/folder/run-folder.ts';
import type { Runs } from '../runs/runs.ts';
import { listedId } from '../work/listed-id.ts';
import { notHere } from '../work/not-here.ts';
import type { WorkFolder } from '../work/work-folder.ts';

/** An adapter's file as it was found; nothing in it was read. */
export interface AdapterFile {
  readonly id: string;
  /** Of its run, or of the file without its ending. */
  readonly name: string;
  readonly path: string;
  /** From the work folder, with forward slashes: what settings inside pictures call it. */
  readonly within: string;
  /** Id of the run that it is of. */
  readonly run: string | undefined;
  readonly bytes: number;
  /** Milliseconds since 1970 began. */
  readonly changed: number;
}

export class AdapterFiles {
  readonly #work: WorkFolder;
  readonly #runs: Runs;

  constructor(work: WorkFolder, runs: Runs) {
    this.#work = work;
    this.#runs = runs;
  }

  /** Every adapter, the latest first. */
  async list(): Promise<readonly AdapterFile[]> {
    const ofRuns = (await this.#runs.find()).map(async ({ found: { id, name, folder } }) => {
      return await this.#found(runPaths(folder).adapter, name, id);
    });
    const entries = await folderEntries(this.#work.adapters).catch(() => []);
    const others = entries
      .filter(({ name, isFolder }) => !isFolder && extname(name) === '.safetensors')
      .map(async ({ name }) => {
        return await this.#found(join(this.#work.adapters, name), basename(name, extname(name)));
      });
    const found = await Promise.all([...ofRuns, ...others]);
    return found.filter((file) => file !== undefined).sort((a, b) => b.changed - a.changed);
  }

  /** One by its id. @throws ConfigError NOT_HERE */
  async get(id: string): Promise<AdapterFile> {
    const file = (await this.list()).find((each) => each.id === id);
    if (file === undefined) throw notHere('adapter', id);
    return file;
  }

  /** One of the work folder that has just been made. @throws ConfigError NOT_HERE */
  async at(path: string): Promise<AdapterFile> {
    const name = basename(path, extname(path));
    const file = await this.#found(path, name);
    if (file === undefined) throw notHere('adapter', name);
    return file;
  }

  /** Undefined of a run that has none yet. */
  async #found(path: string, name: string, run?: string): Promise<AdapterFile | undefined> {
    const there = await stat(path).catch(() => undefined);
    if (there === undefined || !there.isFile()) return undefined;
    const within = relative(this.#work.folder, path).replaceAll('\\', '/');
    const id = listedId(within, name);
    return { id, name, path, within, run, bytes: there.size, changed: there.mtimeMs };
  }
}
