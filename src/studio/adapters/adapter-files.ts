/** @file Adapters that lie in the work folder: those of runs, and those that were merged, extracted or put there. */
import { ConfigError } from '../../base/errors.ts';
import { stat } from '../../platform/files.ts';
import { basename, extname, join, relative } from '../../platform/paths.ts';
import { folderEntries } from '../../storage/files/folder-entries.ts';
import { removeFile } from '../../storage/files/folders.ts';
import type { RunCheckpoint } from '../../train/adapter/checkpoint-adapter.ts';
import { stepAdapterPath, stepsKept } from '../../train/adapter/step-adapters.ts';
import { checkpointName } from '../../train/folder/checkpoint.ts';
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
  /** Where it is no file of an adapter, but a kept state of a run, of which one is made. */
  readonly checkpoint?: RunCheckpoint;
}

/** The id of the adapter that a run had at a step. */
export function idAtStep(run: string, step: number): string {
  return `${run}@${step}`;
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

  /** One by its id; one of a checkpoint by that of its run and the step: `dog-3f9a1c7e@100`. @throws ConfigError NOT_HERE */
  async get(id: string): Promise<AdapterFile> {
    const file =
      (await this.list()).find((each) => each.id === id) ?? (await this.#atCheckpoint(id));
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

  /** Removes the file of one that is no run's. @throws ConfigError NOT_HERE, ADAPTER_OF_RUN */
  async remove(id: string): Promise<void> {
    const { run, path, name } = await this.get(id);
    if (run !== undefined) {
      throw new ConfigError(
        'ADAPTER_OF_RUN',
        `${name} is the adapter of a run, and is removed with it`,
      );
    }
    await removeFile(path);
  }

  /** Steps of a run whose adapter is kept, in their order. */
  async stepsKept(run: string): Promise<readonly number[]> {
    const known = (await this.#runs.find()).find(({ found }) => found.id === run);
    return known === undefined ? [] : await stepsKept(known.found.folder).catch(() => []);
  }

  async #atCheckpoint(id: string): Promise<AdapterFile | undefined> {
    const [, run, digits] = /^(.+)@(\d+)$/.exec(id) ?? [];
    const known = (await this.#runs.find()).find(({ found }) => found.id === run);
    if (known === undefined) return undefined;
    const { name, folder } = known.found;
    const step = Number(digits);
    const paths = runPaths(folder);
    const names = { id, name: idAtStep(name, step), within: idAtStep(this.#within(folder), step) };
    const adapter = await this.#found(stepAdapterPath(paths, step), name, run);
    if (adapter !== undefined) return { ...adapter, ...names };
    const kept = await this.#found(join(paths.checkpoints, checkpointName(step)), name, run);
    return kept && { ...kept, ...names, checkpoint: { run: folder, step } };
  }

  #within(path: string): string {
    return relative(this.#work.folder, path).replaceAll('\\', '/');
  }

  /** Undefined of a run that has none yet. */
  async #found(path: string, name: string, run?: string): Promise<AdapterFile | undefined> {
    const there = await stat(path).catch(() => undefined);
    if (there === undefined || !there.isFile()) return undefined;
    const within = this.#within(path);
    const id = listedId(within, name);
    return { id, name, path, within, run, bytes: there.size, changed: there.mtimeMs };
  }
}
