/** @file Results are written where nothing is yet. */
import { basename, dirname } from 'node:path';
import { ConfigError } from '../base/errors.ts';
import { namesIn } from '../storage/folders.ts';

/**
 * Refuses a path that leads to something, or that is not called as what will be written there.
 *
 * @throws ConfigError OUT_FORMAT, OUT_EXISTS
 */
export async function requireNewFile(out: string): Promise<void> {
  if (!out.endsWith('.safetensors')) {
    throw new ConfigError(
      'OUT_FORMAT',
      `out: ${out}: files are written as .safetensors only; call it so`,
    );
  }
  const names = await namesIn(dirname(out));
  if (!names.includes(basename(out))) return;
  throw new ConfigError('OUT_EXISTS', `out: ${out} is there already; choose another name`);
}
