/** @file A folder of training pictures: captions beside them, and how often each is shown. */
import { DataError } from '../base/errors.ts';
import { basename, dirname, extname, join } from '../platform/paths.ts';
import { folderEntries } from '../storage/files/folder-entries.ts';
import { readTextIfPresent } from '../storage/files/text-file.ts';
import { captionLists } from './captions/caption-lists.ts';
import type { Image } from './image.ts';
import { readImageFolder, type Skipped } from './image-folder.ts';
import { type MaskPlace, masksFor } from './masks/mask-files.ts';
import { captionExtensions, type SkipReason, stemOf } from './skip-reason.ts';

export interface TrainingFolderOptions {
  /** Whether `dog1.txt`, or a line of `metadata.jsonl`, is the caption of `dog1.jpg`. */
  readonly captions: boolean;
  /** Whether each line of a caption is one of its own. @default all lines are one */
  readonly captionLines?: boolean;
  /** How often a picture is shown in an epoch where its folder's name does not say. */
  readonly repeats: number;
  /** Where their masks are. @default none are looked for */
  readonly maskFiles?: MaskPlace | undefined;
}

/** A picture of a training folder. */
export interface TrainingPicture<Prepared> {
  /** Relative to the folder. */
  readonly name: string;
  readonly image: Prepared;
  /** Its captions; none where the run's prompt stands for them. */
  readonly captions: readonly string[];
  readonly repeats: number;
  /** Path of its mask, where it has one. */
  readonly mask: string | undefined;
}

export interface TrainingFolder<Prepared> {
  readonly pictures: readonly TrainingPicture<Prepared>[];
  readonly skipped: readonly Skipped[];
}

/** kohya's convention: the pictures of `10_dog` are shown ten times in an epoch. */
const numbered = /^([1-9]\d*)_/;

/**
 * Reads a folder of training pictures and its sub-folders named like `10_dog`.
 *
 * @param prepare gets the picture and its name relative to the folder
 * @throws DataError as readImageFolder(), CAPTION_EMPTY, or FOLDER_MISSING of masks; FormatError TEXT_ENCODING where a caption
 *   is not UTF-8, METADATA_INVALID
 */
export async function readTrainingFolder<Prepared>(
  folder: string,
  options: TrainingFolderOptions,
  prepare: (image: Image, name: string) => Prepared,
): Promise<TrainingFolder<Prepared>> {
  const inside = await numberedFolders(folder);
  const pictures: TrainingPicture<Prepared>[] = [];
  const skipped: Skipped[] = [];
  const lists = options.captions ? await captionLists(folder, inside) : undefined;
  for (const part of ['', ...inside]) {
    const path = join(folder, part);
    const isRoot = part === '' && inside.length > 0;
    const repeats = repeatsOf(part === '' ? basename(path) : part) ?? options.repeats;
    // Beside numbered folders there need not be pictures.
    const prepareHere = (image: Image, name: string) => prepare(image, join(part, name));
    const found = await readImageFolder(path, prepareHere, { mayBeEmpty: isRoot });
    const names = options.captions ? (await folderEntries(path)).map(({ name }) => name) : [];
    const used = new Set<string>();
    const masks = options.maskFiles && (await masksFor(path, part, options.maskFiles));
    for (const { path: file, image } of found.images) {
      const mask = masks?.of(basename(file));
      if (masks !== undefined && mask !== undefined) used.add(join(masks.folder, mask));
      const name = join(part, basename(file));
      const caption = options.captions ? await captionOf(file, names) : undefined;
      if (caption !== undefined) used.add(caption.file);
      const text = caption?.text ?? lists?.take(name);
      pictures.push({
        ...{ name, image, captions: text === undefined ? [] : captionsIn(text, options), repeats },
        mask: masks && mask && join(masks.folder, mask),
      });
    }
    for (const each of found.skipped) {
      if (inside.includes(each.name) && isRoot) continue;
      if (used.has(join(path, each.name))) continue;
      if (lists !== undefined && each.kind === 'caption list') continue;
      const reason = reasonBeside(each, { ...options, isRoot });
      skipped.push({ name: join(part, each.name), reason });
    }
    if (masks === undefined || masks.folder === path) continue;
    for (const mask of masks.names.map((name) => join(masks.folder, name))) {
      if (!used.has(mask)) skipped.push({ name: mask, reason: otherMask });
    }
  }
  return { pictures, skipped: [...skipped, ...(lists?.left() ?? [])] };
}

function repeatsOf(name: string): number | undefined {
  const found = numbered.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

/**
 * Sub-folders whose pictures are trained on.
 *
 * @throws DataError NAME_ENCODING where one cannot be opened by its name
 */
async function numberedFolders(folder: string): Promise<readonly string[]> {
  const entries = await folderEntries(folder).catch(() => []); // readImageFolder() says why
  const found = entries.filter(({ name, isFolder }) => isFolder && numbered.test(name));
  const damaged = found.find(({ isUtf8 }) => !isUtf8);
  if (damaged === undefined) return found.map(({ name }) => name).sort();
  throw new DataError(
    'NAME_ENCODING',
    `${folder}: expected names in UTF-8, found the folder "${damaged.name}" in another encoding (\\x and its bytes); rename it`,
  );
}

const otherMask = 'a mask of no picture here, or of one that has its mask already';

/** What training can say of a file beyond its name. */
function reasonBeside(
  { kind, reason }: SkipReason,
  { isRoot, captions, maskFiles }: TrainingFolderOptions & { readonly isRoot: boolean },
): string {
  switch (kind) {
    case 'mask':
      return maskFiles !== undefined && maskFiles.folder === undefined ? otherMask : reason;
    case 'caption':
      return captions ? 'of no picture here, or of one that has its caption already' : reason;
    case 'folder':
      return isRoot
        ? 'a sub-folder; beside numbered ones only such as 10_dog are read, and pictures of the class where priorImages names their folder'
        : reason;
    case 'caption list':
    case 'other':
      return reason;
    default:
      return kind satisfies never;
  }
}

interface Caption {
  readonly file: string;
  readonly text: string;
}

/**
 * The text beside a picture; undefined where there is none.
 *
 * @param names of the folder's files
 */
async function captionOf(picture: string, names: readonly string[]): Promise<Caption | undefined> {
  for (const name of captionNames(basename(picture), names)) {
    const file = join(dirname(picture), name);
    const text = await readTextIfPresent(file);
    if (text === undefined) continue;
    if (text.trim() !== '') return { file, text };
    throw new DataError(
      'CAPTION_EMPTY',
      `${file} is empty; write the picture's caption into it, or remove it to use the prompt`,
    );
  }
  return undefined;
}

/**
 * Names that the caption of a picture may have, the first that is there being it.
 *
 * @param names of the folder's files: an ending may be in capitals
 */
export function captionNames(picture: string, names: readonly string[]): readonly string[] {
  const stem = stemOf(picture);
  return captionExtensions.flatMap((extension) => {
    const usual = `${stem}${extension}`;
    const others = names.filter(
      (name) =>
        name !== usual && stemOf(name) === stem && extname(name).toLowerCase() === extension,
    );
    return [usual, ...others];
  });
}

/** The captions of a text that is not empty. */
function captionsIn(
  text: string,
  { captionLines = false }: Pick<TrainingFolderOptions, 'captionLines'>,
): readonly string[] {
  if (!captionLines) return [captionLine(text)];
  return text
    .split(/\r?\n/)
    .map(captionLine)
    .filter((caption) => caption !== '');
}

/** A caption as it is taken: in one line. */
export function captionLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
