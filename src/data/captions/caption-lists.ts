/** @file The lists of captions in a training folder and in its sub-folders, and what of them belongs to no picture. */
import { firstNames } from '../../base/quantities.ts';
import { join } from '../../platform/paths.ts';
import type { Skipped } from '../image-folder.ts';
import { metadataCaptions, metadataFile } from './metadata-captions.ts';

/** Captions that lists have for pictures. */
export interface CaptionLists {
  /** The caption of a picture by its name relative to the folder, which is used up with that. */
  take(name: string): string | undefined;
  /** What is in a list and was not taken. */
  left(): readonly Skipped[];
}

/**
 * The lists of a folder, and of the folders inside, whose own come first.
 *
 * @throws FormatError METADATA_INVALID, TEXT_ENCODING
 */
export async function captionLists(
  folder: string,
  inside: readonly string[],
): Promise<CaptionLists> {
  const lists: { readonly part: string; readonly captions: Map<string, string> }[] = [];
  for (const part of [...inside, '']) {
    const captions = await metadataCaptions(join(folder, part));
    if (captions !== undefined) lists.push({ part, captions: new Map(captions) });
  }
  /** The name in a folder's list; undefined of a picture that lies elsewhere. */
  const within = (part: string, name: string) => {
    const posix = name.replaceAll('\\', '/');
    if (part === '') return posix;
    return posix.startsWith(`${part}/`) ? posix.slice(part.length + 1) : undefined;
  };
  return {
    take: (name) => {
      for (const { part, captions } of lists) {
        const own = within(part, name);
        const text = own === undefined ? undefined : captions.get(own);
        if (own === undefined || text === undefined) continue;
        captions.delete(own);
        return text;
      }
      return undefined;
    },
    left: () =>
      lists
        .filter(({ captions }) => captions.size > 0)
        .map(({ part, captions }) => ({
          name: join(part, metadataFile),
          reason: `names ${firstNames([...captions.keys()])}, of which no picture is here, or one that has its caption beside it`,
        })),
  };
}
