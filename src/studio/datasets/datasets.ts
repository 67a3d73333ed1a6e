/** @file All data sets. Nothing of them is stored beside their folders: they are looked at each time. */

import { Turns } from '../../base/turns.ts';
import type { Place } from '../../data/cover.ts';
import { removeFolder } from '../../storage/files/folders.ts';
import { putOutOfSight } from '../../storage/files/temporary.ts';
import { frameOf } from '../../train/pictures/moved-frames.ts';
import type {
  Cutting,
  Dataset,
  DatasetSummary,
  PictureCaption,
} from '../interface/dataset-operations.ts';
import type { Thumbnails } from '../pictures/sent-pictures.ts';
import type { EventFeed } from '../work/event-feed.ts';
import { notHere } from '../work/not-here.ts';
import type { StudioHost } from '../work/studio-host.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { requireCaption, requireUnlisted, writeCaption } from './dataset-captions.ts';
import {
  type DatasetFolder,
  datasetFolder,
  datasetFolders,
  ownDatasetFolder,
} from './dataset-folders.ts';
import { lookAt, picturesIn, recordOf, summaryOf } from './dataset-look.ts';
import { removeMasks, writeMask } from './dataset-masks.ts';
import { type DatasetRecord, writeDatasetRecord } from './dataset-record.ts';
import { KeptTraits } from './kept-traits.ts';
import { makeDataset } from './new-dataset.ts';
import { bringBack, forgetRemoved, putAside } from './removed-pictures.ts';
import { trainingSizes } from './training-sizes.ts';

export interface DatasetsOptions {
  readonly work: WorkFolder;
  readonly feed: EventFeed;
  readonly host: Pick<StudioHost, 'environment'>;
  readonly thumbnails: Thumbnails;
}

/** What people say of a data set. */
export interface DatasetWords {
  readonly name?: string;
  /** Empty for none. */
  readonly className?: string;
}

export class Datasets {
  readonly #work: WorkFolder;
  readonly #feed: EventFeed;
  readonly #traits: KeptTraits;
  /** Changes of a record wait for each other, so that none is lost: each is saved by itself, as people leave its field. */
  readonly #turns = new Turns(1);

  constructor({ work, feed, host, thumbnails }: DatasetsOptions) {
    this.#work = work;
    this.#feed = feed;
    this.#traits = new KeptTraits(host, thumbnails);
  }

  async list(): Promise<readonly DatasetSummary[]> {
    return await Promise.all((await datasetFolders(this.#work)).map(summaryOf));
  }

  /** @throws ConfigError NOT_HERE; DataError where the folder cannot be trained on at all */
  async get(id: string, cutting: Cutting): Promise<Dataset> {
    const found = await datasetFolder(this.#work, id);
    return await lookAt(found, await trainingSizes(cutting), this.#traits);
  }

  /** @throws ConfigError NOT_HERE of what is to be copied */
  async create({
    name,
    className,
    copyOf,
  }: { readonly name: string; readonly copyOf?: string } & DatasetWords): Promise<DatasetSummary> {
    const source = copyOf === undefined ? undefined : await datasetFolder(this.#work, copyOf);
    const known = source && (await recordOf(source));
    const shows = (className ?? known?.className) || undefined;
    const record = { name, className: shows, frames: known?.frames ?? {} };
    const made = await makeDataset(this.#work, record, source);
    this.#tell(made.id);
    return await summaryOf(made);
  }

  /** @throws ConfigError NOT_HERE, DATASET_BUNDLED */
  async change(id: string, { name, className }: DatasetWords): Promise<DatasetSummary> {
    const found = await ownDatasetFolder(this.#work, id);
    await this.#rewrite(found, (known) => ({
      ...known,
      name: name ?? known.name,
      className: className === undefined ? known.className : className || undefined,
    }));
    return await summaryOf(found);
  }

  /** @throws ConfigError NOT_HERE, DATASET_BUNDLED */
  async remove(id: string): Promise<void> {
    const { folder } = await ownDatasetFolder(this.#work, id);
    const aside = await putOutOfSight(folder);
    this.#tell(id);
    await removeFolder(aside);
    await forgetRemoved(this.#work, id);
  }

  /** @throws ConfigError NOT_HERE, DATASET_BUNDLED, UNKNOWN_PLACEHOLDER; DataError CAPTION_LISTED */
  async caption(id: string, captions: readonly PictureCaption[]): Promise<void> {
    const { folder } = await this.#withPictures(
      id,
      captions.map(({ name }) => name),
    );
    // None is written where one cannot be.
    for (const { caption } of captions) requireCaption(caption);
    const emptied = captions.filter(({ caption }) => caption.trim() === '');
    if (emptied.length > 0) {
      await requireUnlisted(
        folder,
        emptied.map(({ name }) => name),
      );
    }
    for (const { name, caption } of captions) await writeCaption(folder, name, caption);
    this.#tell(id);
  }

  /**
   * Moves the part of a picture that is trained.
   *
   * @param around undefined for the picture's middle
   * @throws ConfigError NOT_HERE, DATASET_BUNDLED
   */
  async moveFrame(id: string, picture: string, around: Place | undefined): Promise<void> {
    const found = await this.#withPictures(id, [picture]);
    await this.#rewrite(found, ({ frames: { [picture]: _, ...others }, ...known }) => ({
      ...known,
      frames: around === undefined ? others : { ...others, [picture]: around },
    }));
  }

  /**
   * Gives a picture a mask.
   *
   * @param bytes undefined for none
   * @throws ConfigError NOT_HERE, DATASET_BUNDLED; DataError MASK_SIZE, MASK_BLACK
   */
  async mask(id: string, picture: string, bytes: Uint8Array | undefined): Promise<void> {
    const { folder } = await this.#withPictures(id, [picture]);
    if (bytes === undefined) await removeMasks(folder, picture);
    else await writeMask(folder, picture, { bytes, traits: this.#traits });
    this.#tell(id);
  }

  /** Says that a picture came: a frame of one that was called so before is not its. */
  async received(id: string, picture: string): Promise<void> {
    const found = await ownDatasetFolder(this.#work, id);
    if (frameOf((await recordOf(found)).frames, picture) === undefined) this.#tell(id);
    else await this.moveFrame(id, picture, undefined);
  }

  /** @throws ConfigError NOT_HERE, DATASET_BUNDLED */
  async removePicture(id: string, picture: string): Promise<void> {
    await putAside(this.#work, await this.#withPictures(id, [picture]), picture);
    this.#tell(id);
  }

  /** Returns the name that it got. @throws ConfigError NOT_HERE, DATASET_BUNDLED */
  async restorePicture(id: string, picture: string): Promise<string> {
    const name = await bringBack(this.#work, await ownDatasetFolder(this.#work, id), picture);
    this.#tell(id);
    return name;
  }

  async #rewrite(
    found: DatasetFolder,
    change: (known: DatasetRecord) => DatasetRecord,
  ): Promise<void> {
    await this.#turns.take(async () => {
      await writeDatasetRecord(found.folder, change(await recordOf(found)));
    });
    this.#tell(found.id);
  }

  async #withPictures(id: string, pictures: readonly string[]): Promise<DatasetFolder> {
    const found = await ownDatasetFolder(this.#work, id);
    const known = await picturesIn(found);
    const missing = pictures.find((name) => !known.includes(name));
    if (missing !== undefined) throw notHere('picture', missing);
    return found;
  }

  #tell(id: string): void {
    this.#feed.publish({ type: 'changed', what: 'datasets', id });
  }
}
