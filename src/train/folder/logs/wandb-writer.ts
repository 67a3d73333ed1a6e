/** @file Writes the records of a run for Weights & Biases, and its pictures beside them. */
import { readPngHead } from '../../../formats/png/png-text.ts';
import { encodeRecords } from '../../../formats/wandb/record-log.ts';
import {
  type NamedValues,
  RecordWriter,
  type RunDescription,
} from '../../../formats/wandb/run-records.ts';
import { open } from '../../../platform/files.ts';
import { basename, join } from '../../../platform/paths.ts';
import { packageVersion } from '../../../platform/version.ts';
import { fileError } from '../../../storage/file-errors.ts';
import { removeTemporaryFiles, writeFileAtomic } from '../../../storage/files/atomic-file.ts';
import { readBytes } from '../../../storage/files/binary-file.ts';
import { createFolder, removeFile } from '../../../storage/files/folders.ts';
import { kindOfPath } from '../../../storage/path-kind.ts';
import type { TrainEvent } from '../../events.ts';
import { scalarsOf } from './event-scalars.ts';
import { type RowPicture, type StepRow, StepRows } from './step-rows.ts';
import { WorkClock, type WorkTime } from './work-clock.ts';

export interface WandbFolder {
  readonly folder: string;
  /** Of the run, among all of its project. */
  readonly id: string;
}

export interface WandbSurroundings {
  /** The folder of previews. */
  readonly samples: string;
  /** Milliseconds since 1970 began. */
  readonly now: () => number;
}

interface WandbBeginning extends Omit<RunDescription, 'id'> {
  /** Steps done before. */
  readonly fromStep: number;
}

/** What the client writes of a process that is complete, that failed, and that Ctrl-C has stopped. */
const exitCodes: ReadonlyMap<TrainEvent['type'], number> = new Map([
  ['finished', 0],
  ['failed', 1],
  ['interrupted', 255],
]);
/** Under `files`, where the client has pictures. */
const media = 'media/images';

export class WandbWriter {
  readonly #records = new RecordWriter();
  readonly #rows = new StepRows();
  readonly #place: WandbFolder;
  readonly #around: WandbSurroundings;
  readonly #log: string;
  readonly #pictures: string;
  readonly #clock: WorkClock;
  /** Bytes of the log that are written whole. */
  #position = 0;

  private constructor(place: WandbFolder, around: WandbSurroundings) {
    this.#place = place;
    this.#around = around;
    this.#log = join(place.folder, `run-${place.id}.wandb`);
    this.#pictures = join(place.folder, 'files', media);
    this.#clock = new WorkClock(around.now);
  }

  /** Makes the folder, or removes from it what a killed process left of unfinished files. */
  static async open(place: WandbFolder, around: WandbSurroundings): Promise<WandbWriter> {
    const writer = new WandbWriter(place, around);
    await createFolder(writer.#pictures);
    for (const folder of [place.folder, writer.#pictures]) await removeTemporaryFiles(folder);
    return writer;
  }

  /** Writes the log as far as all was told that was taken, in the place of one that is there. */
  async begin({ fromStep, ...run }: WandbBeginning): Promise<void> {
    const bytes = encodeRecords(
      [
        this.#records.header({ producer: `krona ${packageVersion()}` }),
        this.#records.run({ id: this.#place.id, ...run }),
        ...this.#rows.takeBefore(fromStep).flatMap((row) => this.#recordsOf(row)),
      ],
      0,
    );
    await writeFileAtomic(this.#log, bytes);
    this.#position = bytes.length;
    // With this mark, the client would leave out what it has uploaded before.
    await removeFile(`${this.#log}.synced`);
  }

  /** Takes what an event says of a step, unless that is made again; when it was. */
  async take(event: TrainEvent, lastStep = Number.POSITIVE_INFINITY): Promise<WorkTime> {
    const at = this.#clock.read(event);
    const step = stepTold(event);
    if (step === undefined || step > lastStep) return at;
    const picture = event.type === 'sample' ? await this.#keep(event) : undefined;
    const values = scalarsOf(event)?.values ?? {};
    this.#rows.add({ step, ...at, values, pictures: picture === undefined ? [] : [picture] });
    return at;
  }

  /** Takes an event and writes the rows that are complete with it; at the end all, and how the process ended. */
  async tell(event: TrainEvent): Promise<void> {
    const { runtime } = await this.take(event);
    const exitCode = exitCodes.get(event.type);
    const end = exitCode === undefined ? stepTold(event) : Number.POSITIVE_INFINITY;
    if (end === undefined) return;
    const records = this.#rows.takeBefore(end).flatMap((row) => this.#recordsOf(row));
    if (exitCode !== undefined) {
      records.push(this.#records.exit({ exitCode, runtime: Math.floor(runtime) }));
    }
    if (records.length > 0) await this.#append(records);
  }

  #recordsOf({ step, time, runtime, values, pictures }: StepRow): Uint8Array[] {
    const row = {
      ...values,
      ...(pictures.length > 0 && { previews: pictureList(pictures) }),
      ...{ _timestamp: time / 1000, _runtime: runtime },
    };
    const files = pictures.map(({ name }) => `${media}/${name}`);
    return [
      ...(files.length > 0 ? [this.#records.files(files)] : []),
      this.#records.summary({ ...row, _step: step }),
      this.#records.history(step, row),
    ];
  }

  /** A copy of a preview among the files to upload; undefined where somebody has removed it. */
  async #keep({
    file,
    prompt = '',
  }: Extract<TrainEvent, { readonly type: 'sample' }>): Promise<RowPicture | undefined> {
    const name = basename(file);
    const copy = join(this.#pictures, name);
    if ((await kindOfPath(copy)) !== 'file') {
      const sample = join(this.#around.samples, name);
      if ((await kindOfPath(sample)) !== 'file') return undefined;
      await writeFileAtomic(copy, await readBytes(sample));
    }
    const { width, height } = readPngHead(await readBytes(copy), copy);
    return { name, width, height, caption: prompt };
  }

  async #append(records: readonly Uint8Array[]): Promise<void> {
    const bytes = encodeRecords(records, this.#position);
    try {
      const handle = await open(this.#log, 'a+');
      try {
        // Of records that could not be written whole, nothing stays.
        if ((await handle.stat()).size > this.#position) await handle.truncate(this.#position);
        await handle.appendFile(bytes);
      } finally {
        await handle.close();
      }
    } catch (cause) {
      throw fileError('write', this.#log, cause);
    }
    this.#position += bytes.length;
  }
}

/** As the client writes a list of pictures. */
function pictureList(pictures: readonly RowPicture[]): NamedValues {
  return {
    _type: 'images/separated',
    ...{ width: pictures[0]?.width, height: pictures[0]?.height, format: 'png' },
    count: pictures.length,
    filenames: pictures.map(({ name }) => `${media}/${name}`),
    captions: pictures.map(({ caption }) => caption),
  };
}

function stepTold(event: TrainEvent): number | undefined {
  return event.type === 'sample' ? event.step : scalarsOf(event)?.step;
}
