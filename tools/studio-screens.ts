/** @file `npm run screens`: photographs every page of Studio over real work, for docs/studio.md. Takes some minutes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { Settings } from '../src/studio/interface/operation-shapes.ts';
import { appearances, builtPage, launchChromium, openedBy } from '../test/studio/browser.ts';
import { startStudio, type TestStudio } from '../test/studio/studio-server.ts';

const out = join(import.meta.dirname, '..', 'docs', 'studio');
const shown = {
  light: appearances['light, 1280 pixels wide'],
  phone: appearances['dark, a phone'],
} as const;
const prompts = ['on the beach', 'in the snow', 'in front of a brick wall', 'in the jungle'];

const experiment = `title: Which rank?
subjects: [teapot]
prompts: [2]
train: { adapter: lora, steps: 24, batchSize: 1 }
draw: { count: 1, steps: 8 }
drift: false
vary: { adapter.rank: [1, 4] }
`;

/** What is photographed. */
interface Screen {
  readonly name: string;
  readonly address: string;
  /** Brings it to what is to be seen. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Something to look at: own pictures, a finished run with pictures, one that was stopped, adapters, an experiment. */
async function work(studio: TestStudio): Promise<readonly Screen[]> {
  const { ask } = studio;
  const set = await ownPictures(studio);
  const train = async (dataset: string, name: string, settings: Settings, from = 1) => {
    const shared = { subject: `sks ${name}`, sampleEvery: 50, checkpointEvery: 50 };
    await ask('jobs.add', { kind: 'train', dataset, name, settings: { ...shared, ...settings } });
    return await until(async () =>
      (await ask('runs.list', {})).find((run) => run.name === name && run.state.step >= from),
    );
  };
  const teapot = (await train('pocket-teapot', 'teapot', { steps: 300 })).id;
  await until(async () => (await ask('runs.get', { id: teapot })).adapterId);
  await until(async () => (await ask('gallery.list', { count: 4 })).total >= 4 || undefined);
  const robot = (await train('pocket-robot', 'robot', { steps: 3000 }, 60)).id;
  await ask('runs.stop', { id: robot });
  await until(
    async () => (await ask('runs.get', { id: robot })).state.state === 'paused' || undefined,
  );
  const { adapterId = '' } = await ask('runs.get', { id: teapot });
  const prompt = prompts.map((place) => `a {subject} ${place}`);
  const settings = { prompt, count: 1, seed: 3 };
  await ask('drawings.start', {
    base: 'pocket',
    adapters: [{ id: adapterId, strength: 1 }],
    settings,
  });
  await until(async () => (await ask('gallery.list', { count: 1 })).total >= 8 || undefined);
  const { id: sweep } = await ask('sweeps.create', { source: experiment });
  await ask('sweeps.start', { id: sweep, workers: 1 });
  await until(async () => {
    return (await ask('sweeps.get', { id: sweep })).state.state === 'finished' || undefined;
  });
  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
  return [
    { name: 'home', address: '/' },
    { name: 'pictures', address: `/datasets/${set}` },
    {
      ...{ name: 'frame', address: `/datasets/${set}` },
      prepare: (page) => page.getByRole('article').first().getByRole('button').first().click(),
    },
    { ...{ name: 'mask', address: `/datasets/${set}` }, prepare: paintMask },
    {
      ...{ name: 'captions', address: `/datasets/${set}` },
      prepare: async (page) => {
        await button(page, 'Change all captions').click();
        await page.getByLabel('Words', { exact: true }).fill('a photo of');
      },
    },
    { name: 'train', address: '/train?dataset=pocket-teapot' },
    { name: 'run', address: `/runs/${teapot}` },
    { name: 'run-paused', address: `/runs/${robot}` },
    { name: 'generate', address: `/generate?adapter=${adapterId}` },
    {
      ...{ name: 'compare', address: `/compare?run=${teapot}` },
      prepare: async (page) => {
        const counts = page.getByRole('region', { name: 'Comparison' });
        const left = counts.getByText(/\d to draw/);
        const drawn = counts.getByText(/^\d+ pictures? drawn/);
        await drawn.waitFor();
        // The second time all of it is there.
        if (await left.isVisible()) await button(page, /^Draw \d/).click();
        await left.waitFor({ state: 'hidden', timeout: 240_000 });
        const axes = page.locator('details[open] > summary').first();
        if (await axes.isVisible()) await axes.click();
      },
    },
    { name: 'adapters', address: '/adapters' },
    { name: 'adapter', address: `/adapters/${adapterId}` },
    { name: 'experiment', address: `/experiments/${sweep}` },
    { name: 'experiments', address: '/experiments' },
    { name: 'settings', address: '/settings' },
    {
      // The last: from here on something is going on.
      ...{ name: 'waiting', address: `/generate?adapter=${adapterId}` },
      prepare: async (page) => {
        const { state } = await ask('runs.get', { id: robot });
        if (state.state !== 'running') await ask('jobs.add', { kind: 'resume', run: robot });
        await until(async () => {
          return (await ask('runs.get', { id: robot })).state.state === 'running' || undefined;
        });
        await button(page, 'Draw').click();
      },
    },
  ];
}

/** Wide pictures with captions, of the bundled ones. */
async function ownPictures({ ask, fetch }: TestStudio): Promise<string> {
  const { id } = await ask('datasets.create', { name: 'My teapot', className: 'teapot' });
  const folder = join(import.meta.dirname, '..', 'models', 'pocket', 'subjects', 'teapot');
  const places = ['before a wall', 'in a field', 'in autumn', 'in a street', ''];
  for (const [n, place] of places.entries()) {
    const wide = { left: 40 * n, right: 160 - 40 * n };
    const body = await sharp(join(folder, `0${n}.png`))
      .resize(384, 384, { kernel: 'nearest' })
      .extend({ ...wide, extendWith: 'mirror' })
      .png()
      .toBuffer();
    const name = `teapot-${n + 1}.png`;
    const init = { method: 'PUT', body: new Uint8Array(body) };
    const answer = await fetch(`/api/datasets/${id}/pictures/${name}`, init);
    if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
    const caption = `a {subject} ${place}`;
    if (place !== '') await ask('datasets.caption', { id, name, caption });
  }
  return id;
}

async function until<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function paintMask(page: Page): Promise<void> {
  await page.getByRole('article').first().getByRole('button').first().click();
  await page.getByRole('button', { name: 'Paint a mask' }).click();
  const canvas = page.getByRole('application');
  const { x, y, width, height } = (await canvas.boundingBox()) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  const at = (across: number, down: number) =>
    page.mouse.move(x + across * width, y + down * height, { steps: 6 });
  await at(0.24, 0.5);
  await page.mouse.down();
  for (const [across, down] of [
    [0.46, 0.5],
    [0.35, 0.66],
    [0.35, 0.34],
  ] as const) {
    await at(across, down);
  }
  await page.mouse.up();
}

async function photograph(page: Page, path: string): Promise<void> {
  // Pictures load, and curves are drawn; the stream of events never ends, so that nothing tells.
  await page.waitForTimeout(2500);
  await page.screenshot({ path });
}

await mkdir(out, { recursive: true });
await using studio = await startStudio({ page: await builtPage() });
const screens = await work(studio);
const browser = await launchChromium();
for (const [appearance, options] of Object.entries(shown)) {
  const context = await browser.newContext({ ...options, ...openedBy(studio), locale: 'en-GB' });
  const page = await context.newPage();
  for (const { name, address, prepare } of screens) {
    await page.goto(new URL(address, studio.address).href, { waitUntil: 'domcontentloaded' });
    await page.waitForSelector('h1');
    await prepare?.(page);
    await photograph(page, join(out, `${name}-${appearance}.png`));
  }
  await context.close();
}
await browser.close();
// Its process would go on in a folder that goes.
for (const { id, state } of await studio.ask('runs.list', {})) {
  if (state.state === 'running') await studio.ask('runs.stop', { id });
}
