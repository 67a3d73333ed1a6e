/** @file A repository of the hub as a folder: from the cache where it is complete, otherwise downloaded into it. */
import { DataError, ModelError, SystemError } from '../../base/errors.ts';
import { inParallel } from '../../base/turns.ts';
import { readdir } from '../../platform/files.ts';
import { join } from '../../platform/paths.ts';
import { fileError, systemCodeOf } from '../file-errors.ts';
import { createFolder } from '../files/folders.ts';
import { readJson } from '../files/json-file.ts';
import { pathInside } from '../files/path-inside.ts';
import { requireSpace } from '../free-space.ts';
import {
  placeBlob,
  type RepositoryCache,
  readRef,
  repositoryCache,
  sizeOf,
  writeRef,
} from './cache-layout.ts';
import { downloadBlob, type RemoteFile } from './download/blob-download.ts';
import { createMeter } from './download/meter.ts';
import { type ChoiceOptions, chooseFiles, modelIndex } from './file-choice.ts';
import { type Hub, openHub } from './hub.ts';
import type { HubHost } from './hub-events.ts';
import { formatHubName, type HubName, isCommit } from './hub-name.ts';
import { type Listing, listRepository, remoteFile } from './repository.ts';
import { repositoryKinds } from './repository-kind.ts';

/** Enough to hide the way to the server, few enough not to annoy it. */
const requestsAtOnce = 4;

/** What was wanted of a repository, in the cache. */
export interface HubSnapshot {
  /** Laid out as the repository is; it may lack what was not wanted. */
  readonly folder: string;
  readonly commit: string;
  /** Names this very content: `owner/name@<commit>`, and the variant. */
  readonly name: string;
}

export interface HubModelOptions {
  /** The file that says what the repository is. @default model_index.json */
  readonly indexFile?: string;
  /** Throws where the model is of no use, judging by that file, before anything large is downloaded. */
  readonly accept?: (index: unknown, path: string) => void;
  /** Which of its files are needed. @default all to compute with */
  readonly choose?: typeof chooseFiles;
}

/**
 * The folder of a model of the hub, downloaded as far as it is not in the cache.
 *
 * @throws ModelError HUB_NOT_FOUND, HUB_GATED, HUB_OFFLINE, HUB_NO_SAFETENSORS and others
 * @throws SystemError HUB_UNREACHABLE, HUB_RATE_LIMITED, DISK_FULL and others; what has arrived is kept
 * @throws FormatError HUB_CHECKSUM
 */
export async function openHubModel(
  name: HubName,
  host: HubHost = {},
  { indexFile = modelIndex, accept = () => {}, choose = chooseFiles }: HubModelOptions = {},
): Promise<HubSnapshot> {
  const hub = await openHub(repositoryKinds.model, name, host);
  return await openSnapshot(hub, { indexFile, accept, choose });
}

/**
 * The folder of a dataset of the hub, downloaded as far as it is not in the cache.
 *
 * @param choose the wanted ones of the files that there are; throws a DataError where one lacks
 * @throws as openHubModel, and what `choose` throws
 */
export async function openHubDataset(
  name: HubName,
  host: HubHost,
  choose: (available: readonly string[], where: string) => readonly string[],
): Promise<HubSnapshot> {
  const hub = await openHub(repositoryKinds.dataset, name, host);
  return await openSnapshot(hub, {
    indexFile: undefined,
    accept: () => {},
    choose: (available, { where }) => choose(available, where),
  });
}

/** What a repository is opened for. */
interface Wanted {
  /** Where the repository has one. */
  readonly indexFile: string | undefined;
  readonly accept: (index: unknown, path: string) => void;
  /** Throws a ModelError or DataError where the available files are not enough. */
  readonly choose: (available: readonly string[], options: ChoiceOptions) => readonly string[];
}

async function openSnapshot(hub: Hub, wanted: Wanted): Promise<HubSnapshot> {
  const { name, settings } = hub;
  const cache = repositoryCache(settings.cache, hub.kind, name.repository);
  const { snapshot, lack } = await cachedSnapshot({ hub, cache, wanted });
  if (settings.offline && snapshot === undefined) throw offline(hub, lack);
  // A commit never changes: nothing to ask the hub.
  if (snapshot !== undefined && (settings.offline || isCommit(name.revision))) return snapshot;
  let listing: Listing;
  try {
    // With a copy at hand nobody should wait long for a network that is not there.
    listing = await listRepository(hub, snapshot === undefined ? {} : { limit: 1 });
  } catch (error) {
    if (snapshot === undefined) throw error;
    if (!isOutage(error)) throw withCopyAdvice(error, snapshot);
    const message = `${error.message}; going on with the copy in the cache, of commit ${snapshot.commit.slice(0, 8)}`;
    hub.emit({ type: 'download-warning', message });
    return snapshot;
  }
  return await download({ hub, cache, wanted }, listing);
}

/** Whether the hub cannot be asked, whatever it would say. */
function isOutage(error: unknown): error is SystemError {
  return error instanceof SystemError && error.code.startsWith('HUB_');
}

/** A repository may be taken off the hub, or closed, while the cache still has it. */
function withCopyAdvice(error: unknown, { folder }: HubSnapshot): unknown {
  if (!(error instanceof ModelError)) return error;
  const advice = `; the cache has a complete copy (${folder}): HF_HUB_OFFLINE=1 uses it`;
  return new ModelError(error.code, error.message + advice, { cause: error });
}

interface Cached {
  readonly snapshot: HubSnapshot | undefined;
  /** What is missing. */
  readonly lack: string;
}

/** The snapshot as the cache has it, where that is all that is wanted. */
async function cachedSnapshot({ hub, cache, wanted }: Download): Promise<Cached> {
  const { indexFile, choose } = wanted;
  const { revision, variant } = hub.name;
  const commit = await readRef(cache, revision);
  if (commit === undefined) return { snapshot: undefined, lack: 'the cache has nothing of it' };
  const folder = cache.snapshot(commit);
  const path = indexFile === undefined ? undefined : join(folder, indexFile);
  if (path !== undefined && (await sizeOf(path)) === undefined) {
    return { snapshot: undefined, lack: `the cache lacks its ${indexFile}` };
  }
  try {
    const index = path === undefined ? undefined : await readJson(path, 'model index');
    choose(await filesIn(folder), { where: folder, index, variant });
    return { snapshot: snapshotAt(hub, cache, commit), lack: '' };
  } catch (error) {
    const isLack = error instanceof ModelError || error instanceof DataError;
    if (isLack) return { snapshot: undefined, lack: error.message };
    throw error;
  }
}

function snapshotAt(hub: Hub, cache: RepositoryCache, commit: string): HubSnapshot {
  const name = formatHubName({ ...hub.name, revision: commit });
  return { folder: cache.snapshot(commit), commit, name };
}

/** Paths of the files of a snapshot; links that lead nowhere are left out. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const paths = (await everythingIn(folder)).map((name) => name.replaceAll('\\', '/'));
  const sizes = await Promise.all(paths.map((path) => sizeOf(join(folder, path))));
  return paths.filter((_, i) => sizes[i] !== undefined);
}

async function everythingIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder, { recursive: true });
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return [];
    throw fileError('read', folder, cause);
  }
}

function offline(hub: Hub, lack: string): ModelError {
  const { repository, revision } = hub.name;
  return new ModelError(
    'HUB_OFFLINE',
    `${repository}@${revision}: not complete in ${hub.settings.cache} (${lack}), and the network is switched off (HF_HUB_OFFLINE, or \`offline\`); download it once with the network on`,
  );
}

interface Download {
  readonly hub: Hub;
  readonly cache: RepositoryCache;
  readonly wanted: Wanted;
}

async function download({ hub, cache, wanted }: Download, listing: Listing): Promise<HubSnapshot> {
  const { commit, files: available } = listing;
  const { indexFile, accept, choose } = wanted;
  const where = `${hub.name.repository}@${hub.name.revision}`;
  let index: unknown;
  if (indexFile !== undefined) {
    requireIndex(available, indexFile, where);
    index = await readIndex({ hub, cache, indexFile }, listing);
    accept(index, `${where}/${indexFile}`);
  }
  const folder = cache.snapshot(commit);
  const missing: string[] = [];
  for (const path of choose(available, { where, index, variant: hub.name.variant })) {
    if ((await sizeOf(pathInside(folder, path, where))) === undefined) missing.push(path);
  }
  if (missing.length > 0) {
    const files = await inParallel(
      missing,
      (path, signal) => remoteFile({ ...hub, signal }, listing, path),
      { width: requestsAtOnce, signal: hub.signal },
    );
    await createFolder(join(cache.folder, 'blobs'));
    await fetchAll({ hub, cache, folder }, files);
  }
  await writeRef(cache, hub.name.revision, commit);
  return snapshotAt(hub, cache, commit);
}

/** The content of the file that tells what else is needed. */
async function readIndex(
  { hub, cache, indexFile }: Omit<Download, 'wanted'> & { readonly indexFile: string },
  listing: Listing,
): Promise<unknown> {
  const placed = join(cache.snapshot(listing.commit), indexFile);
  if ((await sizeOf(placed)) !== undefined) return await readJson(placed, 'model index');
  const file = await remoteFile(hub, listing, indexFile);
  await createFolder(join(cache.folder, 'blobs'));
  const silent = { ...hub, emit: () => {} };
  await downloadBlob(hub, file, { cache, meter: createMeter(silent, file.size) });
  return await readJson(cache.blob(file.blob), 'model index');
}

function requireIndex(available: readonly string[], indexFile: string, where: string): void {
  if (available.includes(indexFile)) return;
  if (indexFile !== modelIndex) {
    throw new ModelError(
      'HUB_INCOMPLETE',
      `${where}: expected ${indexFile}, found none; choose a model in the layout of transformers`,
    );
  }
  const single = available.find((path) => /^[^/]+\.(safetensors|ckpt)$/.test(path));
  const advice =
    single === undefined
      ? 'choose a Stable Diffusion model in the diffusers layout'
      : `it holds ${single}: download that file yourself and give its path, or choose a model in the diffusers layout`;
  throw new ModelError(
    'HUB_NOT_A_PIPELINE',
    `${where}: expected ${modelIndex}, found none; ${advice}`,
  );
}

interface Fetch {
  readonly hub: Hub;
  readonly cache: RepositoryCache;
  /** Of the snapshot. */
  readonly folder: string;
}

async function fetchAll(
  { hub, cache, folder }: Fetch,
  files: readonly RemoteFile[],
): Promise<void> {
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  const name = `${hub.name.repository}@${hub.name.revision}`;
  const bytes = await missingBytes(cache, files);
  await requireSpace({ folder: cache.folder, bytes, what: `the files of ${name}` });
  hub.emit({ type: 'download-started', name, files: files.length, totalBytes, folder });
  const meter = createMeter(hub, totalBytes);
  await inParallel(
    files,
    (file, signal) => downloadBlob({ ...hub, signal }, file, { cache, meter }),
    { width: requestsAtOnce, signal: hub.signal },
  );
  // In order: the index, which comes last, makes the snapshot count as complete.
  for (const { path, blob } of files) {
    await placeBlob(cache.blob(blob), pathInside(folder, path, name), hub.settings);
  }
  hub.emit({ type: 'download-finished', name, folder, bytes: meter.receivedBytes });
}

/** Bytes of files that are not on the disk yet. */
async function missingBytes(cache: RepositoryCache, files: readonly RemoteFile[]): Promise<number> {
  let missing = 0;
  for (const { blob, size } of files) {
    if ((await sizeOf(cache.blob(blob))) === size) continue;
    missing += size - Math.min(size, (await sizeOf(cache.partial(blob))) ?? 0);
  }
  return missing;
}
