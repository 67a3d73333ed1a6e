/** @file The built site, served as a host of plain files does: below a folder, without headers, with its page for what is not there. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { writeSmallModel } from '../browser/small-model.ts';
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

/** Sites by what their bundled model is. */
const building = new Map<ServedModel, Promise<string>>();

/**
 * The bundled model as it is, or one with random weights in its place, which begins to compute in a quarter of the time,
 * for what does not look at what it learns and draws.
 */
export type ServedModel = 'bundled' | 'small';

/** In the site, what the package names at run time, with the sizes. */
const listing = 'package/models/files.json';

/** In the site, the bundled model. */
const model = 'package/models/pocket';

/** Of each picture that is asked for without their number. */
export const recommendedSteps = 2;

/** The folder that `npm run site` makes, whose bundled model recommends few steps of drawing. */
function builtSite(served: ServedModel): Promise<string> {
  const begun = building.get(served) ?? buildSite(served);
  building.set(served, begun);
  return begun;
}

async function buildSite(served: ServedModel): Promise<string> {
  const files = await filesOf([
    ...['site', 'page', 'src', 'tools/site.ts', 'package.json', 'package-lock.json'],
    ...['models', 'experiments', 'fonts', 'test/browser/small-model.ts'],
  ]);
  const values = { recommendedSteps, served };
  return await keptFolder('site', { values, files }, async (folder) => {
    if (served === 'bundled') {
      const tool = join(root, 'tools', 'site.ts');
      await run(process.execPath, ['--import', 'tsx', tool, '--outDir', folder], { cwd: root });
      return await replaceFiles(folder, [await recommendationOfFewSteps(folder)]);
    }
    await cp(await builtSite('bundled'), folder, { recursive: true });
    await replaceFiles(folder, await smallModelFiles());
  });
}

/** A file of the site, as a path in it, and what is to be in it. */
type Replacement = readonly [name: string, content: Uint8Array];

async function recommendationOfFewSteps(folder: string): Promise<Replacement> {
  const name = `${model}/krona.json`;
  const { generate, ...others } = JSON.parse(await readFile(join(folder, name), 'utf8'));
  const few = { ...others, generate: { ...generate, steps: recommendedSteps } };
  return [name, Buffer.from(JSON.stringify(few))];
}

/** Of the parts that have weights. */
async function smallModelFiles(): Promise<readonly Replacement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'krona-small-model-'));
  try {
    await writeSmallModel(folder);
    const names = ['unet', 'vae', 'text_encoder'].flatMap((part) =>
      readdirSync(join(folder, part)).map((file) => `${part}/${file}`),
    );
    return await Promise.all(
      names.map(async (name): Promise<Replacement> => {
        return [`${model}/${name}`, await readFile(join(folder, name))];
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts others in the place of files, and their sizes and hashes where the package and the service worker have them. */
async function replaceFiles(folder: string, replacements: readonly Replacement[]): Promise<void> {
  const sizes = JSON.parse(await readFile(join(folder, listing), 'utf8'));
  for (const [name, { length }] of replacements) sizes[name.replace('package/', '')] = length;
  const script = join(folder, 'service-worker.js');
  let text = await readFile(script, 'utf8');
  for (const [name, content] of [
    ...replacements,
    [listing, Buffer.from(JSON.stringify(sizes))] as const,
  ]) {
    const stated = hashOf(await readFile(join(folder, name)));
    if (!text.includes(stated)) throw new Error(`${script} does not know ${name}`);
    text = text.replace(stated, hashOf(content));
    await writeFile(join(folder, name), content);
  }
  await writeFile(script, text);
}

const hashOf = (content: Uint8Array): string =>
  createHash('sha256').update(content).digest('base64');

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

interface SiteOptions {
  /** @default the bundled one */
  readonly model?: ServedModel;
  /** Whether its service worker has the headers that isolate a page. @default true */
  readonly isIsolating?: boolean;
}

export async function serveSite({
  model: served = 'bundled',
  isIsolating = true,
}: SiteOptions = {}): Promise<ServedSite> {
  const folder = await builtSite(served);
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
