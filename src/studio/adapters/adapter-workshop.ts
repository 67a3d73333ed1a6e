/** @file Work on adapters, in processes of their own: looking into them, and making new files of them. */
import { randomHex } from '../../platform/hashes.ts';
import { join } from '../../platform/paths.ts';
import { programBeside } from '../../platform/processes.ts';
import type {
  AdapterDetail,
  AdapterInMaking,
  AdapterSummary,
  ExtractedAdapter,
  FactorSizes,
  MadeAdapter,
  MadeFile,
} from '../interface/adapter-operations.ts';
import type { InputOf } from '../interface/studio.ts';
import type { FoundModels } from '../models/found-models.ts';
import { HelperProcess } from '../processes/helper-process.ts';
import type { EventFeed } from '../work/event-feed.ts';
import { plainName } from '../work/plain-name.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import type { AdapterFiles } from './adapter-files.ts';
import type { AdapterAnswer, AdapterEvent, AdapterQuestion } from './adapter-question.ts';
import type { AdapterSummaries } from './adapter-summaries.ts';
import type { InspectedAdapter } from './inspected-adapter.ts';
import { keepLatestDownloads } from './latest-downloads.ts';
import { MakingProgress } from './making-progress.ts';

/** Milliseconds without work after which a process ends. */
const idle = 60_000;

interface Surroundings {
  readonly work: WorkFolder;
  readonly files: AdapterFiles;
  readonly summaries: AdapterSummaries;
  readonly models: FoundModels;
  readonly feed: EventFeed;
  readonly host: StudioHost;
}

export class AdapterWorkshop implements AsyncDisposable {
  readonly #surroundings: Surroundings;
  /** One looks, one makes: nobody waits for an extraction of minutes to see what is in a file. */
  readonly #looking = helper();
  readonly #making = helper();
  readonly #ending = new AbortController();
  readonly #progress: MakingProgress;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#progress = new MakingProgress(surroundings.feed, surroundings.host.now);
  }

  /** The adapter that is being merged or extracted; undefined where none is, or nothing is known yet. */
  making(): AdapterInMaking | undefined {
    return this.#progress.current;
  }

  /** @throws ConfigError NOT_HERE; FormatError of a broken file */
  async inspect(id: string): Promise<AdapterDetail> {
    const { files, summaries } = this.#surroundings;
    const file = await files.get(id);
    const { path, within } = file;
    return { ...(await summaries.of(file)), ...(await this.lookInto(path)), file: within };
  }

  /** What is in a file, whether it is an adapter or not. @throws FormatError of a broken file */
  async lookInto(path: string): Promise<InspectedAdapter> {
    return await this.#ask(this.#looking, { task: 'inspect', path });
  }

  /** @throws ConfigError NOT_HERE */
  async grid({ base, settings }: InputOf<'adapters.grid'>): Promise<FactorSizes> {
    return await this.#ask(this.#looking, { task: 'grid', base, ...settings });
  }

  /** Into a file to be downloaded. @throws ConfigError NOT_HERE, and as `convert` */
  async convert({ id, settings }: InputOf<'adapters.convert'>): Promise<MadeFile> {
    const { work, files, feed } = this.#surroundings;
    const { name, path } = await files.get(id);
    const download = randomHex(8);
    await keepLatestDownloads(work.downloads);
    const made = await this.#ask(this.#making, {
      ...{ task: 'convert', path, settings },
      folder: join(work.downloads, download),
      stem: `${name}-${settings.form?.as ?? settings.to}`,
    });
    feed.publish({ type: 'changed', what: 'downloads' });
    return { ...made, download };
  }

  /** @throws ConfigError NOT_HERE, OUT_EXISTS, and as `merge`; DataError NAME_NOT_A_PATH */
  async merge({ adapters, name, settings }: InputOf<'adapters.merge'>): Promise<MadeAdapter> {
    const { files } = this.#surroundings;
    const { out, made } = this.#newAdapter(name);
    const used = adapters.map(async ({ id, strength }) => {
      return { file: (await files.get(id)).path, strength };
    });
    const question = { adapters: await Promise.all(used), ...settings, out };
    const answer = await this.#progress.of(name, async (listener) => {
      return await this.#ask(this.#making, { task: 'merge', ...question }, listener);
    });
    return { ...answer, adapter: await made() };
  }

  /** @throws ConfigError NOT_HERE, OUT_EXISTS, and as `extract`; DataError NAME_NOT_A_PATH */
  async extract({
    base,
    tuned,
    name,
    settings,
  }: InputOf<'adapters.extract'>): Promise<ExtractedAdapter> {
    const { models } = this.#surroundings;
    const { out, made } = this.#newAdapter(name);
    const named = { from: await models.nameOf(tuned), base: await models.nameOf(base) };
    const answer = await this.#progress.of(name, async (listener) => {
      const question = { task: 'extract', ...named, ...settings, out } as const;
      return await this.#ask(this.#making, question, listener);
    });
    return { ...answer, adapter: await made() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort(new Error('Studio ended'));
    await this.#looking[Symbol.asyncDispose]();
    await this.#making[Symbol.asyncDispose]();
  }

  /** Where an adapter of a name will lie, and what to say of it once it does. */
  #newAdapter(name: string) {
    const { work, files, summaries, feed } = this.#surroundings;
    const out = join(work.adapters, `${plainName(name, 'name')}.safetensors`);
    const made = async (): Promise<AdapterSummary> => {
      feed.publish({ type: 'changed', what: 'adapters' });
      return await summaries.of(await files.at(out));
    };
    return { out, made };
  }

  async #ask<Question extends AdapterQuestion>(
    process: AdapterHelper,
    question: Question,
    listener: (event: AdapterEvent) => void = () => {},
  ): Promise<AdapterAnswer<Question['task']>> {
    const answer = await process.ask(question, { listener, signal: this.#ending.signal });
    // What is answered follows from what is asked.
    return answer as AdapterAnswer<Question['task']>;
  }
}

type AdapterHelper = HelperProcess<AdapterQuestion, AdapterEvent, AdapterAnswer>;

function helper(): AdapterHelper {
  return new HelperProcess({ program: programBeside(import.meta.url, 'adapter-program'), idle });
}
