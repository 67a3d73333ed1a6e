/** @file Where the reference values lie; test/fixtures/README.md says what each of them is. */
import { join, resolve } from 'node:path';

/** The folder that all of them are in. */
export const fixturesFolder = join(import.meta.dirname, 'fixtures');

/** The place of a file or folder among them: `fixturePath('unet-sd15')`. An absolute path stays as it is. */
export function fixturePath(...names: readonly string[]): string {
  return resolve(fixturesFolder, ...names);
}
