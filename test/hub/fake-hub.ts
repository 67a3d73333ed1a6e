/** @file A hub on this machine: answers as huggingface.co does, breaks where it is told to, and remembers what it was asked. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Content by path. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
  /** Which of the two servers: the hub itself, or the store that large files lie in. */
  readonly server: 'hub' | 'store';
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FakeHub {
  readonly url: string;
  readonly holds: Held;
  readonly asked: Asked[];
  /** Files of a commit. */
  readonly commits: Map<string, Files>;
  /** Branches and tags. */
  readonly refs: Map<string, string>;
  /** Breaks the connection after so many bytes of a file, once. */
  readonly cuts: Map<string, number>;
  /** Sends a file a few bytes at a time: how many, and every how many milliseconds. */
  readonly drips: Map<string, { readonly bytes: number; readonly every: number }>;
  /** Sends other bytes than announced. */
  readonly damaged: Set<string>;
  /** Announces another size than there is. */
  readonly announced: Map<string, number>;
  /** Answers in place of the hub. */
  intercept: ((asked: Asked) => Answer | undefined) | undefined;
  /** Whether its listings tell the facts of files, as those of huggingface.co do. */
  tellsFacts: boolean;
  /** Whether the store answers requests for a range with a range. */
  ranges: boolean;
  close(): Promise<void>;
}

export const repository = 'owner/pocket';

/** What its one repository is. */
export interface Held {
  /** @default models */
  readonly kind?: 'models' | 'datasets';
  /** @default owner/pocket */
  readonly name?: string;
}

/** Names of commits: 40 digits. */
export const commitOf = (digit: string): string => digit.repeat(40);

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** The name that Git gives to content, as `git hash-object` prints it. */
export const gitName = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

const isLarge = (path: string): boolean => /\.(safetensors|png|jpg)$/.test(path);

export const etagOf = (path: string, bytes: Uint8Array): string =>
  isLarge(path) ? sha256(bytes) : gitName(bytes);

/** The files of a folder, by their paths within. */
export function filesOf(folder: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1).replaceAll('\\', '/');
    files.set(name, new Uint8Array(readFileSync(path)));
  }
  return files;
}

/** Starts a hub with one repository, whose branch main is at the commit of zeros. */
export async function startFakeHub(files: Files, holds: Held = {}): Promise<FakeHub> {
  const hub = createServer((request, response) => answerHub(request, response));
  const store = createServer((request, response) => answerStore(request, response));
  const [url, storeUrl] = await Promise.all([listen(hub), listen(store)]);
  const state: FakeHub = {
    url,
    holds,
    asked: [],
    commits: new Map([[commitOf('0'), files]]),
    refs: new Map([['main', commitOf('0')]]),
    cuts: new Map(),
    drips: new Map(),
    damaged: new Set(),
    announced: new Map(),
    intercept: undefined,
    tellsFacts: true,
    ranges: true,
    close: async () => {
      await Promise.all([close(hub), close(store)]);
    },
  };

  function answerHub(request: IncomingMessage, response: ServerResponse): void {
    const asked = remember(state, request, 'hub');
    if (letIn(request, response, 'hub')) return;
    const intercepted = state.intercept?.(asked);
    const answer = intercepted ?? answerOf(state, asked, storeUrl);
    if (answer === 'content') {
      sendContent(state, request, response);
      return;
    }
    response.writeHead(answer.status, answer.headers);
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  }

  function answerStore(request: IncomingMessage, response: ServerResponse): void {
    remember(state, request, 'store');
    if (letIn(request, response, 'store')) return;
    sendContent(state, request, response);
  }

  return state;
}

/** What pages of other origins are shown of the hub's answers, as huggingface.co says it. */
const shown =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash';

/** Lets pages of other origins in: the hub by name, the store all, but none that asks beforehand. @returns whether that was all */
function letIn(
  { method, headers: { origin } }: IncomingMessage,
  response: ServerResponse,
  server: 'hub' | 'store',
): boolean {
  if (origin === undefined) return false;
  response.setHeader('Access-Control-Allow-Origin', server === 'hub' ? origin : '*');
  response.setHeader('Access-Control-Expose-Headers', server === 'hub' ? shown : '*');
  if (method !== 'OPTIONS') return false;
  response.setHeader('Access-Control-Allow-Headers', 'Authorization');
  response.writeHead(server === 'hub' ? 204 : 403).end();
  return true;
}

function remember(state: FakeHub, request: IncomingMessage, server: 'hub' | 'store'): Asked {
  const asked = {
    method: request.method ?? '',
    path: decodeURIComponent(request.url ?? ''),
    range: request.headers.range,
    authorization: request.headers.authorization,
    server,
  };
  state.asked.push(asked);
  return asked;
}

const repositoryMissing: Answer = {
  status: 401,
  headers: { 'X-Error-Message': 'Invalid username or password.' },
};
const revisionMissing: Answer = { status: 404, headers: { 'X-Error-Code': 'RevisionNotFound' } };
const entryMissing: Answer = { status: 404, headers: { 'X-Error-Code': 'EntryNotFound' } };
const json = (value: unknown): Answer => ({ status: 200, body: JSON.stringify(value) });

function answerOf(state: FakeHub, { path }: Asked, storeUrl: string): Answer | 'content' {
  const { kind = 'models', name = repository } = state.holds;
  if (path.startsWith(`/api/${kind}?search=`)) return json([{ id: name }]);
  if (path.startsWith('/api/resolve-cache/')) return 'content';
  const revisionOf =
    /^\/api\/(models|datasets)\/([\w.-]+\/[\w.-]+)\/(?:revision\/(.+?)(?:\?blobs=true)?|refs)$/.exec(
      path,
    );
  if (revisionOf !== null) {
    if (revisionOf[1] !== kind || revisionOf[2] !== name) return repositoryMissing;
    if (revisionOf[3] === undefined) {
      return json({ branches: [...state.refs.keys()].map((name) => ({ name })), tags: [] });
    }
    const sha = state.refs.get(revisionOf[3]) ?? revisionOf[3];
    const files = state.commits.get(sha);
    if (files === undefined) return revisionMissing;
    return json({
      id: name,
      sha,
      siblings: [...files].map(([rfilename, bytes]) => ({
        rfilename,
        ...(state.tellsFacts && path.endsWith('?blobs=true') ? told(state, rfilename, bytes) : {}),
      })),
    });
  }
  // Models are addressed without a prefix.
  const prefix = kind === 'models' ? '' : `${kind}/`;
  const resolve = /^\/((?:datasets\/)?[\w.-]+\/[\w.-]+)\/resolve\/([^/]+)\/(.+)$/.exec(path);
  if (resolve === null || resolve[1] !== `${prefix}${name}`) return repositoryMissing;
  const [, , revision = '', file = ''] = resolve;
  const sha = state.refs.get(revision) ?? revision;
  const bytes = state.commits.get(sha)?.get(file);
  if (bytes === undefined) return entryMissing;
  const facts = {
    'X-Repo-Commit': sha,
    'X-Linked-Size': String(state.announced.get(file) ?? bytes.length),
    'X-Linked-ETag': `"${etagOf(file, bytes)}"`,
  };
  if (isLarge(file)) {
    return { status: 302, headers: { ...facts, Location: `${storeUrl}/${sha}/${file}` } };
  }
  // Small files: within the hub, and what they are is said only there.
  return { status: 307, headers: { Location: `/api/resolve-cache/${sha}/${file}` } };
}

/** The facts of a file as a listing tells them: a large one is in Git LFS, and in Git what points to it. */
function told({ announced }: FakeHub, path: string, bytes: Uint8Array): object {
  const size = announced.get(path) ?? bytes.length;
  if (!isLarge(path)) return { blobId: gitName(bytes), size };
  const pointer = new TextEncoder().encode(`oid sha256:${sha256(bytes)}`);
  const lfs = { sha256: sha256(bytes), size, pointerSize: pointer.length };
  return { blobId: gitName(pointer), size, lfs };
}

function sendContent(state: FakeHub, request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent(request.url ?? '').replace('/api/resolve-cache', '');
  const [, sha = '', ...rest] = path.split('/');
  const file = rest.join('/');
  const sound = state.commits.get(sha)?.get(file) ?? new Uint8Array();
  const bytes = state.damaged.has(file) ? sound.map((byte) => byte ^ 1) : sound;
  const range = state.ranges ? /^bytes=(\d+)-$/.exec(request.headers.range ?? '') : null;
  const from = Number(range?.[1] ?? 0);
  const body = bytes.subarray(from);
  response.writeHead(range === null ? 200 : 206, {
    ETag: `W/"${etagOf(file, sound)}"`,
    'X-Repo-Commit': sha,
    'Content-Length': body.length,
    ...(range === null
      ? {}
      : { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
  });
  if (request.method === 'HEAD') return void response.end();
  const drip = state.drips.get(file);
  if (drip !== undefined) return void sendSlowly(response, body, drip);
  const cut = state.cuts.get(file);
  if (cut === undefined || cut < from) return void response.end(body);
  state.cuts.delete(file);
  // What was sent arrives, unlike at the end of a connection that is torn down.
  response.write(body.subarray(0, cut - from), () => response.socket?.end());
}

function sendSlowly(
  response: ServerResponse,
  body: Uint8Array,
  { bytes, every }: { readonly bytes: number; readonly every: number },
): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + bytes));
    sent += bytes;
    // One that did not end would hold up the next answer over its connection.
    if (sent >= body.length) response.end();
  }, every);
  response.on('close', () => clearInterval(timer));
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
