/** @file A work folder with a finished run of a few steps, and its adapter a second time in a file of its own. */
import { mkdtempSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { train } from '../../src/api/training.ts';

/** @returns the work folder: runs/teapot, adapters/second.safetensors */
export async function workWithRun(
  settings: { readonly steps?: number; readonly checkpointEvery?: number } = {},
): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'krona-studio-'));
  const out = join(work, 'runs', 'teapot');
  await train({
    ...{ base: 'pocket', images: 'pocket/teapot', subject: 'sks teapot', out },
    ...{ steps: 3, batchSize: 1, ...settings },
  });
  await mkdir(join(work, 'adapters'));
  await copyFile(join(out, 'adapter.safetensors'), join(work, 'adapters', 'second.safetensors'));
  return work;
}
