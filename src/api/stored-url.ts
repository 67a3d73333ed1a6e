/** @file A file of any address, kept among the files of a page: what broke off goes on where it was. */
import { SystemError } from '../base/errors.ts';
import { open, rename, stat } from '../platform/files.ts';
import { dirname } from '../platform/paths.ts';
import { requestHeaders, requestSettings } from '../platform/requests.ts';
import { fileError } from '../storage/file-errors.ts';
import { writeFileAtomic } from '../storage/files/atomic-file.ts';
import { createFolder, removeFile } from '../storage/files/folders.ts';
import { readTextIfPresent } from '../storage/files/text-file.ts';
import { requireSpace } from '../storage/free-space.ts';
import { kindOfPath } from '../storage/path-kind.ts';

export interface UrlHost {
  /** Stops the download; what has arrived is kept. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes have arrived, of how many where the host says it. */
  readonly onProgress?: ((received: number, total: number | undefined) => void) | undefined;
}

/**
 * Downloads a file to where the page keeps its own, unless it is there: a checkpoint to give as `base`, an adapter. Where
 * it broke off before, it goes on, if the host shows pages an ETag that is still the same.
 *
 * @param path where it is kept: `/models/dreamshaper.safetensors`
 * @throws SystemError URL_FAILED where the host does not send it to pages of other sites, or not whole; DISK_FULL; the
 *   signal's reason
 * @example
 * ```ts
 * await storeUrl('/models/mine.safetensors', 'https://example.com/mine.safetensors');
 * await train({ base: '/models/mine.safetensors', images, subject: 'sks dog', out: '/runs/dog' });
 * ```
 */
export async function storeUrl(path: string, url: string, host: UrlHost = {}): Promise<void> {
  if ((await kindOfPath(path)) !== 'nothing') return;
  await createFolder(dirname(path));
  const partial = `${path}.part`;
  const { answer, position } = await answerFrom(url, partial, host);
  const length = answer.headers.get('content-length');
  const total = length === null ? undefined : position + Number(length);
  if (length !== null) {
    await requireSpace({ folder: dirname(path), bytes: Number(length), what: url });
  }
  const received = await receive(answer, { partial, position, total, host });
  // More, where it was compressed on its way.
  if (total !== undefined && received < total) {
    throw failed(url, `it sent ${received} of ${total} bytes`);
  }
  await rename(partial, path);
  await removeFile(markOf(partial));
}

/** Where the version of what has arrived is kept, which makes it worth going on with. */
const markOf = (partial: string): string => `${partial}.etag`;

async function answerFrom(url: string, partial: string, { signal }: UrlHost) {
  const mark = await readTextIfPresent(markOf(partial));
  const isPartial = mark !== undefined && (await kindOfPath(partial)) === 'file';
  const position = isPartial ? (await stat(partial)).size : 0;
  if (position > 0) {
    const answer = await asked(url, { Range: `bytes=${position}-` }, signal);
    if (answer.status === 206 && answer.headers.get('etag') === mark) return { answer, position };
    await answer.body?.cancel();
  }
  const answer = await asked(url, {}, signal);
  if (!answer.ok) throw failed(url, `its host answers ${answer.status} ${answer.statusText}`);
  await removeFile(partial);
  const etag = answer.headers.get('etag');
  if (etag === null) await removeFile(markOf(partial));
  else await writeFileAtomic(markOf(partial), etag);
  return { answer, position: 0 };
}

async function asked(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    const all = { ...requestHeaders, ...headers };
    return await fetch(url, { ...requestSettings, headers: all, signal: signal ?? null });
  } catch (cause) {
    signal?.throwIfAborted();
    throw failed(
      url,
      'there is no connection, or its host lets no page of another site read it (it would send "Access-Control-Allow-Origin")',
      cause,
    );
  }
}

interface Receiving {
  readonly partial: string;
  readonly position: number;
  readonly total: number | undefined;
  readonly host: UrlHost;
}

/** @returns how many bytes there are */
async function receive(
  { body, url }: Response,
  { partial, position, total, host: { onProgress, signal } }: Receiving,
): Promise<number> {
  let received = position;
  const handle = await open(partial, 'a');
  try {
    for await (const part of body ?? []) {
      await handle.writeFile(part).catch((cause: unknown) => {
        throw fileError('write', partial, cause);
      });
      received += part.length;
      onProgress?.(received, total);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof SystemError) throw cause;
    throw failed(url, `the connection broke after ${received} bytes, which are kept`, cause);
  } finally {
    await handle.close();
  }
  return received;
}

function failed(url: string, why: string, cause?: unknown): SystemError {
  return new SystemError(
    'URL_FAILED',
    `cannot download ${url}: ${why}; try again, or give the file itself`,
    {
      cause,
    },
  );
}
