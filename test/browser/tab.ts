/** @file A page in Chromium whose worker has the package, as a bundler makes it of the sources. */
import { createReadStream } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import type { Browser, CDPSession, Page } from 'playwright-core';

const root = join(import.meta.dirname, '../..');

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** Milliseconds within which the worker answers, whatever else the machine does. */
const longestAnswer = 200_000;

const page = `<!doctype html>
<input type="file" multiple />
<input id="folder" type="file" webkitdirectory />
<script type="module">
  const worker = new Worker('worker.js' + location.search, { type: 'module' });
  // One call after the other; each gives its events and its result.
  window.contentOf = (path) => new Promise((resolve) => {
    indexedDB.open('diffusekrona').onsuccess = ({ target: { result } }) => {
      result.transaction('names').objectStore('names').get(path).onsuccess = ({ target }) => resolve(target.result.content);
    };
  });
  window.ask = (message) => new Promise((resolve, reject) => {
    window.events = [];
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = async ({ data: { event, result, error } }) => {
      if (event) return window.events.push(event);
      if (error) return resolve({ error, events: window.events });
      const isFile = result instanceof Blob;
      resolve({ result: isFile ? [...new Uint8Array(await result.arrayBuffer())] : result, events: window.events });
    };
    worker.postMessage(message);
  });
</script>`;

/** A server of the page, the worker's bundle, the package's files and the runtime's. */
export interface Served extends AsyncDisposable {
  readonly address: string;
  /** Bytes sent so far. */
  sent(): number;
}

interface PageKind {
  /** Whether it sends the headers without which no memory is shared between threads. */
  readonly isIsolated: boolean;
  /** The module beside this one that its worker is made of. @default 'tab-worker' */
  readonly worker?: string;
  /** What it has not: it sends the page instead, as many hosts do. @default nothing */
  readonly without?: 'package' | 'runtime';
}

export async function servePage({ isIsolated, worker: name, without }: PageKind): Promise<Served> {
  const worker = await bundled(name);
  const server = createServer(({ url = '' }, response) => {
    if (isIsolated) {
      response.setHeader('cross-origin-opener-policy', 'same-origin');
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
    }
    const { pathname } = new URL(url, 'http://localhost');
    if (pathname === '/') return send(response, 'text/html', page);
    if (pathname === '/worker.js') return send(response, 'text/javascript', worker);
    const [, place, ...rest] = pathname.split('/');
    const folder = place === 'package' ? root : join(root, 'node_modules/onnxruntime-web/dist');
    if (place === without) return send(response, 'text/html', page);
    if (place !== 'package' && place !== 'runtime') return response.writeHead(404).end();
    response.setHeader('content-type', types[extname(pathname)] ?? 'application/octet-stream');
    createReadStream(join(folder, ...rest))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    sent: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, type: string, body: Uint8Array | string): void {
  response.setHeader('content-type', type);
  response.end(body);
}

const bundling = new Map<string, Promise<Uint8Array>>();

/** As `esbuild --bundle` makes it: what is Node's is left out by the package's own map. */
function bundled(name = 'tab-worker'): Promise<Uint8Array> {
  const known = bundling.get(name) ?? bundle(join(import.meta.dirname, `${name}.ts`));
  bundling.set(name, known);
  return known;
}

async function bundle(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    ...{ bundle: true, format: 'esm', target: 'es2022', write: false, logLevel: 'warning' },
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** What a call gave. */
export interface Given {
  readonly result: never;
  readonly error?: { readonly code: string; readonly message: string };
  readonly events: readonly TabEvent[];
}

export interface TabEvent {
  readonly type: string;
  readonly step: number;
  readonly loss: number;
  readonly time?: string | undefined;
  /** Of downloads. */
  readonly file?: string;
  readonly bytes?: number;
}

/** A tab, which asks its worker. */
export class Tab {
  readonly page: Page;
  #limiting: CDPSession | undefined;

  private constructor(page: Page) {
    this.page = page;
  }

  /** @param environment what its worker is told of one */
  static async open(
    browser: Pick<Browser, 'newContext'>,
    { address }: Served,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Tab> {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(`${address}?${new URLSearchParams(environment)}`);
    return new Tab(page);
  }

  /** @param patience milliseconds within which the worker answers */
  async ask(call: string, options: object, patience = longestAnswer): Promise<Given> {
    return await this.#post(JSON.stringify({ call, options }), patience);
  }

  /** Asks what gives no result, because the worker ends at an event. */
  async begin(call: string, options: object, closeAt: string): Promise<void> {
    await this.page.evaluate(
      `{ void ask(${JSON.stringify({ call, options, closeAt })}).then(({ error }) => { window.failure = error; }); }`,
    );
  }

  /** Types of the events so far. */
  async events(): Promise<string[]> {
    return await this.page.evaluate('events.map(({ type }) => type)');
  }

  /** What a call that was begun failed by. */
  async failure(): Promise<Given['error']> {
    return await this.page.evaluate('window.failure');
  }

  /** Bytes of a file of the hub that have come so far. */
  async received(file: string): Promise<number> {
    const events = await this.page.evaluate<readonly TabEvent[]>('events');
    return events.reduce((sum, event) => sum + (event.file === file ? (event.bytes ?? 0) : 0), 0);
  }

  /** Opens a folder with files of the bundled model. @returns the path that it has for the worker */
  async open(name: string, files: readonly string[]): Promise<string> {
    await this.page.evaluate(`(async () => {
      window.folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('mine', { create: true });
      for (const file of ${JSON.stringify(files)}) {
        let parent = folder;
        const names = file.split('/');
        const last = names.pop();
        for (const name of names) parent = await parent.getDirectoryHandle(name, { create: true });
        const writable = await (await parent.getFileHandle(last, { create: true })).createWritable();
        await (await fetch('/package/models/pocket/' + file)).body.pipeTo(writable);
      }
    })()`);
    const { result } = await this.#post(`{ name: ${JSON.stringify(name)}, source: folder }`);
    return result;
  }

  /** Puts a folder of this machine among the files that the page keeps. */
  async store(path: string, folder: string): Promise<void> {
    await this.page.setInputFiles('#folder', folder);
    const chosen = "[...document.querySelector('#folder').files]";
    await this.#post(`{ store: ${JSON.stringify(path)}, source: ${chosen} }`);
  }

  /** Lets the page keep a file of another host. */
  async link(path: string, url: string): Promise<Given> {
    return await this.#post(JSON.stringify({ path, url }));
  }

  /** Paths of files whose content is gone. */
  async lost(): Promise<readonly string[]> {
    return (await this.#post('{ lost: true }')).result;
  }

  /** Gives the page so many bytes and no more; without a number, as many as the browser thinks right. */
  async limit(quotaSize?: number): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const { origin } = new URL(this.page.url());
    await session.send('Storage.overrideQuotaForOrigin', {
      origin,
      ...(quotaSize === undefined ? {} : { quotaSize }),
    });
    // The limit ends with the session.
    this.#limiting ??= session;
  }

  /** Reads a file while the same worker replaces it. @returns every different number that was in it */
  async readWhileReplaced(path: string, times: number): Promise<number[]> {
    const { result, error } = await this.#post(JSON.stringify({ replace: path, times }));
    if (error !== undefined) throw new Error(error.message);
    return result;
  }

  async read(path: string): Promise<Uint8Array> {
    const { result } = await this.#post(JSON.stringify({ read: path }));
    return Uint8Array.from(result);
  }

  /** Gives the worker files as somebody drops them. @returns the path that they have there */
  async drop(name: string, files: readonly string[]): Promise<string> {
    await this.page.setInputFiles('input', [...files]);
    const chosen = "[...document.querySelector('input').files]";
    const { result } = await this.#post(`{ name: ${JSON.stringify(name)}, source: ${chosen} }`);
    return result;
  }

  /** @param message as it is written in JavaScript */
  async #post(message: string, longest = longestAnswer): Promise<Given> {
    const patience = new AbortController();
    const late = sleep(longest, undefined, patience).then(
      async () => {
        throw new Error(`the worker has not answered ${message}; it told ${await this.events()}`);
      },
      () => undefined,
    );
    try {
      const given = await Promise.race([this.page.evaluate<Given>(`ask(${message})`), late]);
      if (given === undefined)
        throw new Error('internal: nobody waits for an answer that is there');
      return given;
    } finally {
      patience.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // One that was opened for it alone ends with the browser.
    await this.page.close();
  }
}
