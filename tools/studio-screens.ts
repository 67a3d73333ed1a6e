/** @file `npm run screens`: photographs every page of Studio over real work, for docs/studio.md. Takes some minutes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { appearances, builtPage, launchChromium, openedBy } from '../test/studio/browser.ts';
import { startStudio, type TestStudio } from '../test/studio/studio-server.ts';

const out = join(import.meta.dirname, '..', 'docs', 'studio');
const shown = {
  light: appearances['light, 1280 pixels wide'],
  phone: appearances['dark, a phone'],
} as const;
const prompts = ['on the beach', 'in the snow', 'in front of a brick wall', 'in the jungle'];

/** Something to look at: a finished run with pictures, one that was stopped, and two adapters. */
async function work({ ask }: TestStudio): Promise<Readonly<Record<string, string>>> {
  const train = async (name: string, steps: number) => {
    const settings = { subject: `sks ${name}`, steps, sampleEvery: Math.floor(steps / 6) };
    await ask('jobs.add', { kind: 'train', dataset: `pocket-${name}`, name, settings });
    return await until(async () =>
      (await ask('runs.list', {})).find((run) => run.name === name && run.state.step > 0),
    );
  };
  const teapot = (await train('teapot', 300)).id;
  await until(async () => (await ask('runs.get', { id: teapot })).adapterId);
  await until(async () => (await ask('gallery.list', { count: 4 })).total >= 4 || undefined);
  const robot = await train('robot', 3000);
  await ask('runs.stop', { id: robot.id });
  const { adapterId } = await ask('runs.get', { id: teapot });
  const prompt = prompts.map((place) => `a {subject} ${place}`);
  const settings = { prompt, count: 1, seed: 3 };
  const adapters = [{ id: adapterId ?? '', strength: 1 }];
  await ask('drawings.start', { base: 'pocket', adapters, settings });
  await until(async () => (await ask('gallery.list', { count: 1 })).total >= 8 || undefined);
  return {
    home: '/',
    pictures: '/datasets/pocket-teapot',
    train: '/train?dataset=pocket-teapot',
    run: `/runs/${teapot}`,
    'run-paused': `/runs/${robot.id}`,
    generate: `/generate?adapter=${adapterId}`,
    compare: '/compare',
    adapters: '/adapters',
    adapter: `/adapters/${adapterId}`,
    experiments: '/experiments',
    settings: '/settings',
  };
}

async function until<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function photograph(page: Page, path: string): Promise<void> {
  await page.waitForSelector('h1');
  // Pictures load, and curves are drawn; the stream of events never ends, so that nothing tells.
  await page.waitForTimeout(2500);
  await page.screenshot({ path });
}

await mkdir(out, { recursive: true });
await using studio = await startStudio({ page: await builtPage() });
const addresses = await work(studio);
const browser = await launchChromium();
for (const [appearance, options] of Object.entries(shown)) {
  const context = await browser.newContext({ ...options, ...openedBy(studio), locale: 'en-GB' });
  const page = await context.newPage();
  for (const [screen, address] of Object.entries(addresses)) {
    await page.goto(new URL(address, studio.address).href, { waitUntil: 'domcontentloaded' });
    await photograph(page, join(out, `${screen}-${appearance}.png`));
  }
  await context.close();
}
await browser.close();
