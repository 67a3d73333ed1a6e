/** @file The version of this package. */
import { readFileSync } from 'node:fs';
import { packageFile } from './paths.ts';

/** As package.json says it: `0.1.0`. */
export function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(packageFile('package.json'), 'utf8'),
  );
  return manifest.version;
}
