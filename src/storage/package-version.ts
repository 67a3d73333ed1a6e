/** @file The version of this package, as the command says and runs record it. */
import { readFileSync } from 'node:fs';

// Two levels above this file, in the sources and in the built package alike.
const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');

export const packageVersion = String(
  (JSON.parse(manifest) as { readonly version: unknown }).version,
);
