/** @file Results are written where nothing is yet. */
import { ConfigError, RunError } from '../../base/errors.ts';
import { firstNames } from '../../base/quantities.ts';
import { basename, dirname } from '../../platform/paths.ts';
import { namesIn } from './folders.ts';

/**
 * Refuses a path that leads to something, or that is not called as what will be written there.
 *
 * @throws ConfigError OUT_FORMAT, OUT_EXISTS
 */
export async function requireNewFile(
  out: string,
  ending: '.safetensors' | '.svg' = '.safetensors',
): Promise<void> {
  if (!out.endsWith(ending)) {
    throw new ConfigError('OUT_FORMAT', `out: ${out}: it is written as ${ending} only; call it so`);
  }
  const names = await namesIn(dirname(out));
  if (!names.includes(basename(out))) return;
  throw new ConfigError('OUT_EXISTS', `out: ${out} is there already; choose another name`);
}

/**
 * Refuses a folder that holds anything.
 *
 * @throws RunError FOLDER_NOT_EMPTY
 */
export async function requireEmptyFolder(folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names.length === 0) return;
  throw new RunError(
    'FOLDER_NOT_EMPTY',
    `out: ${folder} is not empty (${firstNames(names)}); choose a new folder`,
  );
}
