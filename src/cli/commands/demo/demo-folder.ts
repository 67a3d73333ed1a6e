/** @file The folder of the demo: new, resumed, or replaced. */
import { firstNames } from '../../../base/quantities.ts';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunError } from '../../../base/errors.ts';
import { fileError } from '../../../storage/file-errors.ts';
import { namesIn } from '../../../storage/files/folders.ts';
import { readRun } from '../../../train/folder/run-folder.ts';

/** Everything the demo writes, so that --force removes nothing else. */
export const demoNames = {
  run: 'run',
  before: 'before',
  after: 'after',
  sheet: 'sheet.png',
} as const;

/**
 * Prepares the folder.
 *
 * @param images the folder of pictures that the demo trains on
 * @returns whether its run has begun already and should be resumed
 * @throws RunError DEMO_FOLDER where the folder holds something else, or a demo of another subject
 */
export async function prepareDemoFolder(
  out: string,
  { images, force }: { readonly images: string; readonly force: boolean },
): Promise<'new' | 'resume'> {
  const names = await namesIn(out);
  const own: readonly string[] = Object.values(demoNames);
  const foreign = names.filter((name) => !own.includes(name));
  if (foreign.length > 0) {
    throw new RunError(
      'DEMO_FOLDER',
      `${out} holds other things (${firstNames(foreign)}); choose another folder with --out`,
    );
  }
  if (force) await removeAll(own.map((name) => join(out, name)));
  if (force || !names.includes(demoNames.run)) return 'new';
  const run = join(out, demoNames.run);
  if (!(await namesIn(run)).includes('run.json')) {
    await removeAll([run]);
    return 'new';
  }
  const { config } = await readRun(run);
  if (config.images === images) {
    // Pictures of a demo that was stopped, which numbering on would show again.
    await removeAll(
      [demoNames.before, demoNames.after, demoNames.sheet].map((name) => join(out, name)),
    );
    return 'resume';
  }
  throw new RunError(
    'DEMO_FOLDER',
    `${out} holds a demo of another subject (${config.subject}); replace it with --force, or choose another folder with --out`,
  );
}

async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await rm(path, { recursive: true, force: true });
    } catch (cause) {
      throw fileError('write', path, cause);
    }
  }
}
