/** @file Downloads one file into the cache: goes on where an earlier attempt ended, checks the content, appears as a whole. */
import { FormatError } from '../../../base/errors.ts';
import { type FileHandle, open, rename } from '../../../platform/files.ts';
import { fileError } from '../../file-errors.ts';
import { removeFile } from '../../files/folders.ts';
import { type RepositoryCache, sizeOf } from '../cache-layout.ts';
import type { Hub } from '../hub.ts';
import { withLock } from './blob-lock.ts';
import { type ContentCheck, checkOf } from './digest.ts';
import type { Meter } from './meter.ts';
import { send, unreachable, withRetries } from './request.ts';

/** A file of a repository at one commit. */
export interface RemoteFile {
  /** In the repository: `unet/config.json`. */
  readonly path: string;
  readonly url: string;
  readonly etag: string;
  /** What its content is called in the cache. */
  readonly blob: string;
  readonly size: number;
}

/**
 * Makes sure that a file's content is among the blobs.
 *
 * @throws FormatError HUB_CHECKSUM where what arrives is not what the hub announced; nothing is kept
 * @throws SystemError where the network or the disk fails; what has arrived is kept
 */
export async function downloadBlob(
  hub: Hub,
  file: RemoteFile,
  { cache, meter }: { readonly cache: RepositoryCache; readonly meter: Meter },
): Promise<void> {
  const blob = cache.blob(file.blob);
  const isThere = async () => {
    if ((await sizeOf(blob)) !== file.size) return false;
    meter.found(file.path, file.size);
    return true;
  };
  if (await isThere()) return;
  await withLock(hub, cache.lock(file.blob), async () => {
    if (await isThere()) return;
    const partial = cache.partial(file.blob);
    const inherited = await sizeOf(partial);
    if (await fetchInto(hub, partial, { file, meter })) return await publish(partial, blob);
    await removeFile(partial);
    meter.discarded(file.path, file.size);
    // After a crash the disk may hold less than it said: an inherited part gets a second chance from the start.
    const isSound = inherited !== undefined && (await fetchInto(hub, partial, { file, meter }));
    if (isSound) return await publish(partial, blob);
    await removeFile(partial);
    throw new FormatError(
      'HUB_CHECKSUM',
      `${hub.name.repository}: ${file.path} arrived damaged: its checksum is not the ${file.etag} that ${hub.settings.endpoint} announces; the file was removed, run the command again`,
    );
  });
}

interface Target {
  readonly file: RemoteFile;
  readonly meter: Meter;
}

/** Fills the partial file; false where its content is wrong. */
async function fetchInto(hub: Hub, partial: string, target: Target): Promise<boolean> {
  const { file, meter } = target;
  try {
    // Creates it or keeps what is there; this mode alone would write at the end, whatever the position.
    await (await open(partial, 'a')).close();
    const handle = await open(partial, 'r+');
    try {
      const writer = await PartialFile.resume(handle, target);
      await withRetries(hub, async (gotFurther) => {
        if (writer.position < file.size) await receive(hub, writer, gotFurther);
      });
      await handle.truncate(file.size);
      await handle.sync();
      if (file.size === 0) meter.received(file.path, 0);
      return writer.matches();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    hub.signal.throwIfAborted();
    throw fileError('write', partial, cause);
  }
}

/** Bytes read at once from what is there already. */
const blockBytes = 2 ** 20;

/** A file that grows from its front, with the check of its content. */
class PartialFile {
  position = 0;
  /** The largest position so far: after a restart nothing is gained until it is passed. */
  furthest = 0;
  readonly target: Target;
  readonly #handle: FileHandle;
  #check: ContentCheck;

  private constructor(handle: FileHandle, target: Target) {
    this.#handle = handle;
    this.target = target;
    this.#check = checkOf(target.file.etag, target.file.size);
  }

  /** Takes over the part of the content that the file holds. */
  static async resume(handle: FileHandle, target: Target): Promise<PartialFile> {
    const partial = new PartialFile(handle, target);
    const block = new Uint8Array(blockBytes);
    for (;;) {
      const wanted = Math.min(blockBytes, target.file.size - partial.position);
      const { bytesRead } = await handle.read(block, 0, wanted, partial.position);
      if (bytesRead === 0) break;
      partial.#check.update(block.subarray(0, bytesRead));
      partial.position += bytesRead;
    }
    if (partial.position > 0) target.meter.found(target.file.path, partial.position);
    partial.furthest = partial.position;
    return partial;
  }

  async append(bytes: Uint8Array): Promise<void> {
    // At its own place: a second writer, should a lock ever break, writes the same bytes there.
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(
        bytes,
        written,
        bytes.length - written,
        this.position + written,
      );
      written += bytesWritten;
    }
    this.#check.update(bytes);
    this.position += bytes.length;
    this.target.meter.received(this.target.file.path, bytes.length);
  }

  /** Begins again; what is there will be written over. */
  restart(): void {
    const { file, meter } = this.target;
    meter.discarded(file.path, this.position);
    this.position = 0;
    this.#check = checkOf(file.etag, file.size);
  }

  matches(): boolean {
    return this.position === this.target.file.size && this.#check.matches();
  }
}

/** Bytes a second that a transfer must bring: with fewer, a gigabyte would take more than a month. */
const slowest = 256;
/** Bytes from which an attempt that broke off counts as progress: a server that sends one and hangs up makes none. */
const leastGain = 4096;

/** One request for what is missing. */
async function receive(hub: Hub, partial: PartialFile, gotFurther: () => void): Promise<void> {
  const { file } = partial.target;
  const furthest = partial.furthest;
  const stalled = new AbortController();
  let sinceLook = 0;
  const look = () => {
    const least = (slowest * hub.patience) / 1000;
    if (sinceLook < least) stalled.abort(new Error(slowness(hub, sinceLook)));
    sinceLook = 0;
  };
  const timer = setInterval(look, hub.patience);
  try {
    const from = partial.position;
    const response = await send(hub, file.url, {
      headers: from === 0 ? {} : { Range: `bytes=${from}-` },
      signal: AbortSignal.any([hub.signal, stalled.signal]),
    });
    if (!continuesAt(response, from) && from > 0) partial.restart();
    for await (const bytes of pieces(hub, response)) {
      sinceLook += bytes.length;
      // More than announced is wrong content; the rest of it is of no interest.
      await partial.append(bytes.subarray(0, file.size - partial.position));
      partial.furthest = Math.max(partial.furthest, partial.position);
      if (partial.position === file.size) break;
    }
  } finally {
    clearInterval(timer);
    // What came too slowly is kept, but would be followed for ever if it counted.
    const gained = partial.furthest - furthest;
    if (!stalled.signal.aborted && gained >= leastGain) gotFurther();
  }
  if (partial.position < file.size) {
    throw unreachable(hub, new Error(`${file.path} broke off at byte ${partial.position}`));
  }
}

function slowness({ patience }: Hub, bytes: number): string {
  const seconds = patience / 1000;
  return bytes === 0
    ? `no data came for ${seconds} s`
    : `only ${bytes} bytes came in ${seconds} s, expected ${slowest} a second; another connection or a mirror (HF_ENDPOINT) may be faster`;
}

/** A server that does not know ranges sends the whole file, with status 200. A page may not be shown which range came. */
function continuesAt(response: Response, from: number): boolean {
  const range = response.headers.get('Content-Range') ?? `bytes ${from}-`;
  return response.status === 206 && range.startsWith(`bytes ${from}-`);
}

async function* pieces(hub: Hub, response: Response): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body ?? [];
  } catch (cause) {
    hub.signal.throwIfAborted();
    throw unreachable(hub, cause);
  }
}

async function publish(partial: string, blob: string): Promise<void> {
  try {
    await rename(partial, blob);
  } catch (cause) {
    // Another process was faster: content of the same name is the same.
    if ((await sizeOf(blob)) !== undefined) return;
    throw fileError('write', blob, cause);
  }
}
