/** @file The same step in PyTorch, where there is one. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openBaseModel } from '../src/pipeline/base-model.ts';
import type { BenchOptions } from './options.ts';
import { WorkerProcess } from './worker-process.ts';

/** What bench/peer_pytorch.py is written for. */
const peerShape = 'channels 320, 640, 1280, 1280 and text states of 768';

/** Starts bench/peer_pytorch.py, or says on the error stream why not. */
export async function startPeer({
  base: name,
  resolution,
  batch,
}: BenchOptions): Promise<WorkerProcess | null> {
  const { unet, vae } = await openBaseModel(name);
  const { levels, contextSize, sampleSize } = unet.config;
  const shape = `channels ${levels.map(({ channels }) => channels).join(', ')} and text states of ${contextSize}`;
  if (shape !== peerShape) return without(`it has ${peerShape}, ${name} has ${shape}`);
  if (spawnSync('python3', ['-c', 'import torch']).status !== 0) {
    return without('python3 with torch was not found');
  }
  const script = join(import.meta.dirname, 'peer_pytorch.py');
  const side = resolution === undefined ? sampleSize : resolution / vae.config.downsampling;
  const numbers = [side, batch, availableParallelism()].map(String);
  return await WorkerProcess.start('python3', [script, ...numbers]);
}

function without(reason: string): null {
  process.stderr.write(`no peer: ${reason}\n`);
  return null;
}
