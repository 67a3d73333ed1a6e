/** @file A browser and the built page for tests of Studio. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type ConsoleMessage,
  chromium,
  type Locator,
  type Page,
  type Request,
} from 'playwright-core';
import { build, version as bundlerVersion } from 'vite';
import { filesOf, keptFolder, root } from '../programs/kept-folder.ts';
import type { TestStudio } from './studio-server.ts';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Chromium of `KRONA_CHROMIUM`, or at a well-known place; undefined where there is none. */
export const chromiumPath = [process.env.KRONA_CHROMIUM ?? [], places].flat().find(isProgram);

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

let building: Promise<string> | undefined;

/** The folder of the built page. */
export function builtPage(): Promise<string> {
  building ??= buildPage();
  return building;
}

async function buildPage(): Promise<string> {
  const files = await filesOf(['page', 'src/studio/interface', 'package-lock.json']);
  return await keptFolder('page', { values: bundlerVersion, files }, async (folder) => {
    await build({
      root: join(root, 'page'),
      logLevel: 'warn',
      build: { outDir: folder, emptyOutDir: true },
    });
  });
}

/** What a browser keeps that has opened a Studio. */
export function openedBy({ cookie }: Pick<TestStudio, 'cookie'>): BrowserContextOptions {
  const [name = '', value = ''] = cookie.split('=');
  const kept = { name, value, domain: '127.0.0.1', path: '/', expires: -1, httpOnly: true };
  return {
    storageState: { cookies: [{ ...kept, secure: false, sameSite: 'Strict' }], origins: [] },
  };
}

/** @param words more of its command line */
export function launchChromium(...words: readonly string[]): Promise<Browser> {
  // As root, which containers run as, Chromium has no sandbox.
  const args = ['--no-sandbox', ...words];
  return chromium.launch({ executablePath: chromiumPath ?? '', args });
}

/**
 * One for work that is soon over. V8 makes faster machine code of what a worker has done for a while, for ONNX Runtime
 * anew in each worker, which takes more than a few steps gain by it; here it begins much later.
 */
export function launchForShortWork(...words: readonly string[]): Promise<Browser> {
  return launchChromium('--js-flags=--wasm-tiering-budget=1000000000', ...words);
}

/** How people look at it. */
export const appearances = {
  'light, 1280 pixels wide': { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  'dark, a phone': {
    ...{ viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
    ...{ deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  },
  'colours of the system': {
    ...{ viewport: { width: 1280, height: 800 }, forcedColors: 'active' },
    reducedMotion: 'reduce',
  },
} as const satisfies Readonly<Record<string, BrowserContextOptions>>;

export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console, exceptions, and requests to other hosts, as they happen. */
  readonly complaints: readonly string[];
}

/** What no page of ours should do, of all tabs of a context with their workers, from now on. */
export function complaintsOf(context: BrowserContext, address: string): string[] {
  const complaints: string[] = [];
  context.on('console', (message) => complaints.push(...said(message)));
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('request', (request) => complaints.push(...askedElsewhere(request, address)));
  return complaints;
}

function said(message: ConsoleMessage): string[] {
  const isComplaint = message.type() === 'error' || message.type() === 'warning';
  return isComplaint ? [`${message.text()} ${message.location().url}`] : [];
}

function askedElsewhere(request: Request, address: string): string[] {
  const { origin, protocol } = new URL(request.url());
  const isOwn = origin === new URL(address).origin || protocol === 'blob:';
  return isOwn ? [] : [`asked ${request.url()}`];
}

/** A tab that writes down what no page of ours should do. */
export async function openWatched(
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
): Promise<WatchedPage> {
  const context = await browser.newContext({ ...options, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(...said(message)));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => complaints.push(...askedElsewhere(request, address)));
  await page.goto(address);
  return { page, complaints };
}

export interface BroughtFile {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

/** As a person drops files from a folder. */
export async function drop(
  page: Page,
  place: Locator,
  files: readonly BroughtFile[],
): Promise<void> {
  const brought = files.map(({ name, type, content }) => ({
    ...{ name, type, base64: content.toString('base64') },
  }));
  const dataTransfer = await page.evaluateHandle(`(() => {
    const brought = new DataTransfer();
    for (const { name, type, base64 } of ${JSON.stringify(brought)}) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      brought.items.add(new File([bytes], name, { type }));
    }
    return brought;
  })()`);
  await place.dispatchEvent('drop', { dataTransfer });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong, each with the element; and whether the page is wider than its window. */
export async function faultsOf(page: Page): Promise<string[]> {
  // Evaluated, because the content policy of the page lets no script be added; once for each document.
  const isThere = await page.evaluate<boolean>("typeof axe === 'object'");
  if (!isThere) await page.evaluate(axe);
  const found: string[] = await page.evaluate(`axe
    .run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`);
  const excess: number = await page.evaluate(
    // Not of window.innerWidth, which grows with what stands over on a phone.
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  return excess > 0 ? [...found, `${excess} pixels wider than the window`] : found;
}
