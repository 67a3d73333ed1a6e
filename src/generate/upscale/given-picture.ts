/** @file A picture to enlarge: read, with the prompts that stand inside it. */
import { decodeImage, type Image } from '../../data/image.ts';
import { isPng } from '../../formats/png/png-chunks.ts';
import { readPngText } from '../../formats/png/png-text.ts';
import { basename, extname } from '../../platform/paths.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { foundSettings } from '../settings/found-settings.ts';

/** A picture and what it says of itself. */
export interface GivenPicture {
  /** Of its file, without its ending. */
  readonly name: string;
  readonly image: Image;
  /** Prompts of its own, as generating takes them; empty where it holds none. */
  readonly prompts: {
    readonly prompt?: string;
    readonly negative?: string;
    readonly promptSyntax?: 'a1111' | 'plain';
  };
}

/**
 * Reads a picture.
 *
 * @throws DataError IMAGE_UNREADABLE; SystemError FILE_NOT_FOUND
 */
export async function readGiven(path: string): Promise<GivenPicture> {
  const bytes = await readBytes(path);
  const name = basename(path).slice(0, -extname(path).length || undefined);
  return { name, image: await decodeImage(bytes, path), prompts: promptsIn(bytes, path) };
}

function promptsIn(bytes: Uint8Array, path: string): GivenPicture['prompts'] {
  if (!isPng(bytes)) return {};
  const { prompt, negative, promptSyntax } =
    foundSettings(readPngText(bytes, path))?.settings ?? {};
  return {
    ...(typeof prompt === 'string' && { prompt }),
    ...(typeof negative === 'string' && { negative }),
    ...((promptSyntax === 'a1111' || promptSyntax === 'plain') && { promptSyntax }),
  };
}
