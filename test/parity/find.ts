/** @file Finds fixtures: folders with a fixture.json, or a base model's reference.json, at any depth. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KronaError } from '../../src/base/errors.ts';

const names = ['fixture.json', 'reference.json'];

/** The paths of all fixtures' JSON files in and below a folder, in the order of their names. */
export async function findFixtures(folder: string): Promise<string[]> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new KronaError('PARITY_USAGE', `${folder} is not a folder`);
  const found = await walk(folder);
  if (found.length === 0) {
    throw new KronaError('PARITY_USAGE', `there is no ${names.join(' or ')} in or below ${folder}`);
  }
  return found;
}

async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) paths.push(...(await walk(path)));
    else if (names.includes(entry.name)) paths.push(path);
  }
  return paths;
}
