/** @file Trainings of the bundled model in a tab and in Node in turns: seconds a step, to the first step and picture, bytes, memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../src/base/numbers/median.ts';
import { train } from '../../src/index.ts';
import { servePage, Tab, type TabEvent } from '../../test/browser/tab.ts';
import { launchChromium } from '../../test/studio/browser.ts';
import { peakMemory } from './peak-memory.ts';

const settings = {
  ...{ base: 'pocket', images: 'pocket/teapot', subject: 'sks teapot' },
  ...{ steps: 15, batchSize: 4, device: 'cpu' as const },
};

/** What a training took. */
export interface StepFigures {
  readonly where: 'wasm' | 'Node';
  readonly threads: number;
  /** Median of the steps after the first. */
  readonly seconds: number;
  readonly toFirstStep: number;
  /** From the end of the training; of two denoising steps. */
  readonly toPicture?: number;
  /** What the page was sent until the end of the training. */
  readonly bytes?: number;
  /** The largest resident memory of the process. */
  readonly memory?: number | undefined;
}

/** Trains in turns, with one thread, and, on a page that is isolated, with all processors. */
export async function* stepFigures(rounds: number): AsyncGenerator<StepFigures> {
  for (let i = 0; i < rounds; i++) {
    for (const threads of [1, availableParallelism()]) {
      yield await inNode(threads);
      yield await inTab(threads);
    }
  }
}

async function inNode(threads: number): Promise<StepFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'krona-bench-'));
  process.env.KRONA_THREADS = String(threads);
  try {
    const started = Date.now();
    const times: number[] = [];
    const run = train({ ...settings, out: join(folder, 'run') });
    for await (const { type } of run) if (type === 'step') times.push(Date.now());
    return { where: 'Node', threads, ...pace(started, times) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inTab(threads: number): Promise<StepFigures> {
  const browser = await launchChromium();
  try {
    await using page = await servePage({ isIsolated: threads > 1 });
    const started = Date.now();
    await using tab = await Tab.open(browser, page);
    const { events, error } = await tab.ask('train', { ...settings, out: '/runs/a' });
    if (error !== undefined) throw new Error(error.message);
    const bytes = page.sent();
    const times = events.filter(isStep).map(({ time }) => Date.parse(time ?? ''));
    const asked = Date.now();
    const adapter = ['/runs/a/adapter.safetensors'];
    const drawing = { adapter, prompt: 'a sks teapot', steps: 2, count: 1, out: '/pictures' };
    await tab.ask('generate', drawing);
    return {
      ...{ where: 'wasm', threads, ...pace(started, times) },
      ...{
        toPicture: (Date.now() - asked) / 1000,
        bytes,
        memory: await peakMemory(browser, 'renderer'),
      },
    };
  } finally {
    await browser.close();
  }
}

const isStep = ({ type }: TabEvent): boolean => type === 'step';

function pace(started: number, times: readonly number[]) {
  const between = times.slice(1).map((time, i) => (time - (times[i] ?? time)) / 1000);
  const first = times[0] ?? Number.NaN;
  return { seconds: median(between) ?? Number.NaN, toFirstStep: (first - started) / 1000 };
}
