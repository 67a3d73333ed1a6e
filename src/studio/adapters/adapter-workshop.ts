/** @file Work on adapters, in processes of their own: looking into them, and making new files of them. */
import { randomHex } from '../../platform/hashes.ts';
import { join } from '../../platform/paths.ts';
import { programBeside } from '../../platform/processes.ts';
import type {
  AdapterDetail,
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
import type { WorkFolder } from '../work/work-folder.ts';
import type { AdapterFiles } from './adapter-files.ts';
import type { AdapterAnswer, AdapterQuestion } from './adapter-question.ts';
import type { AdapterSummaries } from './adapter-summaries.ts';
import { keepLatestDownloads } from './latest-downloads.ts';

/** Milliseconds without work after which a process ends. */
const idle = 60_000;

interface Surroundings {
  readonly work: WorkFolder;
  readonly files: AdapterFiles;
  readonly summaries: AdapterSummaries;
  readonly models: FoundModels;
  readonly feed: EventFeed;
}

export class AdapterWorkshop implements AsyncDisposable {
  readonly #surroundings: Surroundings;
  /** One looks, one makes: nobody waits for an extraction of minutes to see what is in a file. */
  readonly #looking = helper();
  readonly #making = helper();
  readonly #ending = new AbortController();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** @throws ConfigError NOT_HERE; FormatError of a broken file */
  async inspect(id: string): Promise<AdapterDetail> {
    const { files, summaries } = this.#surroundings;
    const file = await files.get(id);
    const { path, within } = file;
    const inspected = await this.#ask(this.#looking, { task: 'inspect', path });
    return { ...(await summaries.of(file)), ...inspected, file: within };
  }

  /** @throws ConfigError NOT_HERE */
  async grid({ base, settings }: InputOf<'adapters.grid'>): Promise<FactorSizes> {
    return await this.#ask(this.#looking, { task: 'grid', base, ...settings });
  }

  /** Into a file to be downloaded. @throws ConfigError NOT_HERE, and as `convert` */
  async convert({ id, settings }: InputOf<'adapters.convert'>): Promise<MadeFile> {
    const { work, files } = this.#surroundings;
    const { name, path } = await files.get(id);
    const download = randomHex(8);
    await keepLatestDownloads(work.downloads);
    const made = await this.#ask(this.#making, {
      ...{ task: 'convert', path, settings },
      folder: join(work.downloads, download),
      stem: `${name}-${settings.form?.as ?? settings.to}`,
    });
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
    const answer = await this.#ask(this.#making, { task: 'merge', ...question });
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
    const answer = await this.#ask(this.#making, {
      ...{ task: 'extract', from: await models.nameOf(tuned), base: await models.nameOf(base) },
      ...{ ...settings, out },
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
  ): Promise<AdapterAnswer<Question['task']>> {
    const answer = await process.ask(question, { signal: this.#ending.signal });
    // What is answered follows from what is asked.
    return answer as AdapterAnswer<Question['task']>;
  }
}

type AdapterHelper = HelperProcess<AdapterQuestion, { readonly type: string }, AdapterAnswer>;

function helper(): AdapterHelper {
  return new HelperProcess({ program: programBeside(import.meta.url, 'adapter-program'), idle });
}
