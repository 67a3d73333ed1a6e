/** @file A work folder with a finished run of a few steps, and its adapter a second time in a file of its own. */
import { mkdtempSync } from 'node:fs';
import { copyFile, cp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { train } from '../../src/api/training.ts';
import { filesOf, keptFolder } from '../programs/kept-folder.ts';

interface ShortRun {
  readonly steps?: number;
  readonly checkpointEvery?: number;
}

/** @returns the work folder: runs/teapot, adapters/second.safetensors */
export async function workWithRun(settings: ShortRun = {}): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'krona-studio-'));
  const run = join(work, 'runs', 'teapot');
  await cp(await trained({ steps: 3, ...settings }), run, {
    recursive: true,
    preserveTimestamps: true,
  });
  await mkdir(join(work, 'adapters'));
  await copyFile(join(run, 'adapter.safetensors'), join(work, 'adapters', 'second.safetensors'));
  return work;
}

/** Trained once for all processes of tests. */
async function trained(settings: ShortRun): Promise<string> {
  const values = { base: 'pocket', images: 'pocket/teapot', subject: 'sks teapot', batchSize: 1 };
  const files = await filesOf(['src', 'models/pocket', 'package-lock.json']);
  const deciding = { values: [values, settings], files };
  const folder = await keptFolder('run', deciding, async (made) => {
    await train({ ...values, ...settings, out: join(made, 'teapot') });
  });
  return join(folder, 'teapot');
}
