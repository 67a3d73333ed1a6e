/** @file The files of masks that belong to the pictures of a folder. */
import { DataError } from '../../base/errors.ts';
import { join } from '../../platform/paths.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { kindOfPath } from '../../storage/path-kind.ts';
import { isPictureName, stemOf } from '../skip-reason.ts';
import { maskedStem } from './masked-stem.ts';

/** Where masks are: beside their pictures, or in a folder of their own, whose sub-folders are named as theirs. */
export interface MaskPlace {
  readonly folder?: string | undefined;
}

/** Masks of pictures in one folder. */
export interface MaskFiles {
  readonly folder: string;
  /** The name of a picture's mask there; undefined where it has none. */
  readonly of: (picture: string) => string | undefined;
  /** Pictures there by their names, none of which need be the mask of anything. */
  readonly names: readonly string[];
}

/**
 * The masks for the pictures of a folder.
 *
 * @param part the folder below that of the training
 * @throws DataError FOLDER_MISSING where there is no folder of masks
 */
export async function masksFor(
  pictures: string,
  part: string,
  { folder }: MaskPlace,
): Promise<MaskFiles> {
  const below = folder === undefined ? pictures : join(folder, part);
  const own = below === pictures ? undefined : below;
  if (own !== undefined && (await kindOfPath(own)) !== 'folder') {
    throw new DataError(
      'FOLDER_MISSING',
      `maskImages: expected a folder of masks at ${own}, for the pictures of ${pictures}; give the folder that holds them, with the sub-folders of the pictures, or leave \`maskImages\` out for masks beside the pictures`,
    );
  }
  const place = own ?? pictures;
  const names = (await namesIn(place)).filter(isPictureName);
  return { folder: place, names, of: (picture) => maskOf(picture, names, own !== undefined) };
}

/** The first that is there: of the same name in a folder of their own, OneTrainer's, another program's. */
function maskOf(
  picture: string,
  names: readonly string[],
  isOwnFolder: boolean,
): string | undefined {
  const same = names.filter((name) => stemOf(name) === stemOf(picture));
  return [...(isOwnFolder ? same : []), ...masksBeside(picture, names)][0];
}

/** Masks of a picture by their names, the one that is taken first. */
export function masksBeside(picture: string, names: readonly string[]): readonly string[] {
  const stem = stemOf(picture);
  const stems = new Set([stem]);
  const found = names.filter(
    (name) => isPictureName(name) && maskedStem(stemOf(name), stems) === stem,
  );
  const isLabelled = (name: string) => maskedStem(stemOf(name), new Set()) !== undefined;
  return [...found.filter(isLabelled), ...found.filter((name) => !isLabelled(name))];
}
