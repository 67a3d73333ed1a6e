/** @file Uploading files to a repository of the Hugging Face hub, by its own library. */
import { ConfigError, type KronaError, ModelError, SystemError } from '../base/errors.ts';
import { processEnvironment } from '../platform/machine.ts';
import { loadPackage } from '../platform/packages.ts';
import { systemCodeOf } from '../storage/file-errors.ts';
import { isEtagOf } from '../storage/hub/download/digest.ts';
import type { HubHost } from '../storage/hub/hub-events.ts';
import { type HubSettings, readHubSettings } from '../storage/hub/hub-settings.ts';
import { isPublished, type PublishedFiles } from './published-files.ts';

export interface UploadOptions {
  /** `owner/name` */
  readonly repository: string;
  /** Whether everybody sees a repository that is made. @default false */
  readonly isPublic?: boolean | undefined;
  /** Whether files of a repository that is there already are replaced, and those of an earlier upload removed. @default false */
  readonly update?: boolean | undefined;
}

/** What was done. */
export interface Uploaded {
  /** Of the repository. */
  readonly url: string;
  /** Undefined where all files were there already. */
  readonly commit: string | undefined;
}

/** Sent in the course of an upload. */
export interface UploadEvent {
  readonly type: 'uploading';
  readonly file: string;
  /** 0 to 1 */
  readonly progress: number;
}

export interface UploadHost {
  readonly hub: HubHost;
  readonly listener?: ((event: UploadEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

type HubLibrary = typeof import('@huggingface/hub');

/** In a repository before anything is put there. */
const initial = '.gitattributes';

/**
 * Makes the repository and puts the files into it in one commit, after large ones have arrived in its store: what is
 * interrupted leaves no half of it, and goes on with what has not arrived. Files that are there as they are are not sent.
 *
 * @throws ConfigError HUB_TOKEN_MISSING, HUB_REPOSITORY_EXISTS where it has files and none are to be replaced
 * @throws ModelError HUB_TOKEN_INVALID, HUB_FORBIDDEN
 * @throws SystemError HUB_OFFLINE, HUB_UNREACHABLE, HUB_RATE_LIMITED, HUB_FAILED, PACKAGE_MISSING
 * @throws the signal's reason
 */
export async function upload(
  files: PublishedFiles,
  options: UploadOptions,
  { hub, listener, signal }: UploadHost,
): Promise<Uploaded> {
  const { settings, accessToken, library } = await uploadAccess(options, hub);
  const { repository, isPublic = false, update = false } = options;
  const shared = {
    repo: { type: 'model', name: repository },
    accessToken,
    hubUrl: settings.endpoint,
    fetch: fetchOf(settings, signal),
  } as const;
  try {
    const isThere = !(await isMade(library, { ...shared, isPublic }));
    const { lacking, left } = isThere
      ? await differenceTo(library, shared, { files, update, repository })
      : { lacking: files, left: [] };
    const url = `${settings.endpoint}/${repository}`;
    if (lacking.size + left.length === 0) return { url, commit: undefined };
    const work = library.commitIter({
      ...shared,
      title: 'Upload of an adapter',
      operations: [
        ...[...lacking].map(([path, bytes]) => ({
          operation: 'addOrUpdate' as const,
          path,
          content: new Blob([Uint8Array.from(bytes)]),
        })),
        ...left.map((path) => ({ operation: 'delete' as const, path })),
      ],
      useXet: false,
      ...(signal === undefined ? {} : { abortSignal: signal }),
    });
    for (;;) {
      const { done, value } = await work.next();
      if (done) return { url, commit: value?.commit.oid };
      if (value.event !== 'fileProgress') continue;
      listener?.({ type: 'uploading', file: value.path, progress: value.progress });
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw refusalOf(error, library, { ...settings, repository });
  }
}

interface UploadAccess {
  readonly settings: HubSettings;
  readonly accessToken: string;
  readonly library: HubLibrary;
}

/**
 * What every upload takes, whatever is sent: to be looked at before files are made.
 *
 * @throws ConfigError HUB_TOKEN_MISSING; SystemError HUB_OFFLINE, PACKAGE_MISSING
 */
export async function uploadAccess(
  options: Pick<UploadOptions, 'repository'>,
  hub: HubHost,
): Promise<UploadAccess> {
  const settings = await readHubSettings(hub.environment ?? processEnvironment);
  const accessToken = requireToken(settings, hub.offline ?? false, options);
  return { settings, accessToken, library: loadLibrary() };
}

interface Shared {
  readonly repo: { readonly type: 'model'; readonly name: string };
  readonly accessToken: string;
  readonly hubUrl: string;
  readonly fetch: typeof fetch;
}

/** Whether the repository was made now; not where it is there already. */
async function isMade(
  { createRepo, HubApiError }: HubLibrary,
  { isPublic, ...shared }: Shared & { readonly isPublic: boolean },
): Promise<boolean> {
  try {
    await createRepo({ ...shared, visibility: isPublic ? 'public' : 'private' });
    return true;
  } catch (error) {
    if (error instanceof HubApiError && error.statusCode === 409) return false;
    throw error;
  }
}

interface Wanted extends Pick<UploadOptions, 'update' | 'repository'> {
  readonly files: PublishedFiles;
}

interface Difference {
  /** What the repository does not have as it is. */
  readonly lacking: PublishedFiles;
  /** What only an earlier upload has: nobody should take it for this one's. */
  readonly left: readonly string[];
}

/**
 * What a repository differs in from the files.
 *
 * @throws ConfigError HUB_REPOSITORY_EXISTS
 */
async function differenceTo(
  { listFiles }: HubLibrary,
  shared: Shared,
  { files, update, repository }: Wanted,
): Promise<Difference> {
  const there = new Map<string, string | undefined>();
  for await (const { path, oid, lfs } of listFiles({ ...shared, recursive: true })) {
    there.set(path, lfs?.oid ?? oid);
  }
  const isSame = ([path, bytes]: readonly [string, Uint8Array]) =>
    isEtagOf(there.get(path) ?? '', bytes);
  const lacking = new Map([...files].filter((each) => !isSame(each)));
  const isEmpty = [...there.keys()].every((path) => path === initial);
  const left = [...there.keys()].filter((path) => isPublished(path) && !files.has(path));
  if (update || isEmpty || lacking.size + left.length === 0) return { lacking, left };
  throw new ConfigError(
    'HUB_REPOSITORY_EXISTS',
    `to: ${repository} is there already and holds other files; set \`update: true\` to replace those that are published, or choose another name`,
  );
}

/** @throws ConfigError HUB_TOKEN_MISSING; SystemError HUB_OFFLINE */
function requireToken(
  { token, endpoint, tokenPath, offline }: HubSettings,
  isOffline: boolean,
  { repository }: Pick<UploadOptions, 'repository'>,
): string {
  if (offline || isOffline) {
    throw new SystemError(
      'HUB_OFFLINE',
      `to: ${repository} cannot be reached offline; leave offline out (HF_HUB_OFFLINE), or write a folder instead (\`out: FOLDER\`)`,
    );
  }
  if (token !== undefined) return token;
  throw new ConfigError(
    'HUB_TOKEN_MISSING',
    `to: uploading to ${repository} needs a token that may write; make one at ${endpoint}/settings/tokens and set HF_TOKEN, or put it into ${tokenPath}`,
  );
}

/** Requests that end with the signal, and tell the token to the hub alone: its stores have addresses of their own. */
function fetchOf({ endpoint }: HubSettings, signal: AbortSignal | undefined): typeof fetch {
  const { origin } = new URL(endpoint);
  return async (input, init = {}) => {
    const address = input instanceof Request ? input.url : String(input);
    const headers = new Headers(init.headers);
    if (new URL(address).origin !== origin) headers.delete('Authorization');
    return await fetch(input, { ...init, headers, ...(signal === undefined ? {} : { signal }) });
  };
}

/** @throws SystemError PACKAGE_MISSING */
function loadLibrary(): HubLibrary {
  try {
    return loadPackage('@huggingface/hub') as HubLibrary;
  } catch (cause) {
    if (systemCodeOf(cause) !== 'MODULE_NOT_FOUND') throw cause;
    throw new SystemError(
      'PACKAGE_MISSING',
      'to: the package @huggingface/hub, which is optional, is not installed here; run: npm install @huggingface/hub',
      { cause },
    );
  }
}

/** What the hub's answer means; what is no answer of it stays what it is. */
function refusalOf(
  error: unknown,
  { HubApiError }: HubLibrary,
  { endpoint, repository }: HubSettings & { readonly repository: string },
): unknown {
  if (!(error instanceof HubApiError)) {
    const reason =
      error instanceof TypeError && error.cause !== undefined ? error.cause : undefined;
    if (reason === undefined) return error;
    const said =
      reason instanceof Error
        ? systemCodeOf(reason) === 'UNKNOWN'
          ? reason.message
          : systemCodeOf(reason)
        : String(reason);
    return new SystemError(
      'HUB_UNREACHABLE',
      `${repository}: cannot reach ${endpoint} (${said}); check the connection and run the command again: what has arrived is not sent again`,
      { cause: error },
    );
  }
  return answered(error.statusCode, new URL(error.url), { endpoint, repository });
}

/** @param from what answered: the hub, or a store, whose addresses hold secrets of their own and are told without them */
function answered(
  status: number,
  from: URL,
  { endpoint, repository }: { readonly endpoint: string; readonly repository: string },
): KronaError {
  const tokens = `${endpoint}/settings/tokens`;
  const isOfHub = from.origin === new URL(endpoint).origin;
  switch (isOfHub ? status : undefined) {
    case 401:
      return new ModelError(
        'HUB_TOKEN_INVALID',
        `${repository}: the hub does not accept the token; make a new one that may write (${tokens}) and set HF_TOKEN`,
      );
    case 403:
      return new ModelError(
        'HUB_FORBIDDEN',
        `${repository}: the token may not write there; give one that may (${tokens}), or a name of your own account`,
      );
    case 429:
      return new SystemError(
        'HUB_RATE_LIMITED',
        `${repository}: the hub takes no more for now: too many requests from here; wait some minutes, and run the command again`,
      );
    default:
      return new SystemError(
        'HUB_FAILED',
        `${repository}: ${isOfHub ? 'the hub' : "the hub's store"} answered ${status} to ${from.pathname}; try again later: what has arrived is not sent again`,
      );
  }
}
