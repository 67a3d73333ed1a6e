/** @file What a worker keeps between tasks: loaded networks, encoders, benchmarks; and what it gives to each. */
import { isLarge } from '../../../models/weights.ts';
import type { BaseModel } from '../../../pipeline/base/base-model.ts';
import { KeptNetworks, type Networks, openedPerUse } from '../../../pipeline/network/lending.ts';
import type { DeviceChoice } from '../../../runtime/index.ts';
import type { HubHost } from '../../../storage/hub/hub-events.ts';
import type { BenchmarkSubject } from '../../benchmark/benchmark.ts';
import { openBenchmark } from '../../benchmark/open-benchmark.ts';
import { drawingNetworks } from '../../evaluate/draw-evaluation.ts';
import { findJudges, type OpenJudges, openJudges, usualJudges } from '../../evaluate/judges.ts';
import type { ResultStore } from '../../store/result-store.ts';
import type { TaskRunHost } from './worker-protocol.ts';

export interface WorkbenchOptions {
  /** The user's copy of the benchmark's pictures, where it does not come with any. */
  readonly pictures?: string | undefined;
  /** @default cpu */
  readonly device?: DeviceChoice | undefined;
  readonly hub: HubHost;
}

/** Compiled steps that stay: tasks come variant by variant, and each holds the activations of a batch. */
const steps = 2;

/** What is kept of a base. */
interface BaseNetworks {
  readonly base: string;
  readonly drawing: KeptNetworks;
  readonly training: KeptNetworks;
}

/** Everything that several tasks of one process share. */
export class Workbench {
  readonly options: WorkbenchOptions;
  #networks: BaseNetworks | undefined;
  readonly #judges = new Map<string, OpenJudges>();

  constructor(options: WorkbenchOptions) {
    this.options = options;
  }

  /** For drawing with a base; only the last base's networks stay. */
  async drawing(base: BaseModel): Promise<Networks> {
    return (await this.#of(base)).drawing;
  }

  /** For training: a large model's step leaves no room for anything else. */
  async training(base: BaseModel): Promise<Networks> {
    if (!isLarge(base.unet.weights)) return (await this.#of(base)).training;
    await this.#closeNetworks();
    return openedPerUse;
  }

  async #of(base: BaseModel): Promise<BaseNetworks> {
    if (this.#networks?.base === base.name) return this.#networks;
    await this.#closeNetworks();
    const drawing = drawingNetworks(base);
    this.#networks = { base: base.name, drawing, training: new KeptNetworks(steps) };
    return this.#networks;
  }

  /** The encoders of a task. */
  async judges(
    { clip, dino }: { readonly clip?: string; readonly dino?: string },
    isPocket: boolean,
  ): Promise<OpenJudges> {
    const usual = usualJudges(isPocket);
    const names = { clip: clip ?? usual.clip, dino: dino ?? usual.dino };
    const key = JSON.stringify(names);
    const known = this.#judges.get(key);
    if (known !== undefined) return known;
    const { hub, device } = this.options;
    const opened = await openJudges(await findJudges(names, isPocket, hub), device);
    this.#judges.set(key, opened);
    return opened;
  }

  /** A subject with its pictures on this machine. */
  async subject(benchmark: string, name: string): Promise<BenchmarkSubject> {
    const { pictures } = this.options;
    const options = { subjects: [name], pictures, prompts: false } as const;
    const { subjects } = await openBenchmark(benchmark, options);
    const [subject] = subjects;
    if (subject === undefined) throw new Error(`internal: ${benchmark} gave no subject ${name}`);
    return subject;
  }

  async #closeNetworks(): Promise<void> {
    const { drawing, training } = this.#networks ?? {};
    this.#networks = undefined;
    await drawing?.[Symbol.asyncDispose]();
    await training?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closeNetworks();
    for (const judges of this.#judges.values()) await judges[Symbol.asyncDispose]();
  }
}

/** What a task needs of the worker that carries it out. */
export interface TaskHost extends TaskRunHost {
  /** Where results land. */
  readonly store: ResultStore;
  /** Folder on this machine for runs and pictures. */
  readonly work: string;
  readonly workbench: Workbench;
  /** Name of this worker. */
  readonly worker: string;
  /** Milliseconds. */
  readonly now: () => number;
}
