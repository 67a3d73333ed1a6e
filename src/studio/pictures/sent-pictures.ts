/** @file Pictures made small for pages, kept in the cache until others need the room. */

import { Turns } from '../../base/turns.ts';
import { decodeImage, encodeWebp } from '../../data/image.ts';
import { stat } from '../../platform/files.ts';
import { createHash } from '../../platform/hashes.ts';
import { join } from '../../platform/paths.ts';
import { shrunk } from '../../platform/pictures.ts';
import { cacheFolder, markUsed, trimCache } from '../../storage/cache-folder.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { createFolder } from '../../storage/files/folders.ts';
import { kindOfPath } from '../../storage/path-kind.ts';
import type { StudioHost } from '../work/studio-host.ts';
import { pictureTypeOf } from './picture-type.ts';

export interface SentPicture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mime: string;
}

/** Widths that there are, so that no page can fill the disk with all others. */
const widths = [96, 160, 240, 320, 480, 640, 960, 1280, 1920];
const largestCache = 300e6;
/** Thumbnails after which the cache is looked through. */
const betweenTrims = 200;

/** Sends pictures as pages can show them. */
export class Thumbnails {
  readonly #host: Pick<StudioHost, 'environment' | 'now'>;
  /** A large photograph takes hundreds of megabytes while it is decoded. */
  readonly #turns = new Turns(2);
  #made = 0;

  constructor(host: Pick<StudioHost, 'environment' | 'now'>) {
    this.#host = host;
  }

  /** What decides the bytes of a picture, without reading it. */
  async tagOf(path: string, width: number | undefined): Promise<string> {
    const { ino, size, mtimeMs } = await stat(path);
    const text = JSON.stringify([path, ino, size, mtimeMs, widthAbove(width)]);
    return createHash('sha256').update(text).digest('hex').slice(0, 32);
  }

  /**
   * A picture, no wider than given, or whole.
   *
   * @throws DataError IMAGE_UNREADABLE, IMAGE_TOO_LARGE
   */
  async picture(path: string, width: number | undefined): Promise<SentPicture> {
    if (width !== undefined) return await this.#small(path, width);
    const bytes = await readBytes(path);
    const type = pictureTypeOf(bytes);
    if (type !== undefined && type.isShown !== false) return { bytes, mime: type.mime };
    // Other formats are shown as one that every browser has.
    const webp = await this.#turns.take(async () => encodeWebp(await decodeImage(bytes, path), 95));
    return { bytes: webp, mime: 'image/webp' };
  }

  async #small(path: string, width: number): Promise<SentPicture> {
    const folder = join(cacheFolder(this.#host.environment), 'thumbnails');
    const kept = join(folder, `${await this.tagOf(path, width)}.webp`);
    if ((await kindOfPath(kept)) === 'file') {
      await markUsed(kept, this.#host.now());
      return { bytes: await readBytes(kept), mime: 'image/webp' };
    }
    const bytes = await this.#turns.take(async () => {
      const image = await decodeImage(await readBytes(path), path);
      return await encodeWebp(await shrunk(image, widthAbove(width) ?? width), 82);
    });
    await this.#keep(folder, kept, bytes);
    return { bytes, mime: 'image/webp' };
  }

  /** A cache that cannot be written is no reason to show nothing. */
  async #keep(folder: string, path: string, bytes: Uint8Array): Promise<void> {
    try {
      await createFolder(folder);
      await writeFileAtomic(path, bytes);
      this.#made += 1;
      if (this.#made % betweenTrims === 1) await trimCache(folder, largestCache, new Set([path]));
    } catch {
      // Shown, and made again the next time.
    }
  }
}

/** The least of the widths that is enough. */
function widthAbove(width: number | undefined): number | undefined {
  if (width === undefined) return undefined;
  return widths.find((each) => each >= width) ?? widths.at(-1);
}
