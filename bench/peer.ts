/** @file The same step in PyTorch, where there is one, as fast as it can be rendered faithfully. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openBaseModel } from '../src/pipeline/base/open-base.ts';
import type { BenchOptions } from './options.ts';
import { WorkerProcess } from './worker-process.ts';

/** What bench/peer_pytorch.py is written for. */
const peerShape = 'channels 320, 640, 1280, 1280 and text states of 768';

/** Every way of computing the step that bench/peer_pytorch.py has, but for attention without the fused kernel in all. */
const renderings: readonly (readonly string[])[] = [
  ...['published', 'merged'].flatMap((layer) =>
    [[], ['--channels-last'], ['--bf16'], ['--channels-last', '--bf16']].map((more) => [
      ...['--layer', layer],
      ...more,
    ]),
  ),
  ['--layer', 'published', '--attention', 'plain'],
];

/** The fastest rendering, started. */
export interface Peer {
  readonly worker: WorkerProcess;
  /** Its flags. */
  readonly rendering: string;
  /** Seconds of one step of every rendering, after one that warmed up. */
  readonly tried: Readonly<Record<string, number>>;
}

/** Tries every rendering, one process after the other, and starts the fastest; says on the error stream why not. */
export async function startPeer(options: BenchOptions): Promise<Peer | null> {
  const numbers = await peerSizes(options);
  if (typeof numbers === 'string') {
    process.stderr.write(`no peer: ${numbers}\n`);
    return null;
  }
  const tried: Record<string, number> = {};
  let best = renderings[0] ?? [];
  for (const rendering of renderings) {
    await using worker = await startRendering(numbers, rendering);
    await worker.run();
    const { seconds } = await worker.run();
    tried[rendering.join(' ')] = seconds;
    process.stderr.write(`peer ${rendering.join(' ')}: ${seconds.toPrecision(3)} s\n`);
    if (seconds < (tried[best.join(' ')] ?? Number.POSITIVE_INFINITY)) best = rendering;
  }
  const worker = await startRendering(numbers, best);
  return { worker, rendering: best.join(' '), tried };
}

/** Side of the latents, batch and threads; a text says why there is no peer. */
async function peerSizes({ base: name, resolution, batch }: BenchOptions) {
  const { unet, vae } = await openBaseModel(name);
  const { levels, contextSize, sampleSize } = unet.config;
  const shape = `channels ${levels.map(({ channels }) => channels).join(', ')} and text states of ${contextSize}`;
  if (shape !== peerShape) return `it has ${peerShape}, ${name} has ${shape}`;
  if (spawnSync('python3', ['-c', 'import torch']).status !== 0) {
    return 'python3 with torch was not found';
  }
  const side = resolution === undefined ? sampleSize : resolution / vae.config.downsampling;
  return [side, batch, availableParallelism()].map(String);
}

async function startRendering(
  numbers: readonly string[],
  rendering: readonly string[],
): Promise<WorkerProcess> {
  const script = join(import.meta.dirname, 'peer_pytorch.py');
  return await WorkerProcess.start('python3', [script, ...numbers, ...rendering]);
}
