/** @file A hub that takes uploads, with a store at another address, and writes down what it was sent. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface Recorded {
  readonly at: 'hub' | 'store';
  /** `POST /api/repos/create` */
  readonly line: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

interface StoredFile {
  readonly path: string;
  readonly oid: string;
  readonly size: number;
  readonly lfs?: { readonly oid: string; readonly size: number; readonly pointerSize: number };
}

export interface RecordingHub {
  readonly endpoint: string;
  readonly requests: Recorded[];
  /** What is in the repository. */
  readonly files: Map<string, StoredFile>;
  /** An answer in place of the usual one, which says all that was sent. */
  refuse: ((line: string) => number | undefined) | undefined;
  close(): Promise<void>;
}

/** Starts both servers on this machine. */
export async function recordingHub(): Promise<RecordingHub> {
  const requests: Recorded[] = [];
  const files = new Map<string, StoredFile>();
  const stored = new Set<string>();
  let isMade = false;
  const store = await serve(async (request) => {
    const body = await record('store', request);
    const refused = made.refuse?.(`${request.method} ${request.url}`);
    if (refused !== undefined) return { status: refused, json: { error: 'refused' } };
    stored.add(createHash('sha256').update(body).digest('hex'));
    return { status: 200, json: {} };
  });
  const record = async (at: Recorded['at'], request: IncomingMessage) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const body = Buffer.concat(parts);
    const { authorization } = request.headers;
    requests.push({ at, line: `${request.method} ${request.url}`, authorization, body });
    return body;
  };
  const hub = await serve(async (request) => {
    const body = await record('hub', request);
    const line = `${request.method} ${request.url}`;
    const refused = made.refuse?.(line);
    if (refused !== undefined) {
      const error = `refused to ${request.headers.authorization}`;
      return { status: refused, json: { error } };
    }
    if (line === 'POST /api/repos/create') {
      if (isMade) return { status: 409, json: { error: 'there is one' } };
      isMade = true;
      return { status: 200, json: { url: `${addressOf(hub)}/me/dog`, id: 'me/dog' } };
    }
    if (line.includes('/tree/')) return { status: 200, json: [...files.values()].map(asTree) };
    if (line.includes('/preupload/')) {
      const asked: { path: string }[] = JSON.parse(String(body)).files;
      const modes = asked.map(({ path }) => ({ path, uploadMode: modeOf(path) }));
      return { status: 200, json: { files: modes } };
    }
    if (line.includes('/objects/batch')) {
      const asked: { oid: string; size: number }[] = JSON.parse(String(body)).objects;
      const objects = asked.map((each) => ({
        ...each,
        ...(!stored.has(each.oid) && {
          actions: {
            upload: {
              href: `${addressOf(store)}/objects/${each.oid}?signature=hidden`,
              header: {},
            },
          },
        }),
      }));
      return { status: 200, json: { transfer: 'basic', objects } };
    }
    if (line.includes('/commit/')) {
      for (const row of String(body).trim().split('\n')) put(files, JSON.parse(row));
      return {
        status: 200,
        json: { success: true, commitOid: 'c1', commitUrl: 'u', hookOutput: '' },
      };
    }
    return { status: 404, json: { error: line } };
  });
  const made: RecordingHub = {
    endpoint: addressOf(hub),
    ...{ requests, files },
    refuse: undefined,
    close: async () => {
      for (const server of [hub, store]) await new Promise((resolve) => server.close(resolve));
    },
  };
  return made;
}

function modeOf(path: string): 'lfs' | 'regular' {
  return path.endsWith('.safetensors') ? 'lfs' : 'regular';
}

function asTree(file: StoredFile) {
  return { type: 'file', ...file };
}

interface CommitRow {
  readonly key: string;
  readonly value: {
    readonly path: string;
    readonly content?: string;
    readonly oid?: string;
    readonly size?: number;
  };
}

function put(files: Map<string, StoredFile>, { key, value }: CommitRow): void {
  const { path, content = '', oid = '', size = 0 } = value;
  if (key === 'deletedFile') files.delete(path);
  if (key === 'lfsFile') {
    files.set(path, { path, oid: 'pointer', size, lfs: { oid, size, pointerSize: 128 } });
  }
  if (key === 'file') {
    const bytes = Buffer.from(content, 'base64');
    const id = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    files.set(path, { path, oid: id, size: bytes.length });
  }
}

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

async function serve(answer: (request: IncomingMessage) => Promise<Answer>): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { status, json } = await answer(request);
    response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
    response.end(JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
