/** @file The service worker: keeps the site for when there is no network, isolates it, and gets Studio's files from a tab. */
import type { TabAnswer, TabRequest } from '../../src/studio/interface/over-messages.ts';

declare const self: ServiceWorkerGlobalScope;
/** What the build leaves: hashes of the files by their names from the site's folder, and what changes with any of them. */
declare const siteFiles: Readonly<Record<string, string>>;
declare const siteVersion: string;

/** Path of the site's folder, with a slash at its end. */
const scope = new URL(self.registration.scope).pathname;
const cacheName = `krona-site-${siteVersion}`;
const documentName = 'index.html';

/** What Studio answers and elements load by an address alone. */
const studioPlaces = ['pictures', 'downloads', 'reports'];

/** With these a page may share memory between threads. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

self.addEventListener('install', (event) => {
  // A newer version waits until no tab works with the one before, and is whole by then.
  event.waitUntil(self.registration.active === null ? keep(documentName) : keepAll());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(removeOld().then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  if (event.data === 'keep') event.waitUntil(keepAll());
  if (event.data === 'take over') event.waitUntil(takeOver(event.ports[0]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== location.origin || !pathname.startsWith(scope) || request.method !== 'GET') return;
  const path = pathname.slice(scope.length);
  const [place = ''] = path.split('/');
  event.respondWith(
    studioPlaces.includes(place)
      ? fromStudio(event, `/${path}${search}`)
      : fromSite(request.mode === 'navigate' ? documentName : path),
  );
});

/** Takes over where the page that asks is the only one of the site. */
async function takeOver(asker: MessagePort | undefined): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const isAlone = pages.filter(({ url }) => new URL(url).pathname.startsWith(scope)).length < 2;
  asker?.postMessage(isAlone);
  if (isAlone) await self.skipWaiting();
}

async function removeOld(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith('krona-site-') && name !== cacheName) await caches.delete(name);
  }
}

/** Everything that is not kept yet, one file after the other: a person may be waiting for another one. */
async function keepAll(): Promise<void> {
  for (const name of Object.keys(siteFiles)) if (isOfEveryBrowser(name)) await keep(name);
}

/** Other files are kept once a browser has asked for them. */
function isOfEveryBrowser(name: string): boolean {
  return !/\.(jspi|asyncify)\.(mjs|wasm)$/.test(name);
}

/** @throws TypeError where the host sends something else */
async function keep(name: string): Promise<void> {
  const cache = await caches.open(cacheName);
  if ((await cache.match(scope + name)) !== undefined) return;
  const answer = await ofHost(name);
  if (!(await isOwn(name, answer))) throw new TypeError(`the host sends something else as ${name}`);
  await cache.put(scope + name, answer);
}

/**
 * What the host sends as a file of this version; a page that says it is not there, or a file of another version, would be
 * kept for good.
 *
 * @throws TypeError where its hash is another one; documents, to which some hosts add, have none
 */
async function ofHost(path: string): Promise<Response> {
  // The browser itself may keep a file of an earlier version under a name that says nothing of its content.
  const cache = path.startsWith('assets/') ? 'default' : 'no-cache';
  const integrity = path === documentName ? '' : (siteFiles[path] ?? '');
  return await fetch(new Request(scope + path, { cache, integrity }));
}

async function isOwn(path: string, answer: Response): Promise<boolean> {
  return answer.ok && (path !== documentName || namesOnlyOwn(await answer.clone().text()));
}

/** Whether a document is the one of this version: the files that it names are. */
function namesOnlyOwn(text: string): boolean {
  const names = text.match(/(?<="\.\/)[^"]+/g) ?? [];
  return names.length > 0 && names.every((name) => Object.hasOwn(siteFiles, name));
}

async function fromSite(path: string): Promise<Response> {
  const answer = Object.hasOwn(siteFiles, path) ? await ownFile(path) : await fetch(scope + path);
  if (path === documentName) return await documentOf(answer);
  return isolated(answer.body, answer, typeOf(path));
}

/** A document of a newer version loads that. */
async function ownFile(path: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(scope + path);
  if (kept !== undefined) return kept;
  const answer = await ofHost(path);
  if (await isOwn(path, answer)) {
    // Where there is no room for it, the host is asked each time.
    await cache.put(scope + path, answer.clone()).catch(() => {});
  }
  return answer;
}

/** Browsers run nothing that is not said to be a program, and hosts know these endings less than others. */
const types: Readonly<Record<string, string>> = {
  mjs: 'text/javascript',
  wasm: 'application/wasm',
};

function typeOf(path: string): Readonly<Record<string, string>> {
  const type = types[path.split('.').at(-1) ?? ''];
  return type === undefined ? {} : { 'Content-Type': type };
}

/** The document, whatever address it is shown at: what it names beside itself it names from the site's folder. */
async function documentOf(answer: Response): Promise<Response> {
  const text = await answer.text();
  return isolated(text.replaceAll('"./', `"${scope}`), answer);
}

function isolated(
  body: BodyInit | null,
  { status, headers }: Response,
  more: Readonly<Record<string, string>> = {},
): Response {
  const all = new Headers(headers);
  for (const [name, value] of Object.entries({ ...isolation, ...more })) all.set(name, value);
  // Of the body as it came.
  for (const name of ['Content-Length', 'Content-Encoding']) all.delete(name);
  return new Response(body, { status, headers: all });
}

/** Milliseconds within which the page takes a question. */
const patience = 60_000;

async function fromStudio({ request, clientId }: FetchEvent, address: string): Promise<Response> {
  const page = await pageOf(clientId);
  if (page === undefined) return new Response('no tab with Studio is open', { status: 503 });
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<TabAnswer | undefined>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<TabAnswer>) => resolve(data);
    setTimeout(() => resolve(undefined), patience);
  });
  const asked: Omit<TabRequest, 'id'> = {
    ...{ type: 'request', method: 'GET', address, body: undefined },
    headers: [...request.headers],
  };
  page.postMessage(asked, [port2]);
  const answer = await answered;
  if (answer === undefined) return new Response('the tab does not answer', { status: 504 });
  const headers = answer.headers.map(([name, value]): [string, string] => [name, value]);
  return isolated(answer.body ?? null, new Response(null, { status: answer.status, headers }));
}

/** The page that asks, or any of the site: all have the same files. */
async function pageOf(id: string): Promise<Client | undefined> {
  const pages = await self.clients.matchAll({ type: 'window' });
  return pages.find((page) => page.id === id) ?? pages[0];
}
