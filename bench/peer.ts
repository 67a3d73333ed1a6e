/** @file The same step in PyTorch, where there is one. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './options.ts';
import { WorkerProcess } from './worker-process.ts';

/** Starts bench/peer_pytorch.py, or says on the error stream why not. */
export async function startPeer({ resolution = 512, batch }: BenchOptions) {
  const found = spawnSync('python3', ['-c', 'import torch']);
  if (found.status !== 0) {
    process.stderr.write('no peer: python3 with torch was not found\n');
    return undefined;
  }
  const script = join(import.meta.dirname, 'peer_pytorch.py');
  const numbers = [resolution / 8, batch, availableParallelism()].map(String);
  return await WorkerProcess.start('python3', [script, ...numbers]);
}
