/** @file What a data set is called and shows, and which frames were moved: `dataset.json` beside its pictures; its folder's name where there is none. */
import * as z from 'zod';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readJsonIfPresent } from '../../storage/files/json-file.ts';
import { type Frames, framesSchema, setFile } from '../../train/pictures/moved-frames.ts';

export interface DatasetRecord {
  readonly name: string;
  readonly className: string | undefined;
  readonly frames: Frames;
}

const recordSchema = z.object({
  name: z.string().min(1),
  className: z.string().min(1).optional(),
  frames: framesSchema.optional(),
});

/** A record that somebody has damaged is none: nothing but words is lost. */
export async function readDatasetRecord(folder: string, id: string): Promise<DatasetRecord> {
  const found = await readJsonIfPresent(join(folder, setFile), 'data set').catch(() => undefined);
  const { success, data } = recordSchema.safeParse(found);
  return success
    ? { name: data.name, className: data.className, frames: data.frames ?? {} }
    : { name: id, className: undefined, frames: {} };
}

export async function writeDatasetRecord(folder: string, known: DatasetRecord): Promise<void> {
  const { frames, ...words } = known;
  const record = { ...words, ...(Object.keys(frames).length === 0 ? {} : { frames }) };
  await writeFileAtomic(join(folder, setFile), `${JSON.stringify(record, undefined, 2)}\n`);
}
