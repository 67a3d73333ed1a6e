/** @file Pictures that pages send: written as they come, looked at, and only then there. */
import { DataError } from '../../base/errors.ts';
import { Turns } from '../../base/turns.ts';
import { decodeImage } from '../../data/image.ts';
import type { FileHandle } from '../../platform/files.ts';
import { basename, dirname, join } from '../../platform/paths.ts';
import { createFile } from '../../storage/files/atomic-file.ts';
import { createFolder, namesIn } from '../../storage/files/folders.ts';
import { freeName } from '../work/plain-name.ts';
import { type PictureType, pictureTypeOf } from './picture-type.ts';
import { nameOfSent } from './sent-name.ts';

/** Bytes of a file. */
const largest = 50e6;
/** Files of a folder. */
const most = 500;

/** What a page sends. */
export interface SentFile {
  readonly name: string;
  readonly body: ReadableStream<Uint8Array>;
}

export class ReceivedPictures {
  readonly #turns = new Turns(2);
  /** Paths of files that are still coming. */
  readonly #coming = new Set<string>();

  /**
   * Takes a picture into a folder; a name that is taken gets a number.
   *
   * @throws DataError NAME_NOT_A_PATH, TOO_LARGE, TOO_MANY_PICTURES, IMAGE_UNREADABLE, IMAGE_TOO_LARGE
   */
  async take(folder: string, { name: sent, body }: SentFile): Promise<string> {
    const reader = body.getReader();
    try {
      const first = await beginning(reader);
      const type = pictureTypeOf(first);
      if (type === undefined) throw notOfOurs(sent);
      const name = await this.#reserved(folder, nameOfSent(sent, type));
      try {
        await this.#written(join(folder, name), { first, reader, type });
      } finally {
        this.#coming.delete(join(folder, name));
      }
      return name;
    } finally {
      await reader.cancel().catch(() => {});
    }
  }

  async #reserved(folder: string, name: string): Promise<string> {
    await createFolder(folder);
    const names = await namesIn(folder);
    if (names.length >= most) {
      throw new DataError(
        'TOO_MANY_PICTURES',
        `there are ${names.length} files already, and at most ${most} are taken; a subject needs few`,
        { details: { most: String(most) } },
      );
    }
    const coming = [...this.#coming].filter((path) => dirname(path) === folder);
    const free = freeName(name, [...names, ...coming.map((path) => basename(path))]);
    this.#coming.add(join(folder, free));
    return free;
  }

  async #written(path: string, { first, reader, type }: Coming): Promise<void> {
    await createFile(path, async (handle) => {
      const bytes = await writtenTo(handle, first, reader);
      await this.#turns.take(async () => {
        const content = new Uint8Array(bytes);
        await handle.read(content, 0, bytes, 0);
        await decodeImage(content, `the ${type.mime} that was sent`);
      });
    });
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

interface Coming {
  readonly first: Uint8Array;
  readonly reader: Reader;
  readonly type: PictureType;
}

/** Enough bytes to know the type by. */
async function beginning(reader: Reader): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array();
  while (bytes.length < 12) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes = new Uint8Array([...bytes, ...value]);
  }
  return bytes;
}

/** Writes all that comes and returns how much it was. */
async function writtenTo(handle: FileHandle, first: Uint8Array, reader: Reader): Promise<number> {
  let bytes = 0;
  for (let piece: Uint8Array | undefined = first; piece !== undefined; ) {
    bytes += piece.length;
    if (bytes > largest) {
      const most = `${largest / 1e6} MB`;
      throw new DataError('TOO_LARGE', `a picture may have ${most}; make it smaller`, {
        details: { most },
      });
    }
    await handle.writeFile(piece);
    piece = (await reader.read()).value;
  }
  return bytes;
}

function notOfOurs(name: string): DataError {
  return new DataError(
    'IMAGE_UNREADABLE',
    `${JSON.stringify(name.slice(0, 120))} is no PNG, JPEG, WebP or HEIC, whatever its name says; save it as one`,
  );
}
