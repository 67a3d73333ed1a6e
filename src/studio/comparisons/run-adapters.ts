/** @file Adapters of runs as cells put them on: at the end of a run, or as it was at a step. */
import type { AdapterFile, AdapterFiles } from '../adapters/adapter-files.ts';
import { idAtStep } from '../adapters/adapter-files.ts';
import type { UsedAdapter } from '../interface/drawing-operations.ts';
import type { Runs } from '../runs/runs.ts';

/** An adapter that a cell puts on, or why there is none. */
export type RunAdapter = { readonly used: UsedAdapter } | { readonly problem: string };

/** Looks at each run once. */
export class RunAdapters {
  readonly #runs: Runs;
  readonly #files: AdapterFiles;
  readonly #known = new Map<string, Promise<RunAdapter>>();
  #list: Promise<readonly AdapterFile[]> | undefined;

  constructor({ runs, adapters }: { readonly runs: Runs; readonly adapters: AdapterFiles }) {
    this.#runs = runs;
    this.#files = adapters;
  }

  /** @param step 0 for the base alone, at which its subject is known still. @throws ConfigError NOT_HERE */
  async at(run: string, step: number | undefined): Promise<RunAdapter> {
    const key = JSON.stringify([run, step]);
    const known = this.#known.get(key) ?? this.#find(run, step);
    this.#known.set(key, known);
    return await known;
  }

  async #find(id: string, step: number | undefined): Promise<RunAdapter> {
    this.#list ??= this.#files.list();
    const { found, state } = await this.#runs.get(id);
    const final = (await this.#list).find(({ run }) => run === id);
    if (step === 0) {
      const latest = final?.id ?? (await this.#latestKept(id));
      return latest === undefined
        ? { problem: `${found.name} has no adapter yet, and keeps no checkpoint` }
        : { used: { id: latest, strength: 0 } };
    }
    const isEnd = step === undefined || (state.state === 'finished' && state.step === step);
    if (isEnd && final !== undefined) return { used: { id: final.id, strength: 1 } };
    if (step === undefined) return { problem: `${found.name} has no adapter yet` };
    const kept = await this.#keptAt(id, step);
    return kept === undefined
      ? { problem: `${found.name} keeps no checkpoint of step ${step}` }
      : { used: { id: kept, strength: 1 } };
  }

  async #keptAt(run: string, step: number): Promise<string | undefined> {
    const id = idAtStep(run, step);
    return await this.#files.get(id).then(
      () => id,
      () => undefined,
    );
  }

  /** Id of the latest state that is kept. */
  async #latestKept(run: string): Promise<string | undefined> {
    const step = (await this.#files.stepsKept(run)).at(-1);
    return step === undefined ? undefined : idAtStep(run, step);
  }
}
