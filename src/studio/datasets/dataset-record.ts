/** @file What a data set is called and shows: `dataset.json` beside its pictures; its folder's name where there is none. */
import * as z from 'zod';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readJsonIfPresent } from '../../storage/files/json-file.ts';

export interface DatasetRecord {
  readonly name: string;
  readonly className: string | undefined;
}

const recordSchema = z.object({ name: z.string().min(1), className: z.string().min(1).optional() });

/** A record that somebody has damaged is none: nothing but words is lost. */
export async function readDatasetRecord(folder: string, id: string): Promise<DatasetRecord> {
  const found = await readJsonIfPresent(join(folder, 'dataset.json'), 'data set').catch(
    () => undefined,
  );
  const { success, data } = recordSchema.safeParse(found);
  return success
    ? { name: data.name, className: data.className }
    : { name: id, className: undefined };
}

export async function writeDatasetRecord(folder: string, record: DatasetRecord): Promise<void> {
  await writeFileAtomic(join(folder, 'dataset.json'), `${JSON.stringify(record, undefined, 2)}\n`);
}
