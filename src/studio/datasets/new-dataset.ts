/** @file A new data set: made out of sight, and then there as a whole. */
import { metadataFile } from '../../data/captions/metadata-captions.ts';
import { isPictureName } from '../../data/skip-reason.ts';
import { rename } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { fileError, systemCodeOf } from '../../storage/file-errors.ts';
import { copyOfFile } from '../../storage/files/copied-file.ts';
import { createFolder, namesIn, removeFolder } from '../../storage/files/folders.ts';
import { temporaryBeside } from '../../storage/files/temporary.ts';
import { freeName } from '../work/plain-name.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { captionFiles } from './dataset-captions.ts';
import { type DatasetFolder, datasetFolders } from './dataset-folders.ts';
import { type DatasetRecord, writeDatasetRecord } from './dataset-record.ts';

/** Characters of an id. */
const longestId = 40;

/** Its folder is called as the set is, in letters and digits; with a number where that is taken. */
export async function makeDataset(
  work: WorkFolder,
  record: DatasetRecord,
  source: DatasetFolder | undefined,
): Promise<DatasetFolder> {
  await createFolder(work.datasets);
  const temporary = temporaryBeside(join(work.datasets, 'new'));
  try {
    await createFolder(temporary);
    if (source !== undefined) await copyPictures(source.folder, temporary);
    await writeDatasetRecord(temporary, record);
    return await placed(work, temporary, idFor(record.name));
  } catch (cause) {
    await removeFolder(temporary);
    throw fileError('write', work.datasets, cause);
  }
}

function idFor(name: string): string {
  const plain = name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  const id = [...plain].slice(0, longestId).join('').replace(/^-|-$/g, '');
  return id === '' ? 'pictures' : id;
}

/** A folder that is not empty is never replaced by a rename: of two at once, one gets the next number. */
async function placed(work: WorkFolder, temporary: string, wanted: string): Promise<DatasetFolder> {
  for (;;) {
    const taken = (await datasetFolders(work)).map(({ id }) => id);
    const id = freeName(wanted, [...taken, ...(await namesIn(work.datasets))]);
    const folder = join(work.datasets, id);
    try {
      await rename(temporary, folder);
      return { id, folder };
    } catch (cause) {
      if (!['ENOTEMPTY', 'EEXIST'].includes(systemCodeOf(cause))) throw cause;
    }
  }
}

/** Copies pictures and their texts. */
async function copyPictures(from: string, to: string): Promise<void> {
  const names = await namesIn(from);
  const pictures = names.filter(isPictureName);
  const texts = pictures.flatMap((picture) => captionFiles(picture, names));
  const lists = names.filter((name) => name === metadataFile);
  for (const name of new Set([...pictures, ...texts, ...lists])) {
    await copyOfFile(join(from, name), join(to, name));
  }
}
