/** @file Layers of Stable Diffusion 1.5 in their real sizes on the engines of a tab: numbers beside Node's, time, memory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceName } from '../../src/runtime/index.ts';
import {
  type LayerRun,
  layerDistance,
  type RealLayerName,
  realLayers,
  runLayer,
} from '../../test/browser/real-layers.ts';
import { servePage, Tab } from '../../test/browser/tab.ts';
import { launchChromium } from '../../test/studio/browser.ts';
import { peakMemory } from './peak-memory.ts';

/** What a layer took on an engine. */
export interface LayerFigures {
  readonly layer: RealLayerName;
  readonly where: 'Node' | 'wasm' | 'webgpu';
  readonly opening?: number;
  /** Seconds of its first run, in which a graphics device also compiles its shaders. */
  readonly running?: number;
  /** From Node's numbers, relative to their norm. */
  readonly distance?: number;
  readonly gflop?: number;
  /** The largest resident memory of the page's process, and of that of the graphics device. */
  readonly memory?: number | undefined;
  readonly graphicsMemory?: number | undefined;
  readonly failure?: string;
}

/** Milliseconds: an adapter in software takes minutes for what a graphics processor takes a moment. */
const patience = 1_800_000;

/** Runs every layer in Node, on WebAssembly with one thread and on WebGPU. */
export async function* layerFigures(): AsyncGenerator<LayerFigures> {
  for (const layer of Object.keys(realLayers) as RealLayerName[]) {
    const expected = await inNode(layer);
    yield { layer, where: 'Node', ...figuresOf(expected), gflop: expected.flops / 1e9 };
    for (const device of ['cpu', 'webgpu'] satisfies DeviceName[]) {
      yield await inTab(layer, device, expected);
    }
  }
}

async function inNode(layer: RealLayerName): Promise<LayerRun> {
  const folder = mkdtempSync(join(tmpdir(), 'krona-bench-'));
  process.env.KRONA_THREADS = '1';
  try {
    return await runLayer(layer, 'cpu', async (file, bytes) => {
      writeFileSync(join(folder, file), bytes);
      return folder;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inTab(
  layer: RealLayerName,
  device: DeviceName,
  expected: LayerRun,
): Promise<LayerFigures> {
  const where = device === 'cpu' ? 'wasm' : 'webgpu';
  // One for each: the largest memory is that of a process since it began.
  const browser = await launchChromium('--enable-unsafe-webgpu');
  try {
    await using page = await servePage({ isIsolated: false, worker: 'engine-worker' });
    await using tab = await Tab.open(browser, page);
    const { result, error } = await tab.ask('layer', { name: layer, device }, patience);
    if (error !== undefined) return { layer, where, failure: error.message };
    return {
      ...{ layer, where, ...figuresOf(result), distance: layerDistance(result, expected) },
      memory: await peakMemory(browser, 'renderer'),
      ...(device === 'cpu' ? {} : { graphicsMemory: await peakMemory(browser, 'GPU') }),
    };
  } finally {
    await browser.close();
  }
}

function figuresOf({ opening, running }: LayerRun) {
  return { opening: opening / 1000, running: running / 1000 };
}
