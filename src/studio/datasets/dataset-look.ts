/** @file A data set as it is at the moment: its pictures as they would be trained, and what there is to know of them. */
import { KronaError } from '../../base/errors.ts';
import type { Size } from '../../data/cover.ts';
import { listImageFolder } from '../../data/image-folder.ts';
import { masksBeside } from '../../data/masks/mask-files.ts';
import { stat } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { namesIn } from '../../storage/files/folders.ts';
import { type Frames, frameOf } from '../../train/pictures/moved-frames.ts';
import { pictureCut } from '../../train/pictures/picture-cut.ts';
import { type MeasuredPicture, pictureRemarks } from '../../train/pictures/picture-remarks.ts';
import type {
  Dataset,
  DatasetMask,
  DatasetPicture,
  DatasetSummary,
  DatasetWarning,
} from '../interface/dataset-operations.ts';
import { pictureId } from '../pictures/picture-id.ts';
import { failureOf } from '../work/failure-of.ts';
import { type CaptionPlaces, captionProblem, listsOf, readCaption } from './dataset-captions.ts';
import type { DatasetFolder } from './dataset-folders.ts';
import { maskOf } from './dataset-masks.ts';
import { type DatasetRecord, readDatasetRecord } from './dataset-record.ts';
import type { KeptTraits } from './kept-traits.ts';

const mostThumbnails = 4;

/** What is known without opening a picture. A folder that cannot be listed has none; looking at it says why. */
export async function summaryOf(found: DatasetFolder): Promise<DatasetSummary> {
  const pictures = await picturesIn(found).catch(() => []);
  return await summary(found, pictures, await namesIn(found.folder).catch(() => []));
}

/** What each picture is like, and how it is cut. @throws DataError where the folder cannot be trained on at all */
export async function lookAt(
  found: DatasetFolder,
  sizes: readonly Size[],
  traits: KeptTraits,
): Promise<Dataset> {
  const pictures = await picturesIn(found);
  const names = await namesIn(found.folder);
  const { frames } = await recordOf(found);
  const problems: DatasetWarning[] = [];
  const lists = await listsOf(found.folder).catch((error) => {
    problems.push(unreadable(found, [], captionProblem(error)));
    return undefined;
  });
  const looks = await Promise.all(
    pictures.map((name) => lookAtPicture({ found, name, names, lists }, traits)),
  );
  const measured = looks.flatMap(({ picture }) => picture ?? []);
  return {
    ...(await summary(found, pictures, names)),
    pictures: measured.map((picture) => shown(picture, found, { sizes, frames })),
    warnings: [
      ...problems,
      ...looks.flatMap((look) => look.problems),
      ...pictureRemarks(measured, sizes),
    ],
  };
}

/** Names of what a training takes for pictures, in its order. */
export async function picturesIn({ folder }: DatasetFolder): Promise<readonly string[]> {
  return (await listImageFolder(folder, { mayBeEmpty: true })).names;
}

async function summary(
  found: DatasetFolder,
  pictures: readonly string[],
  names: readonly string[],
): Promise<DatasetSummary> {
  const { id } = found;
  const isBundled = found.bundled !== undefined;
  const thumbnails = pictures
    .slice(0, mostThumbnails)
    .map((name) => pictureId('dataset', id, name));
  const { name, className } = await recordOf(found);
  const hasMasks = pictures.some((picture) => masksBeside(picture, names).length > 0);
  return { id, isBundled, count: pictures.length, thumbnails, hasMasks, name, className };
}

/** What a data set is called and shows. */
export async function recordOf({ id, folder, bundled }: DatasetFolder): Promise<DatasetRecord> {
  if (bundled === undefined) return await readDatasetRecord(folder, id);
  // `teddy_bear2` is teddy bear 2.
  const name = bundled.name.replaceAll(/_|(?<=[a-z])(?=\d)/g, ' ');
  return { name, className: bundled.className, frames: {} };
}

interface MeasuredFile extends MeasuredPicture {
  readonly bytes: number;
  readonly mask: DatasetMask | undefined;
}

interface PictureLook {
  /** Undefined where it cannot be read. */
  readonly picture: MeasuredFile | undefined;
  readonly problems: readonly DatasetWarning[];
}

interface ListedPicture extends Omit<CaptionPlaces, 'folder'> {
  readonly found: DatasetFolder;
  readonly name: string;
}

/** @param names of pictures; none where it is another file */
function unreadable(
  { folder }: DatasetFolder,
  names: readonly string[],
  error: KronaError,
): DatasetWarning {
  const message = error.message.replaceAll(`${folder}/`, '').replaceAll(`${folder}\\`, '');
  return { kind: 'unreadable', names, message, failure: { ...failureOf(error), message } };
}

async function lookAtPicture(
  { found, name, names, lists }: ListedPicture,
  traits: KeptTraits,
): Promise<PictureLook> {
  const { folder } = found;
  const path = join(folder, name);
  const problem = (error: KronaError) => unreadable(found, [name], error);
  const problems: DatasetWarning[] = [];
  const caption = await readCaption(name, { folder, names, lists }).catch((error) => {
    problems.push(problem(captionProblem(error)));
    return undefined;
  });
  try {
    const { size: bytes } = await stat(path);
    const mask = await maskOf(found, name, names);
    return { picture: { ...(await traits.of(path)), name, caption, bytes, mask }, problems };
  } catch (error) {
    if (error instanceof KronaError) return { picture: undefined, problems: [problem(error)] };
    throw error;
  }
}

function shown(
  { name, width, height, bytes, caption, mask, ...rest }: MeasuredFile,
  { id }: DatasetFolder,
  { sizes, frames }: { readonly sizes: readonly Size[]; readonly frames: Frames },
): DatasetPicture {
  const moved = frameOf(frames, name);
  const { part, target } = pictureCut({ width, height, ...rest }, sizes, moved);
  return {
    ...{ name, width, height, bytes, caption, mask },
    picture: pictureId('dataset', id, name),
    crop: part,
    isMoved: moved !== undefined,
    trainedWidth: target.width,
    trainedHeight: target.height,
  };
}
