/** @file What the hub says about a repository: the commit of a revision, the files of a commit, the facts of a file. */
import * as z from 'zod';
import { joinedBytes } from '../../base/bytes.ts';
import { type KronaError, ModelError, SystemError } from '../../base/errors.ts';
import { didYouMean, nearest } from '../../base/nearest.ts';
import { decodeText } from '../../formats/text.ts';
import type { RemoteFile } from './download/blob-download.ts';
import { blobName } from './download/digest.ts';
import { tokenAdvice } from './download/refusal.ts';
import { send, withRetries } from './download/request.ts';
import type { Hub } from './hub.ts';

/** A repository at one moment. */
export interface Listing {
  readonly commit: string;
  /** Paths of all files. */
  readonly files: readonly string[];
  /** The facts of those that the hub tells them of; mirrors may tell none. */
  readonly facts: ReadonlyMap<string, FileFacts>;
}

/** What decides which content a file has. */
interface FileFacts {
  readonly etag: string;
  readonly size: number;
}

const size = z.int().nonnegative();

/** A large file is in Git LFS, and in Git what points to it. */
const siblingSchema = z.looseObject({
  rfilename: z.string(),
  blobId: z.string().optional().catch(undefined),
  size: size.optional().catch(undefined),
  lfs: z.looseObject({ sha256: z.string(), size }).optional().catch(undefined),
});

const listingSchema = z.looseObject({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  siblings: z.array(siblingSchema),
});

function factsTold({ blobId, size, lfs }: z.infer<typeof siblingSchema>): FileFacts | undefined {
  if (lfs !== undefined) return { etag: lfs.sha256, size: lfs.size };
  return blobId === undefined || size === undefined ? undefined : { etag: blobId, size };
}

/**
 * The commit that the revision stands for now, and its files.
 *
 * @param limit how often to try before the network counts as unreachable
 * @throws ModelError HUB_NOT_FOUND, HUB_REVISION_NOT_FOUND, HUB_GATED and others
 * @throws SystemError HUB_UNREACHABLE, HUB_RATE_LIMITED, HUB_FAILED
 */
export async function listRepository(
  hub: Hub,
  { limit }: { readonly limit?: number } = {},
): Promise<Listing> {
  const { repository, revision } = hub.name;
  const path = `${hub.kind.plural}/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
  try {
    const json = await getJson(hub, path, limit);
    const parsed = listingSchema.safeParse(json);
    if (!parsed.success) throw strange(hub, `/api/${path}`);
    const { sha, siblings } = parsed.data;
    const facts = new Map<string, FileFacts>();
    for (const sibling of siblings) {
      const told = factsTold(sibling);
      if (told !== undefined) facts.set(sibling.rfilename, told);
    }
    return { commit: sha, files: siblings.map(({ rfilename }) => rfilename), facts };
  } catch (error) {
    throw await withNearest(hub, error);
  }
}

async function getJson(hub: Hub, path: string, limit?: number): Promise<unknown> {
  return await withRetries(
    hub,
    async () => {
      const response = await send(hub, `${hub.settings.endpoint}/api/${path}`);
      const bytes = await bodyOf(response, () => tooLarge(hub, `/api/${path}`));
      try {
        return JSON.parse(decodeText(bytes, path));
      } catch {
        throw strange(hub, `/api/${path}`);
      }
    },
    limit === undefined ? {} : { limit },
  );
}

/** Bytes of a text at most: a listing of a hundred thousand files has a tenth of it. */
const longestText = 128 * 2 ** 20;

/** The bytes of an answer, given up where it does not end. */
async function bodyOf(response: Response, tooLong: () => Error): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    // Leaving the loop also ends the transfer.
    if (length > longestText) throw tooLong();
    pieces.push(piece);
  }
  return joinedBytes(pieces);
}

function tooLarge(hub: Hub, path: string): SystemError {
  return new SystemError(
    'HUB_ANSWER',
    `${hub.settings.endpoint}${path}: expected a text of at most ${longestText / 2 ** 20} MiB, found a longer one; check HF_ENDPOINT, or whether the network asks to sign in`,
  );
}

function strange(hub: Hub, path: string): SystemError {
  return new SystemError(
    'HUB_ANSWER',
    `${hub.settings.endpoint}${path}: expected an answer of the Hugging Face hub, found something else; check HF_ENDPOINT, or whether the network asks to sign in`,
  );
}

/** The error with the nearest name that does exist, where the hub knows one. */
async function withNearest(hub: Hub, error: unknown): Promise<unknown> {
  if (!(error instanceof ModelError)) return error;
  if (error.code === 'HUB_REVISION_NOT_FOUND') {
    const revisions = await revisionsOf(hub);
    const choice = revisions.length === 0 ? '' : `; it has ${revisions.slice(0, 8).join(', ')}`;
    return extended(error, `${didYouMean(hub.name.revision, revisions) || choice}`);
  }
  if (error.code === 'HUB_NOT_FOUND') {
    const { repository } = hub.name;
    const found = await similarRepositories(hub);
    const [, name] = repository.split('/');
    const near = nearest(repository, found) ?? found.find((id) => id.split('/')[1] === name);
    const hint = near === undefined ? '; check the spelling' : `; did you mean "${near}"?`;
    const path = hub.kind.namedLikePath ? `. And there is no folder ${repository} here` : '';
    return extended(error, `${hint} If it is private: ${tokenAdvice(hub)}${path}`);
  }
  return error;
}

function extended(error: KronaError, text: string): ModelError {
  return new ModelError(error.code, error.message + text, { cause: error });
}

const refsSchema = z.looseObject({
  branches: z.array(z.looseObject({ name: z.string() })),
  tags: z.array(z.looseObject({ name: z.string() })),
});

/** Only for advice: a failure gives none. */
async function revisionsOf(hub: Hub): Promise<readonly string[]> {
  const path = `${hub.kind.plural}/${hub.name.repository}/refs`;
  const json = await getJson(hub, path, 1).catch(() => undefined);
  const { branches = [], tags = [] } = refsSchema.safeParse(json).data ?? {};
  return [...branches, ...tags].map(({ name }) => name);
}

const searchSchema = z.array(z.looseObject({ id: z.string() }));

/** Only for advice: a failure gives none. */
async function similarRepositories(hub: Hub): Promise<readonly string[]> {
  const [, name = ''] = hub.name.repository.split('/');
  const query = `${hub.kind.plural}?search=${encodeURIComponent(name)}&limit=20`;
  const json = await getJson(hub, query, 1).catch(() => undefined);
  return (searchSchema.safeParse(json).data ?? []).map(({ id }) => id);
}

/**
 * A file with its size and etag: as the listing tells them, or else as the file itself does.
 *
 * @throws SystemError HUB_ANSWER where they are not told, or where a text is of no size that is taken
 */
export async function remoteFile(hub: Hub, listing: Listing, path: string): Promise<RemoteFile> {
  const { endpoint } = hub.settings;
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const place = `${hub.kind.prefix}${hub.name.repository}/resolve/${listing.commit}/${encoded}`;
  const url = `${endpoint}/${place}`;
  const facts = { path, ...(listing.facts.get(path) ?? (await askFacts(hub, url))) };
  if (/\.(json|txt)$/.test(path) && facts.size > longestText) {
    throw tooLarge(hub, new URL(url).pathname);
  }
  return { ...facts, url, blob: blobName(facts) };
}

/** Redirections within the hub before a file's facts are found: renamed repositories, cached files. */
const mostHops = 5;

/** Facts of a file. A large file's are those of what the answer links to (X-Linked-ETag, X-Linked-Size). */
async function askFacts(hub: Hub, url: string): Promise<FileFacts> {
  const { etag, size } = await withRetries(hub, async () => {
    let address = url;
    for (let hop = 0; hop < mostHops; hop++) {
      const response = await send(hub, address, { method: 'HEAD', redirect: 'manual' });
      const { headers } = response;
      const location = headers.get('Location');
      const linked = { etag: headers.get('X-Linked-ETag'), size: headers.get('X-Linked-Size') };
      if (linked.etag !== null && linked.size !== null) return linked;
      if (response.ok || location === null) {
        return {
          etag: linked.etag ?? headers.get('ETag'),
          size: linked.size ?? headers.get('Content-Length'),
        };
      }
      const next = new URL(location, address);
      // The token is for the hub alone; a store behind it knows nothing of Git's names anyway.
      if (next.origin !== new URL(hub.settings.endpoint).origin) break;
      address = next.href;
    }
    return { etag: null, size: null };
  });
  // Weak etags (W/"...") name the same content; quotes belong to the header.
  const name = etag?.replace(/^W\//, '').replaceAll('"', '') ?? '';
  const bytes = Number(size ?? Number.NaN);
  if (name === '' || !Number.isSafeInteger(bytes) || bytes < 0) {
    throw strange(hub, new URL(url).pathname);
  }
  return { etag: name, size: bytes };
}
