/** @file Adapters and models that pages send: written as they come, looked into, and put where their kind lies. */
import { DataError, ModelError } from '../../base/errors.ts';
import { isCheckpoint } from '../../models/single-file/kinds.ts';
import { openBaseModel } from '../../pipeline/base/open-base.ts';
import { rename } from '../../platform/files.ts';
import { basename, extname, join } from '../../platform/paths.ts';
import { createFile } from '../../storage/files/atomic-file.ts';
import { createFolder, namesIn, removeFile } from '../../storage/files/folders.ts';
import { requireSpace } from '../../storage/free-space.ts';
import { openTensorFile } from '../../storage/weights/tensor-file.ts';
import type { AdapterFiles } from '../adapters/adapter-files.ts';
import type { AdapterWorkshop } from '../adapters/adapter-workshop.ts';
import type { BroughtFile } from '../interface/machine-operations.ts';
import type { SentFile } from '../pictures/received-pictures.ts';
import type { EventFeed } from '../work/event-feed.ts';
import { freeName, plainName } from '../work/plain-name.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import type { FoundModels } from './found-models.ts';

/** Bytes of a file. */
const largest = 20e9;

interface Surroundings {
  readonly work: WorkFolder;
  readonly adapters: AdapterFiles;
  readonly workshop: AdapterWorkshop;
  readonly models: FoundModels;
  readonly feed: EventFeed;
}

export class BroughtFiles {
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Takes a file of safetensors; a name that is taken gets a number.
   *
   * @param bytes that it has, where that is known
   * @throws DataError NAME_NOT_A_PATH, NOT_SAFETENSORS, TOO_LARGE; FormatError of a broken file; ModelError
   * NOT_AN_ADAPTER, or as openBaseModel; SystemError DISK_FULL
   */
  async take({ name, body }: SentFile, bytes = 0): Promise<BroughtFile> {
    const { work, feed } = this.#surroundings;
    const sent = plainName(name, 'name');
    if (extname(sent).toLowerCase() !== '.safetensors') throw notOfOurs(sent);
    if (bytes > largest) throw tooLarge();
    await createFolder(work.adapters);
    await requireSpace({ folder: work.adapters, bytes, what: `the bytes of ${sent}` });
    const path = join(work.adapters, freeName(sent, await namesIn(work.adapters)));
    await createFile(path, async (handle) => {
      let written = 0;
      for await (const piece of body) {
        written += piece.length;
        if (written > largest) throw tooLarge();
        // Unlike write(), it goes on until all bytes are written.
        await handle.writeFile(piece);
      }
    });
    try {
      const brought = (await this.#asModel(path)) ?? (await this.#asAdapter(path));
      feed.publish({ type: 'changed', what: brought.kind === 'model' ? 'models' : 'adapters' });
      return brought;
    } catch (error) {
      await removeFile(path);
      throw error;
    }
  }

  /** Undefined where it is none. */
  async #asModel(path: string): Promise<BroughtFile | undefined> {
    const { work, models } = this.#surroundings;
    const { places } = await openTensorFile(path);
    if (!isCheckpoint(places)) return undefined;
    // What is missing of it, or is of a kind that nobody has heard of, is said now.
    await openBaseModel(path);
    await createFolder(work.models);
    const name = freeName(basename(path), await namesIn(work.models));
    await rename(path, join(work.models, name));
    const { id } = await models.at(join(work.models, name));
    return { kind: 'model', id, name };
  }

  async #asAdapter(path: string): Promise<BroughtFile> {
    const { adapters, workshop } = this.#surroundings;
    const { found, warnings } = await workshop.lookInto(path);
    if (found === undefined) {
      throw new ModelError(
        'NOT_AN_ADAPTER',
        `${basename(path)} is neither an adapter nor a whole model: ${warnings.join('; ')}`,
      );
    }
    const { id, name } = await adapters.at(path);
    return { kind: 'adapter', id, name };
  }
}

function notOfOurs(name: string): DataError {
  return new DataError(
    'NOT_SAFETENSORS',
    `${JSON.stringify(name)} is no .safetensors file; save it as one: other formats can hold programs`,
  );
}

function tooLarge(): DataError {
  const most = `${largest / 1e9} GB`;
  return new DataError('TOO_LARGE', `a file may have ${most}`, { details: { most } });
}
