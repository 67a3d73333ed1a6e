/** @file Masks beside the pictures of a data set, in the files where a training looks for them. */
import { DataError } from '../../base/errors.ts';
import { sameSize } from '../../data/cover.ts';
import { decodeImage, encodePng } from '../../data/image.ts';
import { masksBeside } from '../../data/masks/mask-files.ts';
import { stemOf } from '../../data/skip-reason.ts';
import { stat } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { namesIn, removeFile } from '../../storage/files/folders.ts';
import type { DatasetMask } from '../interface/dataset-operations.ts';
import { pictureId } from '../pictures/picture-id.ts';
import type { DatasetFolder } from './dataset-folders.ts';
import type { KeptTraits } from './kept-traits.ts';

/**
 * The mask of a picture that a training would take; undefined where there is none.
 *
 * @param names of the folder's files
 */
export async function maskOf(
  { id, folder }: DatasetFolder,
  picture: string,
  names: readonly string[],
): Promise<DatasetMask | undefined> {
  const [name] = masksBeside(picture, names);
  if (name === undefined) return undefined;
  const { mtimeMs, size } = await stat(join(folder, name));
  return { picture: pictureId('dataset', id, name), version: `${Math.round(mtimeMs)}-${size}` };
}

/**
 * Writes the mask of a picture.
 *
 * @param bytes a picture that is white where is learned
 * @throws DataError MASK_SIZE where it is not as large as the picture; MASK_BLACK
 */
export async function writeMask(
  folder: string,
  picture: string,
  { bytes, traits }: { readonly bytes: Uint8Array; readonly traits: KeptTraits },
): Promise<void> {
  const path = join(folder, picture);
  const mask = await decodeImage(bytes, `the mask of ${picture}`);
  const { width, height } = await traits.of(path);
  if (!sameSize(mask, { width, height })) {
    throw new DataError(
      'MASK_SIZE',
      `the mask of ${picture} is ${mask.width} x ${mask.height}, expected the picture's ${width} x ${height}; paint it on this picture`,
    );
  }
  if (mask.data.every((level) => level === 0)) {
    throw new DataError(
      'MASK_BLACK',
      `the mask of ${picture} is black: nothing would be learned; paint what is learned, or remove the mask`,
    );
  }
  const name = `${stemOf(picture)}-masklabel.png`;
  await writeFileAtomic(join(folder, name), await encodePng(mask));
  // Of several one is heeded, which may be another.
  await removeMasks(folder, picture, name);
}

/** Removes the masks of a picture. @param kept the name of one that stays. @default all go */
export async function removeMasks(folder: string, picture: string, kept?: string): Promise<void> {
  for (const name of masksBeside(picture, await namesIn(folder))) {
    if (name !== kept) await removeFile(join(folder, name));
  }
}
