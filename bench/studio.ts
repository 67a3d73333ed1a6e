/** @file The page of Studio under load: its files, its first paint, and a run of 10,000 steps while one scrubs and while it goes on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { train } from '../src/api/training.ts';
import { median } from '../src/base/numbers/median.ts';
import { reportTo } from '../src/train/folder/logs/run-log.ts';
import { ownFolder } from '../src/train/folder/owner.ts';
import { readRun, runPaths, writeRecord } from '../src/train/folder/run-folder.ts';
import { appearances, builtPage, launchChromium, openedBy } from '../test/studio/browser.ts';
import { startStudio } from '../test/studio/studio-server.ts';

const steps = 10_000;
const betweenSamples = 500;
const arriving = 200;
const perSecond = 20;

const round = (value: number) => Math.round(10 * value) / 10;
const say = (name: string, value: unknown) =>
  process.stdout.write(`${name}: ${JSON.stringify(value)}\n`);

/** Kilobytes of all files of the page, as they are and compressed, and of those that Home asks for. */
async function weights(folder: string, ofHome: ReadonlySet<string>) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => {
      const bytes = await readFile(join(parentPath, name));
      return { name, bytes: bytes.length, gzip: gzipSync(bytes).length };
    });
  const sum = (files: readonly { readonly bytes: number; readonly gzip: number }[]) => ({
    files: files.length,
    kilobytes: Math.round(files.reduce((all, { bytes }) => all + bytes, 0) / 1000),
    gzip: Math.round(files.reduce((all, { gzip }) => all + gzip, 0) / 1000),
  });
  const all = await Promise.all(sizes);
  return { all: sum(all), home: sum(all.filter(({ name }) => ofHome.has(name))) };
}

/** Milliseconds to the first paint of text, in a browser that has seen nothing. */
async function firstPaint(browser: Browser, address: string, options: BrowserContextOptions) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const paint: number = await page.evaluate(
    `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
  );
  const ready: number = await page.evaluate('performance.now()');
  await context.close();
  return { paint: round(paint), ready: round(ready) };
}

/** Milliseconds between frames while something is done. */
async function frames(page: Page, work: () => Promise<void>) {
  await page.evaluate(`(() => {
    window.times = []; window.going = true; let last = performance.now();
    const frame = (now) => { window.times.push(now - last); last = now; if (window.going) requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
  })()`);
  await work();
  const times: number[] = await page.evaluate('(window.going = false, window.times.slice(1))');
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  const late = times.filter((time) => time > 50).length;
  return {
    frames: times.length,
    median: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    longest: at(1),
    over50: late,
  };
}

async function memory(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return round((metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1e6);
}

const sample = ['a {subject}', 'a {subject} in the snow'];

/** A run of two steps, whose events go on to the ten thousandth by the writer of trainings; it says the next ones. */
async function longRun(folder: string) {
  await train({
    ...{ base: 'pocket', images: 'pocket/teapot', subject: 'sks teapot', out: folder },
    ...{ steps: 2, batchSize: 1, sampleEvery: 2, samplePrompt: sample },
  });
  const paths = runPaths(folder);
  const all = steps + arriving;
  const record = await readRun(folder);
  await writeRecord(paths, { ...record, config: { ...record.config, steps: all } });
  const { events: path, samples } = paths;
  const report = reportTo({ path, logs: [], listener: undefined, now: Date.now });
  const [drawn = ''] = (await readdir(samples)).filter((name) => name.includes('000002'));
  let step = 2;
  const next = async () => {
    step += 1;
    await report({
      ...{ type: 'step', step, steps: all, learningRate: 1e-3, gradientNorm: 0.05 },
      loss: 0.2 + 0.3 / (1 + step / 300) + 0.1 * Math.sin(step) ** 2,
      ...{ seconds: 0.05, graphSeconds: 0.04, memoryBytes: 3.2e8 },
    });
  };
  while (step < steps) {
    await next();
    if (step % betweenSamples > 0) continue;
    for (const [n, prompt] of sample.entries()) {
      const file = `samples/step-${String(step).padStart(6, '0')}-${n + 1}.png`;
      await copyFile(join(samples, drawn), join(folder, file));
      await report({
        type: 'sample',
        step,
        file,
        prompt: prompt.replace('{subject}', 'sks teapot'),
      });
    }
  }
  return next;
}

async function measureHome(browser: Browser, address: string, options: BrowserContextOptions) {
  say(
    'first paint of Home, the server just started, ms',
    await firstPaint(browser, address, options),
  );
  const warm: Awaited<ReturnType<typeof firstPaint>>[] = [];
  for (let n = 0; n < 5; n++) warm.push(await firstPaint(browser, address, options));
  const of = (name: 'paint' | 'ready') => median(warm.map((one) => one[name]));
  say('first paint of Home, ms', { paint: of('paint'), ready: of('ready') });
}

async function measureRun(page: Page, address: string, next: () => Promise<void>) {
  const begun = performance.now();
  await page.goto(address);
  await page.getByRole('img', { name: /^Loss/ }).waitFor();
  say('a run of 10,000 steps is shown, ms', round(performance.now() - begun));
  const slider = page.getByRole('slider', { name: /^Step/ });
  await slider.waitFor();
  say('memory of the tab, MB', await memory(page));
  const scrub = async () => {
    await slider.focus();
    for (let n = 0; n < 100; n++) await slider.press(n % 40 < 20 ? 'ArrowLeft' : 'ArrowRight');
  };
  const arrive = async () => {
    for (let n = 0; n < arriving / 2; n++) {
      await next();
      await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
    }
  };
  say('frames while nothing happens, ms', await frames(page, () => page.waitForTimeout(3000)));
  say('frames while one scrubs, ms', await frames(page, scrub));
  say('frames while events arrive, ms', await frames(page, arrive));
  const both = async () => void (await Promise.all([arrive(), scrub()]));
  say('frames while both do, ms', await frames(page, both));
  await page
    .getByText(`step ${(steps + arriving).toLocaleString('en')} of`)
    .first()
    .waitFor();
  say('memory of the tab after it, MB', await memory(page));
}

const work = mkdtempSync(join(tmpdir(), 'krona-studio-'));
try {
  const folder = join(work, 'runs', 'long');
  const next = await longRun(folder);
  // As a training does: it goes on for as long as somebody holds it.
  await using _ = await ownFolder(folder, { now: Date.now, answer: async () => ({}) });
  const built = await builtPage();
  await using studio = await startStudio({ page: built, work, keepWork: true });
  await using browser = await launchChromium();
  const options = { ...appearances['light, 1280 pixels wide'], ...openedBy(studio) };
  await measureHome(browser, studio.address, options);
  const page = await (await browser.newContext(options)).newPage();
  const asked = new Set<string>(['index.html']);
  page.on('request', (request) =>
    asked.add(new URL(request.url()).pathname.split('/').at(-1) ?? ''),
  );
  await page.goto(studio.address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  say('files of the page', await weights(built, asked));
  const [run] = await studio.ask('runs.list', {});
  await measureRun(page, `${studio.address}runs/${run?.id}`, next);
} finally {
  rmSync(work, { recursive: true, force: true });
}
