/** @file A model of the hub as a folder: from the cache where it is complete, otherwise downloaded into it. */
import { readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelError, SystemError } from '../../base/errors.ts';
import { createFolder } from '../folders.ts';
import { readJson } from '../json-file.ts';
import { downloadBlob, type RemoteFile } from './blob-download.ts';
import {
  placeBlob,
  type RepositoryCache,
  readRef,
  repositoryCache,
  sizeOf,
  writeRef,
} from './cache-layout.ts';
import { chooseFiles, modelIndex } from './file-choice.ts';
import { type Hub, openHub } from './hub.ts';
import type { HubHost } from './hub-events.ts';
import { formatHubName, type HubName, isCommit } from './hub-name.ts';
import { inParallel } from './in-parallel.ts';
import { createMeter } from './meter.ts';
import { factsOf, type Listing, listRepository } from './repository.ts';

/** A model that lies in the cache. */
export interface HubModel {
  /** The snapshot: a folder in the diffusers layout. */
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
): Promise<HubModel> {
  const hub = await openHub(name, host);
  const cache = repositoryCache(hub.settings.cache, name.repository);
  const cached = await cachedModel({ hub, cache, indexFile, choose });
  if (hub.settings.offline && cached.model === undefined) throw offline(hub, cached.lack);
  // A commit never changes: nothing to ask the hub.
  if (cached.model !== undefined && (hub.settings.offline || isCommit(name.revision))) {
    return cached.model;
  }
  let listing: Listing;
  try {
    // With a model at hand nobody should wait long for a network that is not there.
    listing = await listRepository(hub, cached.model === undefined ? {} : { limit: 1 });
  } catch (error) {
    if (cached.model === undefined) throw error;
    if (!isOutage(error)) throw withCopyAdvice(error, cached.model);
    const message = `${error.message}; going on with the copy in the cache, of commit ${cached.model.commit.slice(0, 8)}`;
    hub.emit({ type: 'download-warning', message });
    return cached.model;
  }
  return await download({ hub, cache, indexFile, accept, choose }, listing);
}

/** Whether the hub cannot be asked, whatever it would say. */
function isOutage(error: unknown): error is SystemError {
  return error instanceof SystemError && error.code.startsWith('HUB_');
}

/** A model may be taken off the hub, or closed, while the cache still has it. */
function withCopyAdvice(error: unknown, { folder }: HubModel): unknown {
  if (!(error instanceof ModelError)) return error;
  const advice = `; the cache has a complete copy (${folder}): HF_HUB_OFFLINE=1 uses it`;
  return new ModelError(error.code, error.message + advice, { cause: error });
}

interface Cached {
  readonly model: HubModel | undefined;
  /** What is missing. */
  readonly lack: string;
}

/** The model as the cache has it, where that is all of it. */
async function cachedModel({
  hub,
  cache,
  indexFile,
  choose,
}: Omit<Download, 'accept'>): Promise<Cached> {
  const { revision, variant } = hub.name;
  const commit = await readRef(cache, revision);
  if (commit === undefined) return { model: undefined, lack: 'the cache has nothing of it' };
  const folder = cache.snapshot(commit);
  const path = join(folder, indexFile);
  if ((await sizeOf(path)) === undefined) {
    return { model: undefined, lack: `the cache lacks its ${indexFile}` };
  }
  try {
    const index = await readJson(path, 'model index');
    choose(await filesIn(folder), { where: folder, index, variant });
    return { model: modelAt(hub, cache, commit), lack: '' };
  } catch (error) {
    if (error instanceof ModelError) return { model: undefined, lack: error.message };
    throw error;
  }
}

function modelAt(hub: Hub, cache: RepositoryCache, commit: string): HubModel {
  const name = formatHubName({ ...hub.name, revision: commit });
  return { folder: cache.snapshot(commit), commit, name };
}

/** Paths of the files of a snapshot; links that lead nowhere are left out. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names.map((name) => name.replaceAll('\\', '/'));
  const sizes = await Promise.all(paths.map((path) => sizeOf(join(folder, path))));
  return paths.filter((_, i) => sizes[i] !== undefined);
}

function offline(hub: Hub, lack: string): ModelError {
  const { repository, revision } = hub.name;
  return new ModelError(
    'HUB_OFFLINE',
    `${repository}@${revision}: not complete in ${hub.settings.cache} (${lack}), and the network is switched off (HF_HUB_OFFLINE or --offline); download it once with the network on`,
  );
}

interface Download {
  readonly hub: Hub;
  readonly cache: RepositoryCache;
  readonly indexFile: string;
  readonly accept: (index: unknown, path: string) => void;
  readonly choose: typeof chooseFiles;
}

async function download(
  { hub, cache, indexFile, accept, choose }: Download,
  { commit, files: available }: Listing,
): Promise<HubModel> {
  const where = `${hub.name.repository}@${hub.name.revision}`;
  requireIndex(available, indexFile, where);
  await createFolder(join(cache.folder, 'blobs'));
  const index = await readIndex({ hub, cache, indexFile }, commit);
  accept(index, `${where}/${indexFile}`);
  const wanted = choose(available, { where, index, variant: hub.name.variant });
  const folder = cache.snapshot(commit);
  const missing: string[] = [];
  for (const path of wanted) {
    if ((await sizeOf(join(folder, path))) === undefined) missing.push(path);
  }
  const model = modelAt(hub, cache, commit);
  if (missing.length > 0) {
    const files = await inParallel(hub.signal, missing, (path, signal) =>
      factsOf({ ...hub, signal }, commit, path),
    );
    await fetchAll({ hub, cache, model }, files);
  }
  await writeRef(cache, hub.name.revision, commit);
  return model;
}

/** The content of the file that tells what else is needed. */
async function readIndex(
  { hub, cache, indexFile }: Pick<Download, 'hub' | 'cache' | 'indexFile'>,
  commit: string,
): Promise<unknown> {
  const placed = join(cache.snapshot(commit), indexFile);
  if ((await sizeOf(placed)) !== undefined) return await readJson(placed, 'model index');
  const file = await factsOf(hub, commit, indexFile);
  const silent = { ...hub, emit: () => {} };
  await downloadBlob(hub, file, { cache, meter: createMeter(silent, file.size) });
  return await readJson(cache.blob(file.etag), 'model index');
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
  readonly model: HubModel;
}

async function fetchAll({ hub, cache, model }: Fetch, files: readonly RemoteFile[]): Promise<void> {
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  await requireSpace(cache, files);
  const { folder } = model;
  const name = `${hub.name.repository}@${hub.name.revision}`;
  hub.emit({ type: 'download-started', name, files: files.length, totalBytes, folder });
  const meter = createMeter(hub, totalBytes);
  await inParallel(hub.signal, files, (file, signal) =>
    downloadBlob({ ...hub, signal }, file, { cache, meter }),
  );
  // In order: the index, which comes last, makes the snapshot count as complete.
  for (const { path, etag } of files) {
    await placeBlob(cache.blob(etag), join(folder, path), hub.settings);
  }
  hub.emit({ type: 'download-finished', name, folder, bytes: meter.receivedBytes });
}

/** @throws SystemError DISK_FULL before the download begins, where its end cannot fit */
async function requireSpace(cache: RepositoryCache, files: readonly RemoteFile[]): Promise<void> {
  let needed = 0;
  for (const { etag, size } of files) {
    if ((await sizeOf(cache.blob(etag))) === size) continue;
    needed += size - Math.min(size, (await sizeOf(cache.partial(etag))) ?? 0);
  }
  const { bavail, bsize } = await statfs(cache.folder);
  const free = bavail * bsize;
  if (needed <= free) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new SystemError(
    'DISK_FULL',
    `${cache.folder}: ${gigabytes(needed)} are still to download, ${gigabytes(free)} are free; free some space, or set HF_HOME to a folder on another disk`,
  );
}
