/** @file All files that are written from the sources, formatted as the rest of the code is. */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { browserFiles } from './browser-files.ts';
import { errorCodeFiles } from './error-codes.ts';
import { operationErrorFile } from './operation-errors.ts';
import { optionFiles } from './option-types.ts';

export const root = resolve(import.meta.dirname, '..');

/** What each file should hold, by path from the root. */
export function derivedFiles(): ReadonlyMap<string, string> {
  const files = [
    ...optionFiles(),
    ...errorCodeFiles(root),
    operationErrorFile(root),
    ...browserFiles(root),
  ];
  return new Map(
    files.map(([path, text]) => [path, path.endsWith('.ts') ? formatted(path, text) : text]),
  );
}

function formatted(path: string, text: string): string {
  const biome = join(root, 'node_modules', '.bin', 'biome');
  const options = { cwd: root, input: text, encoding: 'utf8' as const };
  return execFileSync(biome, ['format', `--stdin-file-path=${path}`], options);
}
