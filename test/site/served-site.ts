/** @file The built site, served as a host of plain files does: below a folder, without headers, with its page for what is not there. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { filesOf, keptFolder, root } from '../programs/kept-folder.ts';

const run = promisify(execFile);

/** The folder of the host that has the site. */
const place = '/krona';

/** Those that every host knows: `.mjs` is none of them. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

let building: Promise<string> | undefined;

/** Of the bundled model, in the site. */
const recommendation = 'package/models/pocket/krona.json';

/** Of each picture that is asked for without their number. */
export const recommendedSteps = 2;

/** The folder that `npm run site` makes, whose bundled model recommends few steps of drawing. */
function builtSite(): Promise<string> {
  building ??= buildSite();
  return building;
}

async function buildSite(): Promise<string> {
  const files = await filesOf([
    ...['site', 'page', 'src', 'tools/site.ts', 'package.json', 'package-lock.json'],
    ...['models', 'experiments', 'fonts'],
  ]);
  return await keptFolder('site', { values: recommendedSteps, files }, async (folder) => {
    const tool = join(root, 'tools', 'site.ts');
    await run(process.execPath, ['--import', 'tsx', tool, '--outDir', folder], { cwd: root });
    await recommendFewSteps(folder);
  });
}

/** Changes what the model recommends, in a file of the same size, and its hash where the service worker has it. */
async function recommendFewSteps(folder: string): Promise<void> {
  const file = join(folder, recommendation);
  const stated = await readFile(file, 'utf8');
  const { generate, ...others } = JSON.parse(stated);
  const few = JSON.stringify({ ...others, generate: { ...generate, steps: recommendedSteps } });
  const changed = few.padEnd(stated.length);
  const script = join(folder, 'service-worker.js');
  const text = await readFile(script, 'utf8');
  if (!text.includes(hashOf(stated))) throw new Error(`${script} does not know ${recommendation}`);
  await writeFile(script, text.replace(hashOf(stated), hashOf(changed)));
  await writeFile(file, changed);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

export interface ServedSite extends AsyncDisposable {
  /** Ends with a slash. */
  readonly address: string;
  /** Paths of the host that were asked for and are not there. */
  readonly missed: readonly string[];
  /** The host has a newer version from now on: other scripts, and none of those before. */
  readonly update: () => void;
  /** Names of files for which the host sends a page that says nothing of them, as if all were well. */
  readonly spoiled: Set<string>;
  /** The host is gone, as when there is no network. */
  readonly close: () => Promise<void>;
}

/** @param options.isIsolating whether its service worker has the headers that isolate a page */
export async function serveSite({ isIsolating = true } = {}): Promise<ServedSite> {
  const folder = await builtSite();
  const missed: string[] = [];
  const spoiled = new Set<string>();
  let version = 0;
  const server = createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const path = pathname === `${place}/` ? `${place}/index.html` : decodeURIComponent(pathname);
    if (!path.startsWith(`${place}/`)) return void response.writeHead(404).end();
    const name = path.slice(place.length + 1);
    if (spoiled.has(name) && pathname !== `${place}/`) return void sendNotice(response);
    const file = join(folder, version === 0 ? name : nameBefore(name, version));
    if (['index.html', 'service-worker.js'].includes(name)) {
      return void sendText(response, file, (text) => {
        const now = version === 0 ? text : textOf(version, text);
        return isIsolating ? now : now.replace('require-corp', 'unsafe-none');
      });
    }
    createReadStream(file)
      .on('open', () => response.setHeader('content-type', typeOf(path)))
      .on('error', () => void sendMissing(response, folder, missed, path))
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => closed(server);
  return {
    address: `http://127.0.0.1:${port}${place}/`,
    missed,
    spoiled,
    update: () => {
      version += 1;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const typeOf = (path: string): string => types[extname(path)] ?? 'application/octet-stream';

async function sendMissing(
  response: ServerResponse,
  folder: string,
  missed: string[],
  path: string,
): Promise<void> {
  missed.push(path);
  response.writeHead(404, { 'content-type': types['.html'] });
  response.end(await readFile(join(folder, '404.html')));
}

function sendNotice(response: ServerResponse): void {
  response.setHeader('content-type', typeOf('.html'));
  response.end('<!doctype html><title>Log in</title>');
}

async function sendText(
  response: ServerResponse,
  file: string,
  change: (text: string) => string,
): Promise<void> {
  response.setHeader('content-type', typeOf(file));
  response.end(change(await readFile(file, 'utf8')));
}

/** Scripts of a later version lie elsewhere, as those whose content is another do. */
const textOf = (version: number, text: string): string =>
  text
    .replaceAll('assets/', `assets-${version}/`)
    .replace(/\b[0-9a-f]{16}\b/, `version-${version}`);

const nameBefore = (name: string, version: number): string =>
  name.startsWith('assets/') ? 'gone' : name.replace(`assets-${version}/`, 'assets/');

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
}
