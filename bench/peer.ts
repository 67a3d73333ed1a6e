/** @file The same step in PyTorch, where there is one, as fast as it can be rendered faithfully. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { required } from '../src/base/required.ts';
import { openBaseModel } from '../src/pipeline/base/open-base.ts';
import type { BenchOptions } from './options.ts';
import { WorkerProcess } from './worker-process.ts';

/** What bench/peer_pytorch.py is written for. */
const peerShape = 'channels 320, 640, 1280, 1280 and text states of 768';

/** What it multiplies in: bfloat16 has other numbers, and stands beside the rest. */
export const precisions = ['float32', 'bfloat16'] as const;
export type Precision = (typeof precisions)[number];

/** A way of computing the step: flags of bench/peer_pytorch.py. */
type Rendering = readonly string[];

/** Every one that is tried. */
const renderings: Readonly<Record<Precision, readonly Rendering[]>> = {
  float32: [
    ...['published', 'merged'].flatMap((layer) => [
      ['--layer', layer],
      ['--layer', layer, '--channels-last'],
    ]),
    // Attention without the fused kernel.
    ['--layer', 'published', '--attention', 'plain'],
  ],
  bfloat16: ['published', 'merged'].flatMap((layer) => [
    ['--layer', layer, '--bf16'],
    ['--layer', layer, '--channels-last', '--bf16'],
  ]),
};

export interface PeerOptions {
  /** Python with torch. */
  readonly python: string;
  /** Whether the fastest of each precision is tried compiled, too, which takes minutes. @default false */
  readonly compiled?: boolean | undefined;
}

/** The renderings that ran, and the fastest of each precision. */
export interface TriedPeer {
  readonly fastest: Readonly<Record<Precision, Rendering>>;
  /** Seconds of one step, after one that warmed up, by flags. */
  readonly tried: Readonly<Record<string, number>>;
  /** Starts one. */
  readonly start: (rendering: Rendering) => Promise<WorkerProcess>;
  /** Of PyTorch. */
  readonly version: string;
}

/** A rendering by its flags. */
export function renderingName(rendering: Rendering): string {
  return rendering.join(' ');
}

/** The precision whose fastest rendering took least. */
export function fasterPrecision({ fastest, tried }: TriedPeer): Precision {
  const seconds = (precision: Precision) =>
    tried[renderingName(fastest[precision])] ?? Number.POSITIVE_INFINITY;
  return seconds('bfloat16') < seconds('float32') ? 'bfloat16' : 'float32';
}

/** Tries every rendering, one process after the other; says on the error stream why not. */
export async function tryPeer(
  options: BenchOptions,
  { python, compiled: isCompiled = false }: PeerOptions,
): Promise<TriedPeer | null> {
  const numbers = await peerSizes(options, python);
  if (typeof numbers === 'string') {
    process.stderr.write(`no peer: ${numbers}\n`);
    return null;
  }
  const script = join(import.meta.dirname, 'peer_pytorch.py');
  const start = (rendering: Rendering) =>
    WorkerProcess.start(python, [script, ...numbers, ...rendering]);
  const tried: Record<string, number> = {};
  let version = '';
  const tryOne = async (rendering: Rendering): Promise<number> => {
    await using worker = await start(rendering);
    await worker.run();
    const { seconds } = await worker.run();
    version = worker.version ?? version;
    tried[renderingName(rendering)] = seconds;
    process.stderr.write(`peer ${renderingName(rendering)}: ${seconds.toPrecision(3)} s\n`);
    return seconds;
  };
  const fastestOf = async (precision: Precision): Promise<Rendering> => {
    let best = required(renderings[precision], 0);
    let least = Number.POSITIVE_INFINITY;
    for (const rendering of renderings[precision]) {
      const seconds = await tryOne(rendering);
      if (seconds < least) [best, least] = [rendering, seconds];
    }
    if (!isCompiled) return best;
    const compiled = [...best, '--compile'];
    // It needs a C++ compiler, which not every machine has.
    const seconds = await tryOne(compiled).catch((error) => {
      process.stderr.write(`peer ${renderingName(compiled)}: ${error}\n`);
      return Number.POSITIVE_INFINITY;
    });
    return seconds < least ? compiled : best;
  };
  const fastest = { float32: await fastestOf('float32'), bfloat16: await fastestOf('bfloat16') };
  return { fastest, tried, start, version };
}

/** Side of the latents, batch and threads; a text says why there is no peer. */
async function peerSizes({ base: name, resolution, batch }: BenchOptions, python: string) {
  const { unet, vae } = await openBaseModel(name);
  const { levels, contextSize, sampleSize } = unet.config;
  const shape = `channels ${levels.map(({ channels }) => channels).join(', ')} and text states of ${contextSize}`;
  if (shape !== peerShape) return `it has ${peerShape}, ${name} has ${shape}`;
  if (spawnSync(python, ['-c', 'import torch']).status !== 0) {
    return `${python} with torch was not found`;
  }
  const side = resolution === undefined ? sampleSize : resolution / vae.config.downsampling;
  return [side, batch, availableParallelism()].map(String);
}
