/** @file What pictures are like, measured once for each state of their files. */
import * as z from 'zod';
import { Turns } from '../../base/turns.ts';
import { decodeImage } from '../../data/image.ts';
import { join } from '../../platform/paths.ts';
import { shrunk } from '../../platform/pictures.ts';
import { cacheFolder, trimCache } from '../../storage/cache-folder.ts';
import { writeFileAtomic } from '../../storage/files/atomic-file.ts';
import { readBytes } from '../../storage/files/binary-file.ts';
import { createFolder } from '../../storage/files/folders.ts';
import { readJsonIfPresent } from '../../storage/files/json-file.ts';
import {
  measuredSize,
  type PictureTraits,
  pictureTraits,
} from '../../train/pictures/picture-traits.ts';
import type { Thumbnails } from '../pictures/sent-pictures.ts';
import type { StudioHost } from '../work/studio-host.ts';

/** Another number for other traits: what was kept of the old ones is not read. */
const version = 1;
const largestCache = 20e6;
/** Pictures after which the cache is looked through. */
const betweenTrims = 200;

const traitsSchema: z.ZodType<PictureTraits> = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  sharpness: z.number(),
  luminances: z.array(z.number()).length(72),
  border: z.array(z.array(z.number()).length(3)).length(28),
});

export class KeptTraits {
  readonly #folder: string;
  readonly #thumbnails: Thumbnails;
  /** A large photograph takes hundreds of megabytes while it is decoded. */
  readonly #turns = new Turns(2);
  #measured = 0;

  constructor(host: Pick<StudioHost, 'environment'>, thumbnails: Thumbnails) {
    this.#folder = join(cacheFolder(host.environment), 'picture-traits');
    this.#thumbnails = thumbnails;
  }

  /** @throws DataError IMAGE_UNREADABLE, IMAGE_TOO_LARGE */
  async of(path: string): Promise<PictureTraits> {
    const tag = await this.#thumbnails.tagOf(path, undefined);
    const kept = join(this.#folder, `${version}-${tag}.json`);
    const known = traitsSchema.safeParse(
      await readJsonIfPresent(kept, 'traits of a picture').catch(() => undefined),
    );
    if (known.success) return known.data;
    const traits = await this.#turns.take(async () => {
      const image = await decodeImage(await readBytes(path), path);
      // Made smaller outside of the thread that answers.
      return pictureTraits(await shrunk(image, measuredSize(image).width), image);
    });
    await this.#keep(kept, traits);
    return traits;
  }

  /** A cache that cannot be written is no reason to know nothing. */
  async #keep(path: string, traits: PictureTraits): Promise<void> {
    try {
      await createFolder(this.#folder);
      await writeFileAtomic(path, JSON.stringify(traits));
      this.#measured += 1;
      if (this.#measured % betweenTrims === 1) {
        await trimCache(this.#folder, largestCache, new Set([path]));
      }
    } catch {
      // Measured again the next time.
    }
  }
}
